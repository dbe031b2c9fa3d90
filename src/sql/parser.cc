#include "sql/parser.h"

#include <FlinkSqlLexer.h>
#include <FlinkSqlParser.h>
#include <antlr4-runtime.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sql/syntax_error.h"
#include "sql/token_source.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using grammar::FlinkSqlLexer;

// What could have followed where all alternatives ended; nothing if that is not known.
std::optional<antlr4::misc::IntervalSet> ExpectedAfter(antlr4::atn::ATNConfigSet* dead_ends) {
  if (dead_ends == nullptr) return std::nullopt;
  antlr4::misc::IntervalSet expected;
  for (const auto& config : dead_ends->configs) {
    for (const antlr4::atn::Transition* transition : config->state->transitions) {
      if (!transition->isEpsilon()) expected.addAll(transition->label());
    }
    if (dynamic_cast<antlr4::atn::RuleStopState*>(config->state) != nullptr) {
      expected.add(static_cast<ssize_t>(antlr4::Token::EOF));
    }
  }
  return expected.isEmpty() ? std::nullopt : std::optional(expected);
}

// Keeps the first error only; what ANTLR says after it is mostly an echo.
class FirstError final : public antlr4::BaseErrorListener {
 public:
  FirstError(antlr4::CommonTokenStream* tokens, const Places& places)
      : tokens_(tokens), places_(places) {}

  void syntaxError(antlr4::Recognizer* recognizer, antlr4::Token* offending, size_t, size_t,
                   const std::string&, std::exception_ptr error) override {
    if (found_) return;
    auto* parser = dynamic_cast<antlr4::Parser*>(recognizer);
    if (parser == nullptr || offending == nullptr) return;
    const antlr4::Token* token = offending;
    std::optional<antlr4::misc::IntervalSet> expected;
    try {
      if (error) std::rethrow_exception(error);
    } catch (const antlr4::NoViableAltException& no_alternative) {
      // The parser looked further than the token it blames: the last one it saw is the culprit.
      if (no_alternative.getOffendingToken() != nullptr) token = no_alternative.getOffendingToken();
      expected = ExpectedAfter(no_alternative.getDeadEndConfigs());
    } catch (...) {
    }
    if (!expected) expected = parser->getExpectedTokens();
    found_ = DescribeSyntaxError(tokens_, token, *expected, places_);
  }

  const std::optional<Diagnostic>& found() const { return found_; }

 private:
  antlr4::CommonTokenStream* tokens_;
  const Places& places_;
  std::optional<Diagnostic> found_;
};

// The first token at which the nesting is too deep for a recursive parser, if any.
const antlr4::Token* TooDeep(antlr4::CommonTokenStream* tokens) {
  size_t depth = 0;
  size_t prefix = 0;  // NOT NOT - - + : prefix operators nest as well
  for (size_t i = 0; i < tokens->size(); ++i) {
    const antlr4::Token* token = tokens->get(i);
    if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) continue;
    bool is_prefix = false;
    switch (token->getType()) {
      case FlinkSqlLexer::LEFT_PAREN:
      case FlinkSqlLexer::LEFT_BRACKET:
      case FlinkSqlLexer::CASE:
      case FlinkSqlLexer::LESS:
        ++depth;
        break;
      case FlinkSqlLexer::RIGHT_PAREN:
      case FlinkSqlLexer::RIGHT_BRACKET:
      case FlinkSqlLexer::END:
      case FlinkSqlLexer::GREATER:
        depth -= depth > 0 ? 1 : 0;
        break;
      case FlinkSqlLexer::COMMA:
      case FlinkSqlLexer::SEMICOLON:
        break;
      case FlinkSqlLexer::NOT:
      case FlinkSqlLexer::MINUS:
      case FlinkSqlLexer::PLUS:
      case FlinkSqlLexer::EXPLAIN:
        is_prefix = true;
        break;
      default:
        break;
    }
    prefix = is_prefix ? prefix + 1 : 0;
    if (depth > kNestingMax || prefix > kNestingMax) return token;
  }
  return nullptr;
}

bool CheckText(std::string_view text, size_t offset, Diagnostics* diagnostics) {
  if (text.size() > kStatementBytesMax) {
    diagnostics->push_back(
        {{offset, offset + 1},
         fmt::format("the statement is longer than {} bytes", kStatementBytesMax),
         "Split it into several statements."});
    return false;
  }
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 1 && static_cast<unsigned char>(text[at]) >= 0x80) {
      diagnostics->push_back(
          {{offset + at, offset + at + 1},
           fmt::format("byte {:#04x} is not valid UTF-8", static_cast<unsigned char>(text[at])),
           "Save the script as UTF-8."});
      return false;
    }
    at += length;
  }
  return true;
}

// Parses twice if it must: the quick prediction that looks at no context is right for all but a few
// statements, and what it refuses is parsed again with all care and with words for what is wrong.
FlinkSqlParser::SingleStatementContext* ParseTokens(FlinkSqlParser* parser,
                                                    FirstError* first_error) {
  auto* simulator = parser->getInterpreter<antlr4::atn::ParserATNSimulator>();
  parser->removeErrorListeners();
  parser->setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  try {
    return parser->singleStatement();
  } catch (const antlr4::ParseCancellationException&) {
  }
  parser->reset();
  parser->setErrorHandler(std::make_shared<antlr4::DefaultErrorStrategy>());
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser->addErrorListener(first_error);
  return parser->singleStatement();
}

std::optional<Statement> ParseChecked(std::string_view text, size_t offset,
                                      Diagnostics* diagnostics, ParseOptions options) {
  const Places places(text, offset);
  UpperCaseStream stream(text);
  FlinkSqlLexer lexer(&stream);
  lexer.removeErrorListeners();
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();
  if (const antlr4::Token* token = TooDeep(&tokens)) {
    diagnostics->push_back(
        {places.Of(token),
         fmt::format("the statement is nested more than {} levels deep", kNestingMax),
         "Simplify the expression."});
    return std::nullopt;
  }
  FlinkSqlParser parser(&tokens);
  FirstError first_error(&tokens, places);
  FlinkSqlParser::SingleStatementContext* tree = ParseTokens(&parser, &first_error);
  if (first_error.found()) {
    diagnostics->push_back(*first_error.found());
    return std::nullopt;
  }
  const size_t errors_before = diagnostics->size();
  const Transform transform{places, diagnostics, options};
  Statement statement = transform.ToStatement(tree->statement());
  if (diagnostics->size() > errors_before) return std::nullopt;
  return statement;
}

}  // namespace

std::optional<Statement> Parse(std::string_view text, size_t offset, Diagnostics* diagnostics,
                               ParseOptions options) {
  if (!CheckText(text, offset, diagnostics)) return std::nullopt;
  try {
    return ParseChecked(text, offset, diagnostics, options);
  } catch (const std::exception& error) {  // ANTLR's own failures, such as memory running out
    diagnostics->push_back({{offset, offset + 1},
                            fmt::format("the statement cannot be parsed: {}", error.what()),
                            ""});
    return std::nullopt;
  }
}

}  // namespace millrace::sql
