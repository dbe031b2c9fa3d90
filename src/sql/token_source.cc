#include "sql/token_source.h"

#include <algorithm>

#include "base/utf8.h"

namespace millrace::sql {

SourceText::SourceText(std::string_view text, size_t offset) : text_(text), offset_(offset) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return;
  // ANTLR drops a byte order mark and does not count it.
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  const size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  for (size_t at = begin; at < text.size(); at += Utf8Length(text, at)) bytes_.push_back(at);
  bytes_.push_back(text.size());
}

size_t SourceText::Byte(size_t code_point) const {
  if (bytes_.empty()) return offset_ + std::min(code_point, text_.size());
  return offset_ + bytes_[std::min(code_point, bytes_.size() - 1)];
}

Span SourceText::Of(const antlr4::Token* token) const {
  const size_t begin = Byte(token->getStartIndex());
  if (token->getType() == antlr4::Token::EOF) return {begin, begin};
  return {begin, Byte(token->getStopIndex() + 1)};
}

Span SourceText::Of(const antlr4::ParserRuleContext* context) const {
  const antlr4::Token* start = const_cast<antlr4::ParserRuleContext*>(context)->getStart();
  const antlr4::Token* stop = const_cast<antlr4::ParserRuleContext*>(context)->getStop();
  if (stop == nullptr || stop->getStopIndex() < start->getStartIndex()) {
    return {Of(start).begin, Of(start).begin};
  }
  return {Of(start).begin, Of(stop).end};
}

std::string_view SourceText::Text(Span span) const {
  return text_.substr(span.begin - offset_, span.end - span.begin);
}

}  // namespace millrace::sql
