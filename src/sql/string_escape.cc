#include "sql/string_escape.h"

#include <cstdint>

#include "base/encode.h"
#include "base/utf8.h"

namespace millrace::sql {
namespace {

constexpr uint32_t kCodePointMax = 0x10ffff;

// The character of two surrogates; nothing if the second one is not a low surrogate.
std::optional<uint32_t> Joined(uint32_t high, std::optional<uint32_t> low) {
  if (!low || !IsLowSurrogate(*low)) return std::nullopt;
  return JoinSurrogates(high, *low);
}

// The code unit of four hexadecimal digits at `at`, or nothing.
std::optional<uint32_t> CodeUnit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t unit = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexValue(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<uint32_t>(digit);
  }
  return unit;
}

// The character that a backslash and `c` mean.
char ControlCharacter(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

// The number of at most `digits_max` digits in base 2^`bits` at `*at`, which moves past it.
std::optional<uint32_t> TakeCode(std::string_view text, int bits, size_t digits_max, size_t* at) {
  const size_t from = *at;
  uint32_t code = 0;
  for (; *at < text.size() && *at - from < digits_max; ++*at) {
    const int digit = HexValue(text[*at]);
    if (digit < 0 || digit >= 1 << bits) break;
    code = (code << bits) + static_cast<uint32_t>(digit);
  }
  return *at > from ? std::optional(code) : std::nullopt;
}

// A character as \u0041 or \U00000041 at `*at`, or as two such surrogates.
std::optional<uint32_t> TakeCharacter(std::string_view text, size_t* at) {
  const auto take = [&]() -> std::optional<uint32_t> {
    if (*at + 1 >= text.size() || text[*at] != '\\') return std::nullopt;
    const size_t digits = text[*at + 1] == 'u' ? 4 : 8;
    if (digits == 8 && text[*at + 1] != 'U') return std::nullopt;
    *at += 2;
    const size_t end = *at + digits;
    const std::optional<uint32_t> code = TakeCode(text, 4, digits, at);
    return *at == end ? code : std::nullopt;
  };
  const std::optional<uint32_t> code = take();
  if (!code || *code > kCodePointMax || IsLowSurrogate(*code)) return std::nullopt;
  return IsHighSurrogate(*code) ? Joined(*code, take()) : code;
}

}  // namespace

std::string Undouble(std::string_view text, char quote) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == quote) ++i;
  }
  return result;
}

std::optional<std::string> DecodeUnicodeEscapes(std::string_view text, std::string_view escape) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (!text.substr(at).starts_with(escape)) {
      result += text[at++];
      continue;
    }
    at += escape.size();
    if (text.substr(at).starts_with(escape)) {
      result += escape;
      at += escape.size();
      continue;
    }
    std::optional<uint32_t> code = CodeUnit(text, at);
    if (!code || IsLowSurrogate(*code)) return std::nullopt;
    at += 4;
    if (IsHighSurrogate(*code)) {
      if (!text.substr(at).starts_with(escape)) return std::nullopt;
      code = Joined(*code, CodeUnit(text, at + escape.size()));
      if (!code) return std::nullopt;
      at += escape.size() + 4;
    }
    AppendUtf8(*code, &result);
  }
  return result;
}

std::optional<std::string> DecodeBackslashEscapes(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      at += text[at] == '\'' ? 2 : 1;
      continue;
    }
    const char c = text[at + 1];
    if (c == 'u' || c == 'U') {
      const std::optional<uint32_t> code = TakeCharacter(text, &at);
      if (!code) return std::nullopt;
      AppendUtf8(*code, &result);
      continue;
    }
    const bool hexadecimal = c == 'x';
    at += hexadecimal ? 2 : 1;
    const std::optional<uint32_t> code =
        hexadecimal ? TakeCode(text, 4, 2, &at) : TakeCode(text, 3, 3, &at);
    if (code) {
      AppendUtf8(*code, &result);
    } else if (hexadecimal) {
      result += c;
    } else {
      result += ControlCharacter(text[at++]);
    }
  }
  return result;
}

}  // namespace millrace::sql
