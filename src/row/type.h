// SQL types as plain values, in Flink's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class TypeKind : uint8_t {
  kNull,
  kBoolean,
  kTinyInt,
  kSmallInt,
  kInt,
  kBigInt,
  kFloat,
  kDouble,
  kDecimal,    // precision 1..38, scale 0..precision
  kChar,       // length in code points
  kVarChar,    // length in code points; kLengthMax is STRING
  kBinary,     // length in bytes
  kVarBinary,  // length in bytes; kLengthMax is BYTES
  kDate,
  kTime,          // precision 0..9 fraction digits
  kTimestamp,     // precision 0..9; wall clock without a zone
  kTimestampLtz,  // precision 0..9; an instant
  kIntervalYear,  // INTERVAL YEAR TO MONTH; of expressions only, no column has it
  kIntervalDay,   // INTERVAL DAY TO SECOND; the same
  kArray,         // of elements of one type
  kMap,           // from keys of one type to values of one type
  kRow,           // of named fields
};

struct TypeStructure;

struct Type {
  static constexpr uint32_t kLengthMax = 2147483647;

  TypeKind kind = TypeKind::kNull;
  bool nullable = true;
  uint32_t length = 0;    // CHAR, VARCHAR, BINARY, VARBINARY
  uint8_t precision = 0;  // DECIMAL: digits; TIME, TIMESTAMP: fraction digits
  uint8_t scale = 0;      // DECIMAL: digits after the point
  // ARRAY, MAP, ROW: what they are made of; shared by all copies of the type, never changed.
  std::shared_ptr<const TypeStructure> structure = {};

  bool operator==(const Type& other) const;

  static Type Of(TypeKind kind) { return Type{kind}; }
  static Type String() { return Type{TypeKind::kVarChar, true, kLengthMax}; }
  static Type Bytes() { return Type{TypeKind::kVarBinary, true, kLengthMax}; }
  static Type Decimal(uint8_t precision, uint8_t scale) {
    return Type{TypeKind::kDecimal, true, 0, precision, scale};
  }
  static Type Timestamp(uint8_t precision) {
    return Type{TypeKind::kTimestamp, true, 0, precision};
  }

  static Type Array(Type element);
  static Type Map(Type key, Type value);
  static Type Row(std::vector<Type> types, std::vector<std::string> names);

  Type NotNull() const {
    Type type = *this;
    type.nullable = false;
    return type;
  }
  Type Nullable() const {
    Type type = *this;
    type.nullable = true;
    return type;
  }

  bool is_integer() const { return kind >= TypeKind::kTinyInt && kind <= TypeKind::kBigInt; }
  bool is_numeric() const { return kind >= TypeKind::kTinyInt && kind <= TypeKind::kDecimal; }
  bool is_interval() const {
    return kind == TypeKind::kIntervalYear || kind == TypeKind::kIntervalDay;
  }
  bool is_text() const { return kind == TypeKind::kChar || kind == TypeKind::kVarChar; }
  bool is_binary() const { return kind == TypeKind::kBinary || kind == TypeKind::kVarBinary; }
  bool is_structured() const { return kind >= TypeKind::kArray; }

  // Of an ARRAY its element, of a MAP key and value, of a ROW its fields; else nothing.
  std::span<const Type> children() const;
  std::span<const std::string> field_names() const;  // of a ROW
};

struct TypeStructure {
  std::vector<Type> types;
  std::vector<std::string> names;  // of the fields of a ROW
  size_t depth = 1;                // of structures in structures
  size_t nodes = 1;                // types in it, itself included
};

// Whether a type is too deep or too large to be used: values, texts and casts follow its structure.
inline constexpr size_t kTypeDepthMax = 32;
inline constexpr size_t kTypeNodesMax = 10'000;
bool IsTooComplex(const Type& type);

// Flink's summary spelling: "INT NOT NULL", "DECIMAL(10, 2)", "STRING", "TIMESTAMP_LTZ(3)",
// "ARRAY<INT NOT NULL>", "MAP<STRING, INT>", "ROW<`a` INT, `b` STRING>".
std::string ToString(const Type& type);
// The inverse of ToString, for plans read from JSON. Nothing if it is not a type.
std::optional<Type> ParseType(std::string_view text);

}  // namespace millrace
