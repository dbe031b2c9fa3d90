// Text inside a JSON string, as fast as the common case allows: plain ASCII without anything to
// escape goes through eight bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace millrace::doris {

// A byte may become six (\u0000).
inline constexpr size_t kJsonGrowthMax = 6;
// PutJsonText may write so many bytes behind its result.
inline constexpr size_t kJsonSlack = 8;

// The rest of a text from the first byte that is not plain. Nothing (null) if it is not UTF-8.
char* PutJsonTextSlowly(char* out, std::string_view text);

// Not zero if one of the eight bytes is a control character, a quote, a backslash or not ASCII.
inline uint64_t NotPlain(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101ull;
  constexpr uint64_t kHighs = 0x8080808080808080ull;
  const uint64_t quote = word ^ (kOnes * '"');
  const uint64_t backslash = word ^ (kOnes * '\\');
  return ((word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes) | word) & kHighs;
}

// Writes `text` as it stands between the quotes of a JSON string; returns the end, or null if the
// text is not UTF-8. `out` has room for kJsonGrowthMax * text.size() + kJsonSlack bytes.
inline char* PutJsonText(char* out, std::string_view text) {
  const char* at = text.data();
  size_t left = text.size();
  while (left >= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    if (NotPlain(word) != 0) [[unlikely]]
      return PutJsonTextSlowly(out, {at, left});
    std::memcpy(out, &word, 8);
    at += 8;
    out += 8;
    left -= 8;
  }
  // The last bytes in one word without reading behind them, filled up with blanks.
  uint64_t word = 0;
  if (left >= 4) {
    uint32_t low;
    uint32_t high;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + left - 4, 4);
    word = low | static_cast<uint64_t>(high) << (8 * (left - 4));
  } else if (left > 0) {
    const auto byte = [at](size_t i) { return uint64_t{static_cast<unsigned char>(at[i])}; };
    word = byte(0) | byte(left / 2) << (8 * (left / 2)) | byte(left - 1) << (8 * (left - 1));
  }
  word |= 0x2020202020202020ull << (8 * left);
  if (NotPlain(word) != 0) [[unlikely]]
    return PutJsonTextSlowly(out, {at, left});
  std::memcpy(out, &word, 8);
  return out + left;
}

}  // namespace millrace::doris
