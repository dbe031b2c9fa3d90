#include "sql/token_source.h"

#include <algorithm>

#include "base/utf8.h"

namespace millrace::sql {

void ByteStream::consume() {
  if (at_ < text_.size()) at_ += Utf8Length(text_, at_);
}

size_t ByteStream::LA(ssize_t offset) {
  if (offset != 1 || at_ >= text_.size()) return EOF;
  const char c = text_[at_];
  if (static_cast<unsigned char>(c) < 0x80) {
    return static_cast<size_t>(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
  }
  constexpr size_t kReplacementCharacter = 0xfffd;
  size_t length = 0;
  return DecodeUtf8(text_, at_, &length).value_or(kReplacementCharacter);
}

std::string ByteStream::getText(const antlr4::misc::Interval& interval) {
  const auto begin = static_cast<size_t>(interval.a);
  const auto end = static_cast<size_t>(interval.b) + 1;
  return std::string(text_.substr(begin, end - begin));
}

std::unique_ptr<antlr4::Token> Tokenizer::nextToken() {
  std::unique_ptr<antlr4::Token> next = grammar::FlinkSqlLexer::nextToken();
  if (next->getType() != UNTERMINATED_COMMENT) return next;
  const size_t end = getInputStream()->size();
  getInputStream()->seek(end);
  dynamic_cast<antlr4::CommonToken*>(next.get())->setStopIndex(end - 1);
  return next;
}

Span SourceText::Of(const antlr4::Token* token) const {
  const size_t begin = offset_ + std::min(token->getStartIndex(), text_.size());
  if (token->getType() == antlr4::Token::EOF) return {begin, begin};
  return {begin, offset_ + token->getStopIndex() + 1};
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
