// How the values of a column stand in row images: from the type and the metadata of a table map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace millrace::mysql {

// Codes of types in a table map (MySQL, include/field_types.h).
struct FieldType {
  enum Code : uint8_t {
    kTiny = 1,
    kShort = 2,
    kLong = 3,
    kFloat = 4,
    kDouble = 5,
    kOldTimestamp = 7,  // the old formats of times, of tables from before MySQL 5.6
    kLongLong = 8,
    kInt24 = 9,
    kDate = 10,
    kOldTime = 11,
    kOldDateTime = 12,
    kYear = 13,
    kVarchar = 15,
    kBit = 16,
    kTimestamp2 = 17,
    kDateTime2 = 18,
    kTime2 = 19,
    kCompressedBlob = 140,  // MariaDB, TEXT too
    kCompressedVarchar = 141,
    kVector = 242,
    kJson = 245,
    kDecimal = 246,
    kEnum = 247,
    kSet = 248,
    kBlob = 252,  // TEXT too
    kVarString = 253,
    kString = 254,
    kGeometry = 255,
  };
};

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
  kOldDateTime,   // decimal digits YYYYMMDDhhmmss
  kOldTimestamp,  // seconds
  kOldTime,       // decimal digits hhmmss, negative or not
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
