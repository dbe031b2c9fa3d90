// The text of a statement as ANTLR reads it: a stream of code points whose look-ahead is in
// upper-case ASCII, and the way back from its offsets (code points) to bytes of the script.
#pragma once

#include <antlr4-runtime.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace millrace::sql {

class UpperCaseStream final : public antlr4::ANTLRInputStream {
 public:
  explicit UpperCaseStream(std::string_view text) : antlr4::ANTLRInputStream(std::string(text)) {}

  size_t LA(ssize_t offset) override {
    const size_t code = antlr4::ANTLRInputStream::LA(offset);
    return code >= 'a' && code <= 'z' ? code - ('a' - 'A') : code;
  }
};

// The text of a statement, and ANTLR's code point indexes as byte spans of the script.
class SourceText final {
 public:
  // `text` begins at byte `offset` of the script and must be valid UTF-8.
  SourceText(std::string_view text, size_t offset);

  size_t Byte(size_t code_point) const;
  Span Of(const antlr4::Token* token) const;
  Span Of(const antlr4::ParserRuleContext* context) const;
  // The text of a span, as written.
  std::string_view Text(Span span) const;

 private:
  std::string_view text_;
  size_t offset_;
  std::vector<size_t> bytes_;  // of every code point, and of the end; empty: all ASCII
};

}  // namespace millrace::sql
