// The text of a script or statement as ANTLR reads it: code points that are addressed by their
// first byte, with a look-ahead in upper-case ASCII; and its tokens as spans of the script. The
// splitter and the parser read the same tokens: they have one tokenizer.
#pragma once

#include <FlinkSqlLexer.h>
#include <antlr4-runtime.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/diagnostic.h"

namespace millrace::sql {

// Any bytes; those that are not UTF-8 are characters that no token but OTHER and the inside of
// strings, names and comments can have. The text must outlive the stream.
class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(std::string_view text) : text_(text) {}

  void consume() override;
  // The lexer looks one character ahead, never further or back.
  size_t LA(ssize_t offset) override;
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = index; }
  size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return {}; }
  std::string getText(const antlr4::misc::Interval& interval) override;
  std::string toString() const override { return std::string(text_); }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

// The lexer of the grammar, with one rule that a grammar can only write at the price of reading the
// rest of the text again and again: a comment that is not closed is a token up to the end.
class Tokenizer final : public grammar::FlinkSqlLexer {
 public:
  explicit Tokenizer(ByteStream* stream) : grammar::FlinkSqlLexer(stream) {
    removeErrorListeners();
  }

  std::unique_ptr<antlr4::Token> nextToken() override;
};

// The text of a statement, and ANTLR's indexes as byte spans of the script.
class SourceText final {
 public:
  // `text` begins at byte `offset` of the script.
  SourceText(std::string_view text, size_t offset) : text_(text), offset_(offset) {}

  Span Of(const antlr4::Token* token) const;
  Span Of(const antlr4::ParserRuleContext* context) const;
  // The text of a span, as written.
  std::string_view Text(Span span) const;

 private:
  std::string_view text_;
  size_t offset_;
};

}  // namespace millrace::sql
