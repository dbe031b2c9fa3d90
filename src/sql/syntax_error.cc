#include "sql/syntax_error.h"

#include <FlinkSqlLexer.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace millrace::sql {
namespace {

using grammar::FlinkSqlLexer;

constexpr size_t kWordsShownMax = 6;  // expected words listed in a message

const std::vector<std::string>& StatementWords() {
  static const std::vector<std::string> kWords = {"CREATE",   "DROP",   "SET",     "RESET",
                                                  "INSERT",   "SELECT", "EXPLAIN", "SHOW",
                                                  "DESCRIBE", "DESC",   "VALUES",  "WITH"};
  return kWords;
}

// IntervalSet::contains is overloaded on signedness; token types are sizes here.
bool Expects(const antlr4::misc::IntervalSet& expected, size_t type) {
  return expected.contains(type);
}

bool IsKeyword(size_t type) { return type >= FlinkSqlLexer::ABS && type <= FlinkSqlLexer::ZONE; }

// The word or sign of a token type as a user writes it; empty for kinds of tokens.
std::string Spelling(size_t type) {
  static FlinkSqlLexer lexer(nullptr);
  std::string name = lexer.getVocabulary().getLiteralName(type);
  if (name.size() >= 2) name = name.substr(1, name.size() - 2);
  return name;
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
        FlinkSqlLexer::EQUAL, FlinkSqlLexer::RIGHT_BRACKET}) {
    if (!value && Expects(expected, type)) words.push_back("\"" + Spelling(type) + "\"");
  }
  const bool name = Expects(expected, FlinkSqlLexer::IDENTIFIER);
  if (!value && !name) {
    for (size_t type = FlinkSqlLexer::ABS; type <= FlinkSqlLexer::ZONE; ++type) {
      if (Expects(expected, type)) words.push_back(Spelling(type));
    }
  }
  if (Expects(expected, antlr4::Token::EOF) && words.size() < kWordsShownMax) {
    words.emplace_back("the end of the statement");
  }
  if (words.empty() || words.size() > kWordsShownMax) return {};
  std::string text = words[0];
  for (size_t i = 1; i < words.size(); ++i)
    text += (i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

std::string FoundText(const antlr4::Token* token, const Places& places) {
  if (token->getType() == antlr4::Token::EOF) return "the statement ends too early";
  return fmt::format("unexpected {}", Quoted(places.Text(places.Of(token))));
}

const antlr4::Token* Neighbour(antlr4::CommonTokenStream* tokens, const antlr4::Token* token,
                               int step) {
  auto index = static_cast<ssize_t>(token->getTokenIndex());
  const auto count = static_cast<ssize_t>(tokens->size());
  for (index += step; index >= 0 && index < count; index += step) {
    const antlr4::Token* candidate = tokens->get(static_cast<size_t>(index));
    if (candidate->getChannel() == antlr4::Token::DEFAULT_CHANNEL) return candidate;
  }
  return nullptr;
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
      return Diagnostic{span, "this name is not closed", "Close it with a back-tick."};
    case FlinkSqlLexer::UNTERMINATED_COMMENT:
      return Diagnostic{
          {span.begin, span.begin + 2}, "this comment is not closed", "Close it with */."};
    case FlinkSqlLexer::DOUBLE_QUOTED:
      return Diagnostic{span, "double quotes have no meaning in Flink SQL",
                        "Write names in back-ticks (`name`) and texts in single quotes ('text')."};
    default:
      return std::nullopt;
  }
}

std::string Hint(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                 const antlr4::misc::IntervalSet& expected, const Places& places) {
  const antlr4::Token* before = Neighbour(tokens, offending, -1);
  const std::string word(places.Text(places.Of(offending)));
  const size_t type = offending->getType();
  if (before == nullptr) return DidYouMean(word, StatementWords());
  if (before->getType() == FlinkSqlLexer::COMMA &&
      (type == FlinkSqlLexer::RIGHT_PAREN || type == FlinkSqlLexer::FROM)) {
    return "Remove the comma before it.";
  }
  if (type == FlinkSqlLexer::FROM && before->getType() == FlinkSqlLexer::SELECT) {
    return "List the columns to select, or write *.";
  }
  if (IsKeyword(type) && Expects(expected, FlinkSqlLexer::IDENTIFIER)) {
    return fmt::format("{} is a reserved word; to use it as a name, write `{}`.", ToUpper(word),
                       word);
  }
  if (Expects(expected, FlinkSqlLexer::COMMA) && Expects(expected, FlinkSqlLexer::RIGHT_PAREN) &&
      (type == FlinkSqlLexer::IDENTIFIER || type == FlinkSqlLexer::STRING)) {
    return "Is a comma missing before it?";
  }
  if (Expects(expected, FlinkSqlLexer::STRING) && before->getType() == FlinkSqlLexer::EQUAL) {
    return "Values of options are written in single quotes.";
  }
  if (Expects(expected, FlinkSqlLexer::STRING) && type == FlinkSqlLexer::IDENTIFIER) {
    return "Keys of options are written in single quotes.";
  }
  if (type == antlr4::Token::EOF && Expects(expected, FlinkSqlLexer::RIGHT_PAREN)) {
    return "Is a closing parenthesis missing?";
  }
  if (type == FlinkSqlLexer::ENFORCED || word == "ENFORCED") return "Write NOT ENFORCED.";
  if (type == FlinkSqlLexer::EQUAL && before->getType() == FlinkSqlLexer::EQUAL) {
    return "Equality is written with one =.";
  }
  if (type == FlinkSqlLexer::IDENTIFIER) {
    std::vector<std::string> keywords;
    for (size_t keyword = FlinkSqlLexer::ABS; keyword <= FlinkSqlLexer::ZONE; ++keyword) {
      if (Expects(expected, keyword)) keywords.push_back(Spelling(keyword));
    }
    if (word.size() > 2) return DidYouMean(word, keywords);
  }
  return {};
}

}  // namespace

Diagnostic DescribeSyntaxError(antlr4::CommonTokenStream* tokens, const antlr4::Token* offending,
                               const antlr4::misc::IntervalSet& expected, const Places& places) {
  if (const auto broken = DescribeBrokenToken(offending, places)) return *broken;
  Diagnostic diagnostic;
  diagnostic.span = places.Of(offending);
  diagnostic.message = FoundText(offending, places);
  const std::string expected_text = ExpectedText(expected);
  if (!expected_text.empty()) diagnostic.message += ", expected " + expected_text;
  diagnostic.hint = Hint(tokens, offending, expected, places);
  return diagnostic;
}

}  // namespace millrace::sql
