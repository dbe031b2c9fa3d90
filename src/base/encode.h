// Bytes as text: hexadecimal, base64, and the string literals of JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

inline constexpr std::string_view kHexDigits = "0123456789abcdef";
inline constexpr std::string_view kUpperHexDigits = "0123456789ABCDEF";

// The value of a hexadecimal digit of either case; -1 for anything else.
constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
// Two digits a byte; WriteHex needs room for 2 * bytes.size() characters.
void WriteHex(std::string_view bytes, std::string_view digits, char* out);
void AppendHex(std::string_view bytes, std::string_view digits, std::string* text);
std::string ToHex(std::string_view bytes);  // lower case
std::string ToUpperHex(std::string_view bytes);
// Nothing unless it is an even number of hexadecimal digits.
std::optional<std::string> FromHex(std::string_view text);

// Standard alphabet with padding; a line feed after every `line_digits` digits (a multiple of 4; 0:
// none).
std::string ToBase64(std::string_view bytes, size_t line_digits = 0);
// Nothing unless it is base64 with or without padding, on one line.
std::optional<std::string> FromBase64(std::string_view text);
// The same into memory of the caller: Base64Size(bytes.size()) characters on one line, and at most
// text.size() bytes, whose number ReadBase64 returns.
constexpr size_t Base64Size(size_t bytes) { return (bytes + 2) / 3 * 4; }
void WriteBase64(std::string_view bytes, char* out);
std::optional<size_t> ReadBase64(std::string_view text, char* out);

// `text` in double quotes as JSON writes it; what is not UTF-8 becomes U+FFFD.
void AppendJsonString(std::string_view text, std::string* json);
std::string ToJsonString(std::string_view text);

}  // namespace millrace
