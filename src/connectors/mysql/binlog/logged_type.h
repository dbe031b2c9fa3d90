// How the values of a column stand in row images: from the type and the metadata of a table map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace millrace::mysql {

enum class Wire : uint8_t {
  kInteger,
  kYear,
  kFloat,
  kDouble,
  kDecimal,
  kBit,
  kDate,
  kDateTime2,
  kTimestamp2,
  kTime2,
  kEnum,
  kSet,
  // All from here on are a length and as many bytes.
  kVarchar,
  kString,  // CHAR and BINARY
  kBlob,
  kJson,
  kCompressedVarchar,  // MariaDB
  kCompressedBlob,
};

constexpr bool HasLength(Wire wire) { return wire >= Wire::kVarchar; }

struct LoggedType {
  Wire wire = Wire::kInteger;
  uint8_t width = 0;       // bytes of the value, or of its length
  uint8_t precision = 0;   // DECIMAL
  uint8_t digits = 0;      // DECIMAL scale, fraction digits of times
  uint8_t bits = 0;        // BIT
  uint32_t bytes_max = 0;  // CHAR and BINARY: as declared
};

// How many bytes of metadata (at most two) a table map has for a type.
size_t MetadataBytes(uint8_t type);

// `metadata`: low byte first, as in the event. Nothing for what no server writes.
std::optional<LoggedType> ParseLoggedType(uint8_t type, uint16_t metadata);

}  // namespace millrace::mysql
