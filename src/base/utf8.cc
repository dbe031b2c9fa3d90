#include "base/utf8.h"

#include <locale.h>
#include <wctype.h>

#include <array>

#include "base/code_point_width.h"

namespace millrace {
namespace {

// Case mapping of Unicode, independent of the locale of the process.
locale_t Utf8Locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

}  // namespace

std::optional<uint32_t> DecodeUtf8(std::string_view text, size_t at, size_t* length) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  *length = 1;
  if (first < 0x80) return first;
  const size_t count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + count > text.size()) return std::nullopt;
  uint32_t code = first & (0x7fu >> count);
  for (size_t i = 1; i < count; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return std::nullopt;
    code = code << 6 | (byte(at + i) & 0x3fu);
  }
  constexpr std::array<uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[count] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
    return std::nullopt;
  }
  *length = count;
  return code;
}

char* EncodeUtf8(uint32_t code, char* out) {
  const auto tail = [&](unsigned shift) {
    *out++ = static_cast<char>(0x80 | (code >> shift & 0x3f));
  };
  if (code < 0x80) {
    *out++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *out++ = static_cast<char>(0xc0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    *out++ = static_cast<char>(0xe0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    *out++ = static_cast<char>(0xf0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return out;
}

void AppendUtf8(uint32_t code, std::string* text) {
  char bytes[4];
  text->append(bytes, EncodeUtf8(code, bytes));
}

uint32_t ToLowerCode(uint32_t code) {
  return static_cast<uint32_t>(::towlower_l(wint_t{code}, Utf8Locale()));
}

uint32_t ToUpperCode(uint32_t code) {
  return static_cast<uint32_t>(::towupper_l(wint_t{code}, Utf8Locale()));
}

std::string ToLowerUtf8(std::string_view text) {
  std::string lower;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const std::optional<uint32_t> code = DecodeUtf8(text, at, &length);
    if (code) {
      AppendUtf8(ToLowerCode(*code), &lower);
    } else {
      lower += text[at];
    }
  }
  return lower;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const std::optional<uint32_t> code = DecodeUtf8(text, at, &length);
    width += code ? CodePointWidth(*code) : 1;
  }
  return width;
}

uint32_t CodePointOrByte(std::string_view text, size_t at, size_t* length) {
  return DecodeUtf8(text, at, length).value_or(static_cast<uint8_t>(text[at]));
}

size_t LengthOfMultibyte(std::string_view text, size_t at) {
  size_t length = 1;
  DecodeUtf8(text, at, &length);
  return length;
}

bool IsUtf8(std::string_view text) {
  size_t length = 0;
  for (size_t at = 0; at < text.size(); at += length) {
    if (!DecodeUtf8(text, at, &length)) return false;
  }
  return true;
}

}  // namespace millrace
