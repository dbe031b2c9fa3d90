#include "sql/syntax_error.h"

#include <FlinkSqlLexer.h>
#include <fmt/core.h>

#include <optional>
#include <string>
#include <vector>

#include "base/quote.h"
#include "sql/common_mistakes.h"

namespace millrace::sql {
namespace {

using grammar::FlinkSqlLexer;

constexpr DiagnosticCode kSyntaxError = DiagnosticCode::kSyntaxError;

constexpr size_t kWordsShownMax = 6;  // expected words listed in a message

// IntervalSet::contains is overloaded on signedness; token types are sizes here.
bool Expects(const antlr4::misc::IntervalSet& expected, size_t type) {
  return expected.contains(type);
}

// Words that are parsed but never run are not suggested.
bool IsSuggested(size_t type, const antlr4::misc::IntervalSet& expected) {
  switch (type) {
    case FlinkSqlLexer::COMPACT:
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
    case FlinkSqlLexer::PARTITION:
      return !Expects(expected, FlinkSqlLexer::COMPACT);
    case FlinkSqlLexer::ORDER:
      return !Expects(expected, FlinkSqlLexer::SEPARATOR);
    default:
      return true;
  }
}

bool IsString(size_t type) {
  return type == FlinkSqlLexer::STRING || type == FlinkSqlLexer::PREFIXED_STRING ||
         type == FlinkSqlLexer::UNICODE_STRING;
}

// The expected tokens, the most informative first.
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
    add(FlinkSqlLexer::STRING, "a string in single quotes");
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
      if (Expects(expected, type) && IsSuggested(type, expected)) words.push_back(Spelling(type));
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

// Tokens that are wrong in every position.
std::optional<Diagnostic> DescribeBrokenToken(const antlr4::Token* token,
                                              const SourceText& source) {
  const Span span = source.Of(token);
  switch (token->getType()) {
    case FlinkSqlLexer::UNTERMINATED_STRING:
      return Diagnostic{kSyntaxError,
                        {span.begin, span.begin + 1},
                        "this string is not closed",
                        "Close it with a single quote; write '' for a quote inside it."};
    case FlinkSqlLexer::UNTERMINATED_NAME:
      return Diagnostic{kSyntaxError,
                        {span.begin, span.begin + 1},
                        "this name is not closed",
                        "Close it with a backtick."};
    case FlinkSqlLexer::UNTERMINATED_COMMENT:
      return Diagnostic{kSyntaxError,
                        {span.begin, span.begin + 2},
                        "this comment is not closed",
                        "Close it with */."};
    case FlinkSqlLexer::DOUBLE_QUOTED:
      return Diagnostic{kSyntaxError, span, "double quotes are not used in Flink SQL",
                        "Put names in backticks (`name`) and strings in single quotes ('text')."};
    case FlinkSqlLexer::HINT_BEGIN:
      return Diagnostic{kSyntaxError, span, "a hint is not possible here",
                        "Hints follow SELECT or a table name. A comment starts with /*, not /*+."};
    default:
      return std::nullopt;
  }
}

ErrorContext ToContext(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                       const antlr4::misc::IntervalSet& expected, const SourceText& source) {
  ErrorContext context{{}, 0, expected, source};
  for (size_t i = 0; i < tokens->size(); ++i) {
    const antlr4::Token* token = tokens->get(i);
    if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) continue;
    if (token == offending) context.at = context.tokens.size();
    context.tokens.push_back(token);
  }
  return context;
}

}  // namespace

Diagnostic DescribeSyntaxError(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                               const antlr4::misc::IntervalSet& expected,
                               const SourceText& source) {
  if (auto broken = DescribeBrokenToken(offending, source)) return std::move(*broken);
  ErrorContext context = ToContext(tokens, offending, expected, source);
  if (IsString(
          context.Type(-1))) {  // a string may continue on the next line, which is rarely meant
    context.expected.remove(size_t{FlinkSqlLexer::STRING});
    context.expected.remove(size_t{FlinkSqlLexer::UESCAPE});
  }
  Diagnostic diagnostic;
  diagnostic.code = kSyntaxError;
  diagnostic.span = source.Of(offending);
  diagnostic.message = offending->getType() == antlr4::Token::EOF
                           ? "unexpected end of statement"
                           : fmt::format("unexpected {}", Quoted(context.Text()));
  const std::string expected_text = ExpectedText(context.expected);
  if (!expected_text.empty()) diagnostic.message += "; expected " + expected_text;
  if (std::optional<Mistake> mistake = FindMistake(context)) {
    diagnostic.hint = std::move(mistake->hint);
    if (!mistake->message.empty()) diagnostic.message = std::move(mistake->message);
    if (mistake->span != Span{}) diagnostic.span = mistake->span;
  }
  return diagnostic;
}

}  // namespace millrace::sql
