#include "base/encode.h"

#include "base/utf8.h"

namespace millrace {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

}  // namespace

void AppendHex(std::string_view bytes, std::string_view digits, std::string* text) {
  for (const char byte : bytes) {
    *text += digits[Byte(byte) >> 4];
    *text += digits[Byte(byte) & 15];
  }
}

std::string ToHex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  AppendHex(bytes, kHexDigits, &text);
  return text;
}

std::string ToUpperHex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  AppendHex(bytes, kUpperHexDigits, &text);
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::string ToBase64(std::string_view bytes, size_t line_digits) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  size_t digits = 0;
  for (size_t i = 0; i < bytes.size(); i += 3, digits += 4) {
    if (line_digits > 0 && digits > 0 && digits % line_digits == 0) text += '\n';
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? Byte(bytes[i + k]) : 0u);
    }
    for (size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? kBase64Digits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string bytes;
  uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 0xff);
  }
  if (bits >= 6) return std::nullopt;
  return bytes;
}

void AppendJsonString(std::string_view text, std::string* json) {
  *json += '"';
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const std::optional<uint32_t> code = DecodeUtf8(text, at, &length);
    const char c = text[at];
    if (!code) {
      AppendUtf8(0xfffd, json);
    } else if (c == '"' || c == '\\') {
      *json += '\\';
      *json += c;
    } else if (Byte(c) >= 0x20) {
      *json += text.substr(at, length);
    } else {
      constexpr std::string_view kNames = "btn?fr";  // of the control characters from 8 on
      const size_t name = Byte(c) - size_t{8};
      *json += '\\';
      if (name < kNames.size() && kNames[name] != '?') {
        *json += kNames[name];
      } else {
        *json += "u00";
        AppendHex(text.substr(at, 1), kHexDigits, json);
      }
    }
  }
  *json += '"';
}

std::string ToJsonString(std::string_view text) {
  std::string json;
  json.reserve(text.size() + 2);
  AppendJsonString(text, &json);
  return json;
}

}  // namespace millrace
