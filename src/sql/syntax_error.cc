#include "sql/syntax_error.h"

#include <FlinkSqlLexer.h>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/quote.h"
#include "sql/slips.h"

namespace millrace::sql {
namespace {

using grammar::FlinkSqlLexer;

constexpr size_t kWordsShownMax = 6;  // expected words listed in a message

// IntervalSet::contains is overloaded on signedness; token types are sizes here.
bool Expects(const antlr4::misc::IntervalSet& expected, size_t type) {
  return expected.contains(type);
}

// Words that are parsed for the sake of Flink's language and never run: nobody is pointed to them.
bool IsTold(size_t type, const antlr4::misc::IntervalSet& expected) {
  switch (type) {
    case FlinkSqlLexer::EXCLUDE:
    case FlinkSqlLexer::EXTEND:
    case FlinkSqlLexer::FORMAT:
    case FlinkSqlLexer::IGNORE:
    case FlinkSqlLexer::MEMBER:
    case FlinkSqlLexer::PASSING:
    case FlinkSqlLexer::RESPECT:
    case FlinkSqlLexer::SEPARATOR:
    case FlinkSqlLexer::STREAM:
    case FlinkSqlLexer::SUBMULTISET:
      return false;
    case FlinkSqlLexer::ORDER:
      return !Expects(expected, FlinkSqlLexer::SEPARATOR);
    default:
      return true;
  }
}

bool IsText(size_t type) {
  return type == FlinkSqlLexer::STRING || type == FlinkSqlLexer::PREFIXED_STRING ||
         type == FlinkSqlLexer::UNICODE_STRING;
}

// What the expected tokens are, in an order that puts the most telling first.
std::string ExpectedText(const antlr4::misc::IntervalSet& expected) {
  std::vector<std::string> words;
  const auto add = [&](size_t type, std::string_view text) {
    if (Expects(expected, type)) words.emplace_back(text);
  };
  const bool value =
      Expects(expected, FlinkSqlLexer::CASE) && Expects(expected, FlinkSqlLexer::INTEGER);
  if (value) {
    words.emplace_back("an expression");
  } else {
    add(FlinkSqlLexer::IDENTIFIER, "a name");
    add(FlinkSqlLexer::STRING, "a text in single quotes");
    add(FlinkSqlLexer::INTEGER, "a number");
  }
  for (const size_t type :
       {FlinkSqlLexer::COMMA, FlinkSqlLexer::RIGHT_PAREN, FlinkSqlLexer::LEFT_PAREN,
        FlinkSqlLexer::EQUAL, FlinkSqlLexer::RIGHT_BRACKET, FlinkSqlLexer::SEMICOLON}) {
    if (!value && Expects(expected, type)) words.push_back("\"" + Spelling(type) + "\"");
  }
  const bool name = Expects(expected, FlinkSqlLexer::IDENTIFIER);
  if (!value && !name) {
    for (size_t type = FlinkSqlLexer::ABS; type <= FlinkSqlLexer::ZONE; ++type) {
      if (Expects(expected, type) && IsTold(type, expected)) words.push_back(Spelling(type));
    }
  }
  if (Expects(expected, antlr4::Token::EOF)) {
    std::erase(words, "\";\"");
    if (words.size() < kWordsShownMax) words.emplace_back("the end of the statement");
  }
  const bool list =
      Expects(expected, FlinkSqlLexer::COMMA) && Expects(expected, FlinkSqlLexer::RIGHT_PAREN);
  if (words.size() > kWordsShownMax && list) return "\",\" or \")\"";
  if (words.empty() || words.size() > kWordsShownMax) return {};
  std::string text = words[0];
  for (size_t i = 1; i < words.size(); ++i) {
    text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

// Texts that cannot be right wherever they stand.
std::optional<Diagnostic> DescribeBrokenToken(const antlr4::Token* token, const Places& places) {
  const Span span = places.Of(token);
  switch (token->getType()) {
    case FlinkSqlLexer::UNTERMINATED_STRING:
      return Diagnostic{{span.begin, span.begin + 1},
                        "this text is not closed",
                        "Close it with a single quote; write '' for a quote inside."};
    case FlinkSqlLexer::UNTERMINATED_NAME:
      return Diagnostic{
          {span.begin, span.begin + 1}, "this name is not closed", "Close it with a back-tick."};
    case FlinkSqlLexer::UNTERMINATED_COMMENT:
      return Diagnostic{
          {span.begin, span.begin + 2}, "this comment is not closed", "Close it with */."};
    case FlinkSqlLexer::DOUBLE_QUOTED:
      return Diagnostic{span, "double quotes have no meaning in Flink SQL",
                        "Write names in back-ticks (`name`) and texts in single quotes ('text')."};
    case FlinkSqlLexer::HINT_BEGIN:
      return Diagnostic{span, "a hint cannot stand here",
                        "Hints stand behind SELECT and behind the name of a table; a comment "
                        "begins with /* and no +."};
    default:
      return std::nullopt;
  }
}

Stop ToStop(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
            const antlr4::misc::IntervalSet& expected, const Places& places) {
  Stop stop{{}, 0, expected, places};
  for (size_t i = 0; i < tokens->size(); ++i) {
    const antlr4::Token* token = tokens->get(i);
    if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) continue;
    if (token == offending) stop.at = stop.tokens.size();
    stop.tokens.push_back(token);
  }
  return stop;
}

}  // namespace

Diagnostic DescribeSyntaxError(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                               const antlr4::misc::IntervalSet& expected, const Places& places) {
  if (auto broken = DescribeBrokenToken(offending, places)) return std::move(*broken);
  Stop stop = ToStop(tokens, offending, expected, places);
  if (IsText(stop.Type(-1))) {  // a text may go on in the next line, which nobody means
    stop.expected.remove(size_t{FlinkSqlLexer::STRING});
    stop.expected.remove(size_t{FlinkSqlLexer::UESCAPE});
  }
  Diagnostic diagnostic;
  diagnostic.span = places.Of(offending);
  diagnostic.message = offending->getType() == antlr4::Token::EOF
                           ? "the statement ends too early"
                           : fmt::format("unexpected {}", Quoted(stop.Text()));
  const std::string expected_text = ExpectedText(stop.expected);
  if (!expected_text.empty()) diagnostic.message += ", expected " + expected_text;
  if (std::optional<Slip> slip = FindSlip(stop)) {
    diagnostic.hint = std::move(slip->hint);
    if (!slip->message.empty()) diagnostic.message = std::move(slip->message);
    if (slip->span != Span{}) diagnostic.span = slip->span;
  }
  return diagnostic;
}

}  // namespace millrace::sql
