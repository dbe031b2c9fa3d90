// MariaDB's UUID, INET4 and INET6, which the log has as bytes, as the server prints them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace millrace::mysql {

inline constexpr size_t kUuidBytes = 16;
inline constexpr size_t kInet4Bytes = 4;
inline constexpr size_t kInet6Bytes = 16;
inline constexpr size_t kAddressTextMax = 39;  // eight groups of four digits

// Each returns the length of the text; `out` has kAddressTextMax bytes.
size_t PrintUuid(std::span<const uint8_t, kUuidBytes> uuid, char* out);
size_t PrintInet4(std::span<const uint8_t, kInet4Bytes> address, char* out);
// The longest run of zero groups is left out, the first of several, be it one group long.
size_t PrintInet6(std::span<const uint8_t, kInet6Bytes> address, char* out);

}  // namespace millrace::mysql
