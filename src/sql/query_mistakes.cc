// Mistakes in the clauses of a query, and parentheses that are not closed.
#include <FlinkSqlLexer.h>
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "sql/common_mistakes.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

constexpr size_t kExcerptMax = 24;  // bytes of a statement quoted in a hint

std::optional<Mistake> FindClauseMistake(const ErrorContext& context) {
  const size_t type = context.Type();
  const size_t before = context.Type(-1);
  if (type == L::FROM && before == L::SELECT) {
    return Mistake{"List the columns to select, or write *.", "", {}};
  }
  if (type == L::AS && context.Type(-5) == L::TABLESAMPLE) {
    return Mistake{"Write the alias before TABLESAMPLE.", "", {}};
  }
  if (before == L::IDENTIFIER && context.Type(-6) == L::TABLESAMPLE) {
    return Mistake{"Write the alias before TABLESAMPLE.",
                   fmt::format("unexpected {}", Quoted(context.Text(-1))), context.SpanAt(-1)};
  }
  if (context.Expects(L::DAY) && context.Expects(L::SECOND) && !context.Expects(L::ABS)) {
    return Mistake{"The units are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND.",
                   type == antlr4::Token::EOF
                       ? ""
                       : fmt::format("unexpected {}; expected a time unit", Quoted(context.Text())),
                   {}};
  }
  if (type == L::MINUS_WORD) return Mistake{"Write EXCEPT.", "", {}};
  if (type == L::SELECT && context.Expects(L::AS))
    return Mistake{"Write AS before the query.", "", {}};
  if (type == L::SELECT && context.Expects(L::LEFT_PAREN) && !context.Expects(L::SELECT)) {
    return Mistake{"Put the query in parentheses.", "", {}};
  }
  if (type == L::SELECT && before == L::LEFT_PAREN && context.StartsWith({L::WITH})) {
    return Mistake{"Write AS before the parenthesis.", "", {}};
  }
  if (type == L::LIMIT && context.Type(-2) == L::OFFSET) {
    return Mistake{"Write LIMIT before OFFSET.", "", {}};
  }
  if (type == L::RIGHT_PAREN && before == L::LEFT_PAREN) {
    if (context.Type(-2) == L::IN) return Mistake{"IN needs at least one value.", "", {}};
  }
  if (type == L::WHERE && !context.Expects(L::WHERE)) {
    return Mistake{"Write WHERE once, after FROM.", "", {}};
  }
  if (type == L::STRING && !context.Expects(L::STRING) && context.StartsWith({L::SELECT})) {
    return Mistake{"Write a column alias without quotes or in backticks.", "", {}};
  }
  return std::nullopt;
}

// Misspelt keywords after a table or a value are parsed as its alias.
std::optional<Mistake> FindMisspeltClause(const ErrorContext& context) {
  if (context.Type(-1) != L::IDENTIFIER || context.at < 2) return std::nullopt;
  static const std::vector<std::string> kClauses = {
      "FROM",  "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT",  "OFFSET",  "UNION", "JOIN",
      "INNER", "LEFT",  "RIGHT", "FULL",  "CROSS",  "WINDOW", "QUALIFY", "FETCH", "EXCEPT"};
  const std::string word = context.Word(-1);
  if (word.size() < 4 && word != "FRM") return std::nullopt;
  const std::string hint = DidYouMean(word, kClauses);
  if (hint.empty()) return std::nullopt;
  return Mistake{hint, fmt::format("unexpected {}", Quoted(context.Text(-1))), context.SpanAt(-1)};
}

std::optional<Mistake> FindUnclosed(const ErrorContext& context) {
  if (context.Expects(L::RIGHT_BRACE)) {
    return Mistake{"Close the brace with }.", "missing closing brace", {}};
  }
  const bool case_open = context.Expects(L::END) && context.Expects(L::WHEN);
  if (case_open ||
      (context.Expects(L::END) && context.Expects(L::AND) && !context.Expects(L::FROM))) {
    if (context.Type() != L::IDENTIFIER) return Mistake{"Close CASE with END.", "", {}};
  }
  const antlr4::Token* open = context.OpenParenthesis();
  if (context.Type() == L::RIGHT_PAREN && open == nullptr) {
    return Mistake{"There is no opening parenthesis before it.", "", {}};
  }
  const bool clause = context.Type() == antlr4::Token::EOF || IsKeyword(context.Type()) ||
                      context.Type() == L::SEMICOLON;
  if (open == nullptr || !clause || !context.Expects(L::RIGHT_PAREN)) return std::nullopt;
  const Span from = context.source.Of(open);
  const Span to = context.SpanAt(0);
  std::string_view excerpt = context.source.Text({from.begin, to.begin});
  size_t end = 0;
  while (end < excerpt.size() && end < kExcerptMax) end += Utf8Length(excerpt, end);
  excerpt = Trim(excerpt.substr(0, excerpt.find_first_of("\r\n")).substr(0, end));
  return Mistake{
      fmt::format("The opening parenthesis in {} is not closed.", Quoted(excerpt)), "", {}};
}

}  // namespace

std::optional<Mistake> FindQueryMistake(const ErrorContext& context) {
  for (const auto find : {FindClauseMistake, FindUnclosed, FindMisspeltClause}) {
    if (std::optional<Mistake> mistake = find(context)) return mistake;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
