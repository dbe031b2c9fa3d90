#include "minidoris/table/json_scan.h"

#include <cstdint>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/utf8.h"

namespace millrace::minidoris {
namespace {

constexpr int kDepthMax = 200;
constexpr uint32_t kReplacementCharacter = 0xfffd;

bool IsJsonBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Four hexadecimal digits at `at`, or nothing.
std::optional<uint32_t> HexUnit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexValue(text[i]);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit);
  }
  return value;
}

}  // namespace

void JsonScanner::SkipBlanks() {
  while (at_ < text_.size() && IsJsonBlank(text_[at_])) ++at_;
}

bool JsonScanner::AtEnd() {
  SkipBlanks();
  return at_ == text_.size();
}

char JsonScanner::Peek() {
  SkipBlanks();
  return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScanner::Accept(char c) {
  if (!ok_ || Peek() != c || at_ >= text_.size()) return false;
  ++at_;
  return true;
}

bool JsonScanner::Expect(char c) {
  if (!Accept(c)) ok_ = false;
  return ok_;
}

std::string_view JsonScanner::RawString() {
  if (!Expect('"')) return {};
  const size_t begin = at_ - 1;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return text_.substr(begin, at_ - begin);
    }
    if (c == '\\') ++at_;
    if (static_cast<unsigned char>(c) < 0x20) break;  // control characters must be escaped
  }
  ok_ = false;
  return {};
}

std::string_view JsonScanner::String(std::string* scratch) {
  const std::string_view raw = RawString();
  if (!ok_) return {};
  const std::string_view body = raw.substr(1, raw.size() - 2);
  if (body.find('\\') == body.npos) return body;
  scratch->clear();
  Unescape(body, scratch);
  return *scratch;
}

void JsonScanner::Unescape(std::string_view body, std::string* out) {
  for (size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      *out += body[i];
      continue;
    }
    const char c = body[++i];
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const size_t found = kLetters.find(c); found != kLetters.npos) {
      *out += kMeanings[found];
      continue;
    }
    const std::optional<uint32_t> unit = c == 'u' ? HexUnit(body, i + 1) : std::nullopt;
    if (!unit) {
      ok_ = false;
      return;
    }
    i += 4;
    uint32_t code = *unit;
    if (IsHighSurrogate(code) || IsLowSurrogate(code)) {
      std::optional<uint32_t> low;
      if (IsHighSurrogate(code) && body.substr(i + 1, 2) == "\\u") low = HexUnit(body, i + 3);
      if (low && IsLowSurrogate(*low)) {
        code = JoinSurrogates(code, *low);
        i += 6;
      } else {
        code = kReplacementCharacter;
      }
    }
    AppendUtf8(code, out);
  }
}

std::string_view JsonScanner::RawValue() {
  SkipBlanks();
  const size_t begin = at_;
  SkipValue(0);
  return ok_ ? text_.substr(begin, at_ - begin) : std::string_view();
}

void JsonScanner::SkipValue(int depth) {
  if (depth > kDepthMax) ok_ = false;
  if (!ok_) return;
  switch (Peek()) {
    case '{':
      return SkipObject(depth);
    case '[':
      return SkipArray(depth);
    case '"':
      RawString();
      return;
    case 't':
      return SkipWord("true");
    case 'f':
      return SkipWord("false");
    case 'n':
      return SkipWord("null");
    default:
      return SkipNumber();
  }
}

void JsonScanner::SkipObject(int depth) {
  Expect('{');
  if (Accept('}')) return;
  do {
    SkipBlanks();
    RawString();
    if (!Expect(':')) return;
    SkipValue(depth + 1);
  } while (Accept(','));
  Expect('}');
}

void JsonScanner::SkipArray(int depth) {
  Expect('[');
  if (Accept(']')) return;
  do {
    SkipValue(depth + 1);
  } while (Accept(','));
  Expect(']');
}

void JsonScanner::SkipNumber() {
  const auto digits = [this] {
    const size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    if (at_ == begin) ok_ = false;
  };
  const auto accept_now = [this](std::string_view any) {
    if (at_ >= text_.size() || any.find(text_[at_]) == any.npos) return false;
    ++at_;
    return true;
  };
  accept_now("-");
  digits();
  if (accept_now(".")) digits();
  if (ok_ && accept_now("eE")) {
    accept_now("+-");
    digits();
  }
}

void JsonScanner::SkipWord(std::string_view word) {
  if (text_.substr(at_, word.size()) == word) {
    at_ += word.size();
  } else {
    ok_ = false;
  }
}

bool JsonScanner::AcceptWord(std::string_view word) {
  if (!ok_ || Peek() != word[0]) return false;
  SkipWord(word);
  return ok_;
}

std::string_view JsonScanner::Number() {
  SkipBlanks();
  const size_t begin = at_;
  SkipNumber();
  return ok_ ? text_.substr(begin, at_ - begin) : std::string_view();
}

}  // namespace millrace::minidoris
