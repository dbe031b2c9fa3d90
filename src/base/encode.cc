#include "base/encode.h"

#include <array>

#include "base/utf8.h"

namespace millrace {
namespace {

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> kBase64Values = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<uint8_t>(kBase64Digits[i])] = static_cast<int8_t>(i);
  }
  return values;
}();

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

}  // namespace

void WriteHex(std::string_view bytes, std::string_view digits, char* out) {
  for (const char byte : bytes) {
    *out++ = digits[Byte(byte) >> 4];
    *out++ = digits[Byte(byte) & 15];
  }
}

void AppendHex(std::string_view bytes, std::string_view digits, std::string* text) {
  const size_t size = text->size();
  text->resize(size + 2 * bytes.size());
  WriteHex(bytes, digits, text->data() + size);
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

void WriteBase64(std::string_view bytes, char* out) {
  const auto put = [&](uint32_t group) {  // 24 bits
    for (const unsigned shift : {18u, 12u, 6u, 0u}) *out++ = kBase64Digits[group >> shift & 63];
  };
  size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    put(uint32_t{Byte(bytes[at])} << 16 | uint32_t{Byte(bytes[at + 1])} << 8 | Byte(bytes[at + 2]));
  }
  const size_t rest = bytes.size() - at;
  if (rest == 0) return;
  put(uint32_t{Byte(bytes[at])} << 16 | (rest == 2 ? uint32_t{Byte(bytes[at + 1])} << 8 : 0));
  out[-1] = '=';
  if (rest == 1) out[-2] = '=';
}

std::optional<size_t> ReadBase64(std::string_view text, char* out) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  const char* const begin = out;
  uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int8_t digit = kBase64Values[Byte(c)];
    if (digit < 0) return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *out++ = static_cast<char>(group >> bits & 0xff);
  }
  if (bits >= 6) return std::nullopt;
  return static_cast<size_t>(out - begin);
}

std::string ToBase64(std::string_view bytes, size_t line_digits) {
  std::string text(Base64Size(bytes.size()), '\0');
  WriteBase64(bytes, text.data());
  if (line_digits == 0) return text;
  std::string lines;
  for (size_t at = 0; at < text.size(); at += line_digits) {
    if (at > 0) lines += '\n';
    lines += text.substr(at, line_digits);
  }
  return lines;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const std::optional<size_t> size = ReadBase64(text, bytes.data());
  if (!size) return std::nullopt;
  bytes.resize(*size);
  return bytes;
}

void AppendJsonString(std::string_view text, std::string* json) {
  *json += '"';
  const auto is_plain = [](char c) {
    return Byte(c) >= 0x20 && Byte(c) < 0x80 && c != '"' && c != '\\';
  };
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    length = 0;
    while (at + length < text.size() && is_plain(text[at + length])) ++length;
    if (length > 0) {  // all at once: most strings are a single run
      *json += text.substr(at, length);
      continue;
    }
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
