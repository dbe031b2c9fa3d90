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
// PutJsonText may write so many bytes after its result.
inline constexpr size_t kJsonSlack = 8;

// The same for any text, byte by byte; null if it is not UTF-8.
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
// text is not UTF-8. `out` has room for kJsonGrowthMax * text.size() + kJsonSlack bytes. Inlined
// where most of the time is spent, so that the constants of NotPlain stay in registers.
[[gnu::always_inline]] inline char* PutJsonText(char* out, std::string_view text) {
  const char* const at = text.data();
  const size_t size = text.size();
  uint64_t word = 0;
  if (size < 8) {
    // In one word without reading after its end, filled up with blanks.
    if (size >= 4) {
      uint32_t low;
      uint32_t high;
      std::memcpy(&low, at, 4);
      std::memcpy(&high, at + size - 4, 4);
      word = low | static_cast<uint64_t>(high) << (8 * (size - 4));
    } else if (size > 0) {
      const auto byte = [at](size_t i) { return uint64_t{static_cast<unsigned char>(at[i])}; };
      word = byte(0) | byte(size / 2) << (8 * (size / 2)) | byte(size - 1) << (8 * (size - 1));
    }
    word |= 0x2020202020202020ull << (8 * size);
    if (NotPlain(word) != 0) [[unlikely]]
      return PutJsonTextSlowly(out, text);
    std::memcpy(out, &word, 8);
    return out + size;
  }
  size_t done = 0;
  do {
    std::memcpy(&word, at + done, 8);
    if (NotPlain(word) != 0) [[unlikely]]
      return PutJsonTextSlowly(out + done, text.substr(done));
    std::memcpy(out + done, &word, 8);
    done += 8;
  } while (done + 8 <= size);
  // The last eight bytes, some of them for the second time.
  std::memcpy(&word, at + size - 8, 8);
  if (NotPlain(word) != 0) [[unlikely]]
    return PutJsonTextSlowly(out + done, text.substr(done));
  std::memcpy(out + size - 8, &word, 8);
  return out + size;
}

}  // namespace millrace::doris
