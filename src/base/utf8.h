// UTF-8: code points, their bytes, and the columns of a terminal they take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

// The code point at text[at] and its bytes in `*length`; nothing for a broken sequence, an overlong
// one or a surrogate, whose length is 1. `at` must be in the text.
std::optional<uint32_t> DecodeUtf8(std::string_view text, size_t at, size_t* length);
// Writes a code point (up to 0x10ffff) as 1 to 4 bytes; returns the end of them.
char* EncodeUtf8(uint32_t code, char* out);
void AppendUtf8(uint32_t code, std::string* text);
// The same, but the byte itself for a broken sequence.
uint32_t CodePointOrByte(std::string_view text, size_t at, size_t* length);
// Length in bytes of the character that starts at text[at], 1 for a broken one.
size_t LengthOfMultibyte(std::string_view text, size_t at);
inline size_t Utf8Length(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]) < 0x80 ? 1 : LengthOfMultibyte(text, at);
}
bool IsUtf8(std::string_view text);
// The small letter or the capital that belongs to a code point; itself if there is none.
uint32_t ToLowerCode(uint32_t code);
uint32_t ToUpperCode(uint32_t code);
// With small letters, in ASCII and beyond; broken sequences stay.
std::string ToLowerUtf8(std::string_view text);
// Columns a terminal needs to show `text`: wide characters count 2, combining ones 0.
size_t DisplayWidth(std::string_view text);

// UTF-16's halves, as \uXXXX escapes write characters above 0xffff.
constexpr bool IsHighSurrogate(uint32_t code) { return code >= 0xd800 && code < 0xdc00; }
constexpr bool IsLowSurrogate(uint32_t code) { return code >= 0xdc00 && code < 0xe000; }
constexpr uint32_t JoinSurrogates(uint32_t high, uint32_t low) {
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}
// The halves of a code point above 0xffff.
constexpr uint32_t HighSurrogateOf(uint32_t code) { return 0xd800 + ((code - 0x10000) >> 10); }
constexpr uint32_t LowSurrogateOf(uint32_t code) { return 0xdc00 + ((code - 0x10000) & 0x3ff); }

}  // namespace millrace
