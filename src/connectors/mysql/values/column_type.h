// The type of a column as information_schema names it (DATA_TYPE), parsed once when a table is
// described, so that nothing else compares type names.
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace::mysql {

enum class ColumnType : uint8_t {
  kOther,  // of another version or a plugin; its values are read as text
  kTinyInt,
  kSmallInt,
  kMediumInt,
  kInt,
  kBigInt,
  kYear,
  kFloat,
  kDouble,
  kDecimal,
  kBit,
  kDate,
  kTime,
  kDateTime,
  kTimestamp,
  kChar,
  kVarChar,
  kText,  // of any size: TINYTEXT to LONGTEXT
  kBinary,
  kVarBinary,
  kBlob,      // of any size: TINYBLOB to LONGBLOB
  kGeometry,  // and all its subtypes
  kVector,
  kJson,
  kEnum,
  kSet,
  kUuid,  // MariaDB
  kInet,  // MariaDB: INET4 and INET6
};

// `data_type` in any case: "int", "MEDIUMTEXT".
ColumnType ParseColumnType(std::string_view data_type);

// TINYINT to BIGINT.
constexpr bool IsInteger(ColumnType type) {
  return type >= ColumnType::kTinyInt && type <= ColumnType::kBigInt;
}
// Exact numbers.
constexpr bool IsExactNumber(ColumnType type) {
  return IsInteger(type) || type == ColumnType::kYear || type == ColumnType::kDecimal;
}
// Plain bytes: BINARY, VARBINARY and the BLOBs.
constexpr bool IsByteString(ColumnType type) {
  return type >= ColumnType::kBinary && type <= ColumnType::kBlob;
}
// All whose values are bytes without a character set.
constexpr bool IsBinary(ColumnType type) {
  return type >= ColumnType::kBinary && type <= ColumnType::kVector;
}
// DATE, TIME, DATETIME and TIMESTAMP.
constexpr bool IsTemporal(ColumnType type) {
  return type >= ColumnType::kDate && type <= ColumnType::kTimestamp;
}

// What stands in parentheses after it matters: a length, a precision or the digits of a fraction.
constexpr bool HasLength(ColumnType type) {
  return type == ColumnType::kDecimal || type == ColumnType::kBit || type == ColumnType::kTime ||
         type == ColumnType::kDateTime || type == ColumnType::kTimestamp ||
         type == ColumnType::kChar || type == ColumnType::kVarChar || type == ColumnType::kBinary ||
         type == ColumnType::kVarBinary || type == ColumnType::kVector;
}
constexpr bool HasLabels(ColumnType type) {
  return type == ColumnType::kEnum || type == ColumnType::kSet;
}

}  // namespace millrace::mysql
