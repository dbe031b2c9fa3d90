#include "sql/parser.h"

#include <FlinkSqlLexer.h>
#include <FlinkSqlParser.h>
#include <antlr4-runtime.h>
#include <fmt/core.h>

#include "base/ascii.h"
#include "base/utf8.h"
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

// Keeps only the first error: what ANTLR reports after it is mostly a consequence of it.
class FirstError final : public antlr4::BaseErrorListener {
 public:
  FirstError(antlr4::CommonTokenStream* tokens, const SourceText& source)
      : tokens_(tokens), source_(source) {}

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
      // The parser looked further than the token it blames: the last one it saw is the wrong one.
      if (no_alternative.getOffendingToken() != nullptr) token = no_alternative.getOffendingToken();
      expected = ExpectedAfter(no_alternative.getDeadEndConfigs());
    } catch (...) {
    }
    if (!expected) expected = parser->getExpectedTokens();
    found_ = DescribeSyntaxError(tokens_, token, *expected, source_);
  }

  const std::optional<Diagnostic>& found() const { return found_; }

 private:
  antlr4::CommonTokenStream* tokens_;
  const SourceText& source_;
  std::optional<Diagnostic> found_;
};

// Counts how deep a recursive parser and its tree would go, token by token.
class Depth final {
 public:
  // False if `token`, which follows one of the type `before`, is nested too deep.
  bool Add(size_t token, size_t before) {
    switch (token) {
      case FlinkSqlLexer::LEFT_PAREN:
      case FlinkSqlLexer::LEFT_BRACKET:
      case FlinkSqlLexer::LEFT_BRACE:
      case FlinkSqlLexer::CASE:
        Open(token);
        break;
      case FlinkSqlLexer::LESS:
        if (OpensType(before)) Open(token);
        break;
      case FlinkSqlLexer::RIGHT_PAREN:
        Close(FlinkSqlLexer::LEFT_PAREN);
        break;
      case FlinkSqlLexer::RIGHT_BRACKET:
        Close(FlinkSqlLexer::LEFT_BRACKET);
        break;
      case FlinkSqlLexer::RIGHT_BRACE:
        Close(FlinkSqlLexer::LEFT_BRACE);
        break;
      case FlinkSqlLexer::END:
        Close(FlinkSqlLexer::CASE);
        break;
      case FlinkSqlLexer::GREATER:
        Close(FlinkSqlLexer::LESS);
        break;
      case FlinkSqlLexer::NOT:
      case FlinkSqlLexer::MINUS:
      case FlinkSqlLexer::PLUS:
        ++prefixes_;
        break;
      default:
        prefixes_ = 0;
        break;
    }
    return depth_ + prefixes_ <= kNestingMax;
  }

 private:
  struct Level {
    size_t opener;
    size_t depth;  // before it
  };

  static bool OpensType(size_t word) {
    return word == FlinkSqlLexer::ARRAY || word == FlinkSqlLexer::MAP ||
           word == FlinkSqlLexer::MULTISET || word == FlinkSqlLexer::ROW ||
           word == FlinkSqlLexer::STRUCTURED;
  }

  void Open(size_t opener) {
    levels_.push_back({opener, depth_});
    depth_ += 1 + prefixes_;  // NOT NOT - - (: prefix operators stay open as well
    prefixes_ = 0;
  }

  void Close(size_t opener) {
    prefixes_ = 0;
    if (levels_.empty() || levels_.back().opener != opener) return;
    depth_ = levels_.back().depth;
    levels_.pop_back();
  }

  std::vector<Level> levels_;
  size_t depth_ = 0;
  size_t prefixes_ = 0;
};

// The first token at which the nesting is too deep for a recursive parser, if any.
const antlr4::Token* TooDeep(antlr4::CommonTokenStream* tokens) {
  Depth depth;
  size_t before = 0;
  for (size_t i = 0; i < tokens->size(); ++i) {
    const antlr4::Token* token = tokens->get(i);
    if (token->getChannel() != antlr4::Token::DEFAULT_CHANNEL) continue;
    if (!depth.Add(token->getType(), before)) return token;
    before = token->getType();
  }
  return nullptr;
}

// Stops at the first error instead of looking for a token to continue at.
class FirstErrorStrategy final : public antlr4::DefaultErrorStrategy {
 public:
  void recover(antlr4::Parser*, std::exception_ptr) override {
    throw antlr4::ParseCancellationException();
  }
};

bool CheckText(std::string_view text, size_t offset, Diagnostics* diagnostics) {
  if (text.size() > kStatementBytesMax) {
    diagnostics->push_back(
        {DiagnosticCode::kTooComplex,
         {offset, offset + 1},
         fmt::format("the statement is longer than {} bytes", kStatementBytesMax),
         "Split it into several statements."});
    return false;
  }
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 1 && static_cast<unsigned char>(text[at]) >= 0x80) {
      diagnostics->push_back(
          {DiagnosticCode::kSyntaxError,
           {offset + at, offset + at + 1},
           fmt::format("byte {:#04x} is not valid UTF-8", static_cast<unsigned char>(text[at])),
           "Save the script as UTF-8."});
      return false;
    }
    at += length;
  }
  return true;
}

// Parses twice if necessary: the quick prediction, which ignores the context, is right for all but
// a few statements. What it rejects is parsed again with full prediction, which also describes the
// error. Without an error there is a tree.
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
  parser->setErrorHandler(std::make_shared<FirstErrorStrategy>());
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser->addErrorListener(first_error);
  try {
    return parser->singleStatement();
  } catch (const antlr4::ParseCancellationException&) {
    return nullptr;
  }
}

std::optional<Statement> ParseChecked(std::string_view text, size_t offset,
                                      Diagnostics* diagnostics, ParseOptions options) {
  const SourceText source(text, offset);
  ByteStream stream(text);
  Tokenizer tokenizer(&stream);
  antlr4::CommonTokenStream tokens(&tokenizer);
  tokens.fill();
  if (const antlr4::Token* token = TooDeep(&tokens)) {
    Transform{source, diagnostics, options}.NestedTooDeep(source.Of(token),
                                                          "Simplify the expression.");
    return std::nullopt;
  }
  FlinkSqlParser parser(&tokens);
  FirstError first_error(&tokens, source);
  FlinkSqlParser::SingleStatementContext* tree = ParseTokens(&parser, &first_error);
  if (first_error.found()) {
    diagnostics->push_back(*first_error.found());
    return std::nullopt;
  }
  const size_t errors_before = diagnostics->size();
  const Transform transform{source, diagnostics, options};
  Statement statement = transform.ToStatement(tree->statement());
  if (options.surroundings.shares_line) {
    transform.RequireExtension(statement.span, "a second statement on one line",
                               "Begin it on a new line.");
  }
  if (diagnostics->size() > errors_before) return std::nullopt;
  return statement;
}

}  // namespace

std::optional<Statement> Parse(std::string_view text, size_t offset, Diagnostics* diagnostics,
                               ParseOptions options) {
  if (!CheckText(text, offset, diagnostics)) return std::nullopt;
  try {
    return ParseChecked(text, offset, diagnostics, options);
  } catch (const std::exception& error) {  // ANTLR's own failures, such as out of memory
    diagnostics->push_back({DiagnosticCode::kInternalError,
                            {offset, offset + 1},
                            fmt::format("the statement cannot be parsed: {}", error.what())});
    return std::nullopt;
  }
}

}  // namespace millrace::sql
