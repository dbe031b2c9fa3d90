#include "connectors/doris/json_text.h"

#include <array>

namespace millrace::doris {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// What follows the backslash for an ASCII byte; 'u' for \u00xx; 0 if the byte stays.
constexpr auto kEscapes = [] {
  std::array<char, 128> escapes{};
  for (size_t i = 0; i < 0x20; ++i) escapes[i] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

// Length of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7), 0 if there is none. The
// first byte is not ASCII.
size_t SequenceLength(const unsigned char* at, size_t left) {
  const unsigned char first = at[0];
  const auto follows = [&](size_t i, unsigned char least, unsigned char most) {
    return i < left && at[i] >= least && at[i] <= most;
  };
  if (first >= 0xc2 && first <= 0xdf) return follows(1, 0x80, 0xbf) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned char least = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned char most = first == 0xed ? 0x9f : 0xbf;
    return follows(1, least, most) && follows(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned char least = first == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xf4 ? 0x8f : 0xbf;
    return follows(1, least, most) && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

}  // namespace

char* PutJsonTextSlowly(char* out, std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t at = 0;
  while (at < text.size()) {
    const unsigned char byte = bytes[at];
    if (byte >= 0x80) {
      const size_t length = SequenceLength(bytes + at, text.size() - at);
      if (length == 0) return nullptr;
      std::memcpy(out, bytes + at, length);
      out += length;
      at += length;
      continue;
    }
    const char escape = kEscapes[byte];
    if (escape == 0) {
      *out++ = static_cast<char>(byte);
    } else {
      *out++ = '\\';
      *out++ = escape;
      if (escape == 'u') {
        *out++ = '0';
        *out++ = '0';
        *out++ = kHex[byte >> 4];
        *out++ = kHex[byte & 15];
      }
    }
    ++at;
  }
  return out;
}

}  // namespace millrace::doris
