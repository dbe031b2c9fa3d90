#include "connectors/mysql/values/address_text.h"

#include <fmt/format.h>

#include <array>

namespace millrace::mysql {
namespace {

constexpr size_t kGroups = 8;

struct Run {
  size_t begin = 0;
  size_t length = 0;
  size_t end() const { return begin + length; }
};

Run LongestZeros(const std::array<unsigned, kGroups>& groups) {
  Run longest;
  Run current;
  for (size_t i = 0; i < kGroups; ++i) {
    if (groups[i] != 0) {
      current = {i + 1, 0};
    } else if (++current.length > longest.length) {
      longest = current;
    }
  }
  return longest;
}

}  // namespace

size_t PrintUuid(std::span<const uint8_t, kUuidBytes> uuid, char* out) {
  char* at = out;
  for (size_t i = 0; i < kUuidBytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
    at = fmt::format_to(at, "{:02x}", uuid[i]);
  }
  return static_cast<size_t>(at - out);
}

size_t PrintInet4(std::span<const uint8_t, kInet4Bytes> address, char* out) {
  const char* const end =
      fmt::format_to(out, "{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
  return static_cast<size_t>(end - out);
}

size_t PrintInet6(std::span<const uint8_t, kInet6Bytes> address, char* out) {
  std::array<unsigned, kGroups> groups{};
  for (size_t i = 0; i < kGroups; ++i) {
    groups[i] = static_cast<unsigned>(address[2 * i]) << 8 | address[2 * i + 1];
  }
  const Run zeros = LongestZeros(groups);
  // An IPv4 address, mapped or compatible, is shown as one.
  const bool is_compatible = zeros.begin == 0 && zeros.length == 6;
  const bool is_mapped = zeros.begin == 0 && zeros.length == 5 && groups[5] == 0xffff;
  const size_t shown = is_compatible || is_mapped ? 6 : kGroups;
  char* at = out;
  for (size_t i = 0; i < shown; ++i) {
    if (zeros.length > 0 && i == zeros.begin) {
      if (i == 0) *at++ = ':';
      *at++ = ':';
      i = zeros.end() - 1;
      continue;
    }
    at = fmt::format_to(at, "{:x}", groups[i]);
    if (i + 1 < kGroups) *at++ = ':';
  }
  if (shown < kGroups) at += PrintInet4(address.last<kInet4Bytes>(), at);
  return static_cast<size_t>(at - out);
}

}  // namespace millrace::mysql
