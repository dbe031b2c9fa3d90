// Mistakes with commas, and with reserved words that are used as names.
#include <FlinkSqlLexer.h>
#include <fmt/core.h>

#include <algorithm>

#include "base/quote.h"
#include "sql/common_mistakes.h"
#include "sql/keywords.h"
#include "sql/parser.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

// f(SELECT ...: a query without its own parentheses.
bool FollowsBareQuery(const ErrorContext& context) {
  const antlr4::Token* open = context.OpenParenthesis();
  const auto found = std::find(context.tokens.begin(), context.tokens.end(), open);
  if (open == nullptr || found + 1 == context.tokens.end()) return false;
  const size_t first = (*(found + 1))->getType();
  return first == L::SELECT || first == L::VALUES || first == L::TABLE || first == L::WITH;
}

bool EndsValue(size_t type) {
  return EndsList(type) || type == L::COMMA || type == L::AS ||
         (type >= L::EQUAL && type <= L::CONCAT);
}

// A reserved word that is used as a name, because no parenthesis follows it: year = 1. The parser
// may stop at the word after it or at the comma before it.
std::optional<Mistake> FindFunctionMistake(const ErrorContext& context) {
  const auto begins_call = [&](int step) {
    const size_t type = context.Type(step);
    return IsKeyword(type) && IsReserved(context.Word(step)) &&
           (IsCallable(context.Word(step)) || type == L::NEW || type == L::RUNNING ||
            type == L::SPECIFIC);
  };
  const bool call = context.Expects(L::LEFT_PAREN) || context.Expects(L::IDENTIFIER);
  const bool other =
      context.Expects(L::COMMA) || context.Expects(L::RIGHT_PAREN) || context.Expects(L::FROM);
  int at = 0;
  if (begins_call(-1) && call && !other && EndsValue(context.Type())) at = -1;
  if (context.Type() == L::COMMA && begins_call(1) && EndsValue(context.Type(2))) at = 1;
  if (at == 0) return std::nullopt;
  return Mistake{ReservedHint(context.Word(at), context.Text(at)),
                 fmt::format("unexpected {}", Quoted(context.Text(at))), context.SpanAt(at)};
}

std::optional<Mistake> FindCommaMistake(const ErrorContext& context) {
  const bool with = context.Type() == L::SELECT && context.StartsWith({L::WITH});
  if (context.Type(-1) == L::COMMA && EndsList(context.Type()) &&
      context.Type() != L::RIGHT_PAREN) {
    return Mistake{"Remove it.", "nothing follows this comma", context.SpanAt(-1)};
  }
  if (context.Type(-1) == L::COMMA && (context.Type() == L::RIGHT_PAREN || with)) {
    return Mistake{"Remove the comma before it.", "", {}};
  }
  if (context.Type() != L::COMMA) return std::nullopt;
  if (EndsList(context.Type(1))) return Mistake{"Remove it.", "nothing follows this comma", {}};
  if (context.Type(-1) == L::INTEGER && context.Type(-2) == L::LIMIT) {
    return Mistake{
        fmt::format("Write LIMIT {} OFFSET {}.", context.Text(1), context.Text(-1)), "", {}};
  }
  if (context.StartsWith({L::DROP})) return Mistake{"Write a DROP statement for each.", "", {}};
  if (context.Expects(L::INCLUDING) && !context.Expects(L::IDENTIFIER)) {
    return Mistake{"Separate LIKE options with spaces.", "", {}};
  }
  if (context.Expects(L::RIGHT_PAREN) && FollowsBareQuery(context)) {
    return Mistake{"Put the query in its own parentheses.", "", {}};
  }
  return std::nullopt;
}

// A reserved word where only a name, or a user-defined type, is possible.
std::optional<Mistake> FindNameMistake(const ErrorContext& context) {
  // A dot between names: the reserved word after it is the mistake.
  if (context.Type() == L::DOT && IsReserved(context.Word(1))) {
    return Mistake{ReservedHint(context.Word(1), context.Text(1)),
                   fmt::format("unexpected {}; expected a name", Quoted(context.Text(1))),
                   context.SpanAt(1)};
  }
  const bool only_name =
      context.Expects(L::IDENTIFIER) && !context.Expects(L::CASE) && !context.Expects(L::INT);
  const bool known = context.Type() == L::SELECT || context.Type() == L::TABLE ||
                     (context.Type() == L::COLUMN && context.StartsWith({L::ALTER}));
  if (!IsKeyword(context.Type()) || !only_name || known) return std::nullopt;
  return Mistake{ReservedHint(context.Word(), context.Text()), "", {}};
}

}  // namespace

std::optional<Mistake> FindListMistake(const ErrorContext& context) {
  for (const auto find : {FindFunctionMistake, FindCommaMistake, FindNameMistake}) {
    if (std::optional<Mistake> mistake = find(context)) return mistake;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
