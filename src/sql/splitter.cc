#include "sql/splitter.h"

#include <array>
#include <memory>

#include "sql/token_source.h"

namespace millrace::sql {
namespace {

using L = grammar::FlinkSqlLexer;

// Reads a script token by token, to know where its statements end.
class Scanner final {
 public:
  explicit Scanner(std::string_view script) : script_(script) {}

  Pieces Run() {
    ByteStream stream(script_);
    Tokenizer tokens(&stream);
    for (std::unique_ptr<antlr4::Token> token = tokens.nextToken();
         token->getType() != antlr4::Token::EOF; token = tokens.nextToken()) {
      Step(*token);
    }
    pieces_.complete = !begun_;
    if (begun_) pieces_.statements.push_back(piece_);
    return std::move(pieces_);
  }

 private:
  void Step(const antlr4::Token& token) {
    const size_t type = token.getType();
    if (type == L::SEMICOLON && set_depth_ == 0) {
      if (begun_) pieces_.statements.push_back(piece_);
      begun_ = false;
      pieces_.rest = token.getStopIndex() + 1;
      piece_ = {};
    } else if (type == L::LINE_COMMENT || type == L::BLOCK_COMMENT) {
      piece_.surroundings.has_comment = true;
    } else if (type != L::BLANK) {
      if (!begun_) Begin(token.getStartIndex());
      FollowSet(type);
      piece_.end = token.getStopIndex() + 1;
    }
  }

  void Begin(size_t at) {
    begun_ = true;
    piece_.begin = at;
    const std::string_view before = script_.substr(pieces_.rest, at - pieces_.rest);
    piece_.surroundings.shares_line =
        !pieces_.statements.empty() && before.find('\n') == std::string_view::npos;
    before_ = {};
    set_depth_ = 0;
  }

  // [EXECUTE | EXPLAIN | COMPILE PLAN ...] STATEMENT SET BEGIN ... END contains semicolons, and
  // possibly CASE ... END. BEGIN STATEMENT SET and END are ordinary statements.
  void FollowSet(size_t type) {
    const bool opens_set = type == L::BEGIN && before_[0] == L::STATEMENT && before_[1] == L::SET;
    if (opens_set || (type == L::CASE && set_depth_ > 0)) {
      ++set_depth_;
    } else if (type == L::END && set_depth_ > 0) {
      --set_depth_;
    }
    before_ = {before_[1], type};
  }

  std::string_view script_;
  bool begun_ = false;
  Piece piece_;  // that is being read; a comment may come before its begin
  size_t set_depth_ = 0;
  std::array<size_t, 2> before_ = {};  // the types of the two tokens before
  Pieces pieces_;
};

}  // namespace

Pieces Split(std::string_view script) { return Scanner(script).Run(); }

}  // namespace millrace::sql
