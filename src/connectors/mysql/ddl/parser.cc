#include "connectors/mysql/ddl/parser.h"

#include <MySqlDdl.h>
#include <antlr4-runtime.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/quote.h"
#include "base/utf8.h"
#include "connectors/mysql/ddl/function_calls.h"
#include "connectors/mysql/ddl/scanner.h"
#include "connectors/mysql/ddl/tree_reader.h"

namespace millrace::mysql::ddl {
namespace {

using grammar::MySqlDdl;

constexpr size_t kNestingMax = 200;  // of parentheses, braces and CASE: the parser is recursive
constexpr size_t kTokensMax = 2'000'000;  // of the part that is read by the grammar
constexpr size_t kShownMax = 40;          // bytes of the text in a message

// The scanner's tokens for the parser, which takes them one by one.
class TokenFeed final : public antlr4::TokenSource {
 public:
  explicit TokenFeed(Scanner* scanner) : scanner_(scanner) {}

  std::unique_ptr<antlr4::Token> nextToken() override {
    Token token = mistake_ ? last_ : scanner_->Next();
    if (!mistake_ && scanner_->mistake()) mistake_ = scanner_->mistake();
    if (!mistake_) Check(token);
    if (mistake_) token = {antlr4::Token::EOF, mistake_->at, mistake_->at};
    last_ = token;
    return std::make_unique<antlr4::CommonToken>(
        std::pair<antlr4::TokenSource*, antlr4::CharStream*>(this, nullptr), token.type,
        antlr4::Token::DEFAULT_CHANNEL, token.begin, token.end - 1);
  }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() override { return 0; }
  antlr4::CharStream* getInputStream() override { return nullptr; }
  std::string getSourceName() override { return {}; }
  antlr4::TokenFactory<antlr4::CommonToken>* getTokenFactory() override {
    return antlr4::CommonTokenFactory::DEFAULT.get();
  }

  const std::optional<Mistake>& mistake() const { return mistake_; }

 private:
  void Check(const Token& token) {
    switch (token.type) {
      case MySqlDdl::LEFT_PAREN:
      case MySqlDdl::LEFT_BRACE:
      case MySqlDdl::CASE:
        ++depth_;
        break;
      case MySqlDdl::RIGHT_PAREN:
      case MySqlDdl::RIGHT_BRACE:
      case MySqlDdl::END:
        if (depth_ > 0) --depth_;
        break;
      default:
        break;
    }
    if (depth_ > kNestingMax) {
      mistake_ = Mistake{token.begin, fmt::format("nested more than {} times", kNestingMax)};
    } else if (++tokens_ > kTokensMax) {
      mistake_ = Mistake{token.begin, fmt::format("more than {} words and signs", kTokensMax)};
    }
  }

  Scanner* scanner_;
  Token last_;
  size_t depth_ = 0;
  size_t tokens_ = 0;
  std::optional<Mistake> mistake_;
};

// Thrown by the parser at the first token that fits nowhere.
struct Unexpected {
  size_t at;
};

class FirstErrorStrategy final : public antlr4::DefaultErrorStrategy {
 public:
  void reportError(antlr4::Parser*, const antlr4::RecognitionException&) override {}
  void recover(antlr4::Parser* parser, std::exception_ptr error) override {
    try {
      std::rethrow_exception(std::move(error));
    } catch (const antlr4::RecognitionException& exception) {
      // What it looked at last, further than the token it was at.
      if (exception.getOffendingToken() != nullptr) {
        throw Unexpected{exception.getOffendingToken()->getStartIndex()};
      }
    } catch (...) {
    }
    throw Unexpected{parser->getCurrentToken()->getStartIndex()};
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    throw Unexpected{parser->getCurrentToken()->getStartIndex()};
  }
  void sync(antlr4::Parser*) override {}
};

// The quick prediction, which ignores the context, is right for almost all statements; what it
// rejects is parsed again with the full one.
MySqlDdl::SingleStatementContext* ParseTokens(MySqlDdl* parser) {
  auto* simulator = parser->getInterpreter<antlr4::atn::ParserATNSimulator>();
  parser->removeErrorListeners();
  parser->setErrorHandler(std::make_shared<FirstErrorStrategy>());
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  try {
    return parser->singleStatement();
  } catch (const Unexpected&) {
  }
  parser->reset();
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  return parser->singleStatement();
}

Status Describe(std::string_view text, const Mistake& mistake) {
  const size_t at = std::min(mistake.at, text.size());
  const std::string_view before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  size_t column = 1;
  for (size_t i = before.rfind('\n') + 1; i < at; i += Utf8Length(text, i)) ++column;
  size_t end = at;
  while (end < text.size() && end - at < kShownMax && text[end] != '\n')
    end += Utf8Length(text, end);
  const std::string shown =
      at < text.size() ? "at " + Quoted(text.substr(at, end - at)) : "at its end";
  return Status::Permanent(
      fmt::format("line {}, column {}: {} {}", line, column, mistake.what, shown));
}

// From where function calls are looked for: after what names a table and may be followed by a list
// in parentheses.
size_t EndOfHead(MySqlDdl::RowsContext* rows) {
  antlr4::ParserRuleContext* head = nullptr;
  if (rows->insert() != nullptr) head = rows->insert()->tableName();
  if (rows->load() != nullptr) head = rows->load()->tableName();
  return head == nullptr ? 0 : head->getStop()->getStopIndex() + 1;
}

Result<Statement> ParseChecked(std::string_view text, const Dialect& dialect) {
  Scanner scanner(text, dialect);
  TokenFeed feed(&scanner);
  antlr4::CommonTokenStream tokens(&feed);
  MySqlDdl parser(&tokens);
  MySqlDdl::SingleStatementContext* tree = nullptr;
  try {
    tree = ParseTokens(&parser);
  } catch (const Unexpected& unexpected) {
    return Describe(text, feed.mistake().value_or(Mistake{unexpected.at, "not understood"}));
  }
  if (feed.mistake()) return Describe(text, *feed.mistake());
  TreeReader reader(text, &tokens, dialect);
  Statement statement = reader.ToStatement(tree);
  if (reader.mistake()) return Describe(text, *reader.mistake());
  auto* rows = std::get_if<WriteRows>(&statement);
  if (rows == nullptr) return statement;
  FunctionCalls calls(text, dialect);
  rows->may_write_others |= calls.Find(EndOfHead(tree->rows()));
  if (calls.mistake()) return Describe(text, *calls.mistake());
  if (rows->tables.empty() && !rows->may_write_others) return Statement(Nothing());
  return statement;
}

}  // namespace

Result<Statement> Parse(std::string_view text, const Dialect& dialect) {
  try {
    return ParseChecked(text, dialect);
  } catch (const std::exception& error) {  // ANTLR's own failures, such as out of memory
    return Status::Permanent(fmt::format("the statement cannot be parsed: {}", error.what()));
  }
}

}  // namespace millrace::mysql::ddl
