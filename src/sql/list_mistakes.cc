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

Mistake ReservedMistake(const ErrorContext& context, int step) {
  return {ReservedHint(context.Word(step), context.Text(step)),
          fmt::format("unexpected {}", Quoted(context.Text(step))), context.SpanAt(step)};
}

bool IsReservedAt(const ErrorContext& context, int step) {
  return IsKeyword(context.Type(step)) && IsReserved(context.Word(step));
}

// A word that begins a value, as a name: what should follow it does not. The parser may stop at the
// word after it or at the comma before it.
std::optional<Mistake> FindFunctionMistake(const ErrorContext& context) {
  const auto begins = [&](int step) {
    return IsKeyword(context.Type(step)) && BeginsValue(context.Word(step));
  };
  const bool more = context.Expects(L::LEFT_PAREN) || context.Expects(L::IDENTIFIER) ||
                    context.Expects(L::STRING) || context.Expects(L::VALUE);
  const bool other =
      context.Expects(L::COMMA) || context.Expects(L::RIGHT_PAREN) || context.Expects(L::FROM);
  const size_t before = context.Type(-2);
  const bool is_type = before == L::IDENTIFIER || before == L::BACKQUOTED ||
                       (IsKeyword(before) && !IsReserved(context.Word(-2)));
  if (begins(-1) && more && !other && !is_type && EndsValue(context.Type())) {
    return ReservedMistake(context, -1);
  }
  if (context.Type() == L::COMMA && begins(1) && EndsValue(context.Type(2))) {
    return ReservedMistake(context, 1);
  }
  return std::nullopt;
}

// A reserved word where a value could begin, as a name: it begins no clause with what follows it.
std::optional<Mistake> FindValueMistake(const ErrorContext& context) {
  const size_t type = context.Type();
  if (!IsReservedAt(context, 0) || !context.Expects(L::CASE) || type == L::END) return std::nullopt;
  const size_t next = context.Type(1);
  if (type == L::ORDER || type == L::GROUP) {
    if (next == L::BY) return std::nullopt;
    return ReservedMistake(context, 0);
  }
  const bool at_end = next == antlr4::Token::EOF || next == L::SEMICOLON;
  if (!EndsValue(next) || (at_end && EndsList(type))) return std::nullopt;
  return ReservedMistake(context, 0);
}

// PRIMARY, UNIQUE, CONSTRAINT and WATERMARK as names of columns: a type follows them.
std::optional<Mistake> FindConstraintMistake(const ErrorContext& context) {
  const size_t before = context.Type(-1);
  const bool begins_constraint = before == L::PRIMARY || before == L::UNIQUE ||
                                 before == L::CONSTRAINT || before == L::WATERMARK;
  const bool begins_element = context.Type(-2) == L::COMMA || context.Type(-2) == L::LEFT_PAREN;
  if (!begins_constraint || !begins_element || !IsReservedAt(context, 0)) return std::nullopt;
  return ReservedMistake(context, -1);
}

// The word after a comma, `step` tokens on, could end a list of values, but no clause follows a
// list of names in parentheses, and none of ORDER and GROUP without BY.
bool IsNameInList(const ErrorContext& context, int step) {
  if (!IsReservedAt(context, step)) return false;
  const bool names = context.OpenParenthesis() != nullptr && !context.Expects(L::CASE);
  if (names && (step == 0 || IsReservedAt(context, step + 1))) return true;
  const size_t type = context.Type(step);
  if (type == L::ORDER || type == L::GROUP) return context.Type(step + 1) != L::BY;
  const size_t next = context.Type(step + 1);
  return EndsValue(next) && next != L::SEMICOLON && next != antlr4::Token::EOF;
}

std::optional<Mistake> FindCommaMistake(const ErrorContext& context) {
  for (const int step : {0, 1}) {
    if (context.Type(step - 1) == L::COMMA && EndsList(context.Type(step)) &&
        IsNameInList(context, step)) {
      return ReservedMistake(context, step);
    }
  }
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
  for (const auto find : {FindConstraintMistake, FindFunctionMistake, FindCommaMistake,
                          FindValueMistake, FindNameMistake}) {
    if (std::optional<Mistake> mistake = find(context)) return mistake;
  }
  return std::nullopt;
}

}  // namespace millrace::sql
