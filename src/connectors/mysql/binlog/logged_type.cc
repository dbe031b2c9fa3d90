#include "connectors/mysql/binlog/logged_type.h"

#include <algorithm>
#include <iterator>

#include "connectors/mysql/values/decimal.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kFractionDigitsMax = 6;
constexpr uint8_t kEnumType = 247;
constexpr uint8_t kSetType = 248;

// What the metadata of a type is.
enum class Rule : uint8_t {
  kNone,      // a value has `bytes`
  kUnused,    // the same; there is metadata that repeats it
  kFraction,  // fraction digits, in bytes after the first `bytes`
  kDecimal,   // precision, scale
  kBits,      // bits of an incomplete byte, whole bytes
  kBytesMax,  // the most bytes of a value; its length has one byte if they fit into that
  kLength,    // bytes of the length
  kPacked,    // the type once more, bytes of a value
  kString,    // CHAR, BINARY, or in disguise ENUM and SET
};

struct TypeRule {
  uint8_t type;  // MySQL, include/field_types.h
  Wire wire;
  Rule rule;
  uint8_t bytes = 0;
};

constexpr TypeRule kRules[] = {
    {1, Wire::kInteger, Rule::kNone, 1},    // TINY
    {2, Wire::kInteger, Rule::kNone, 2},    // SHORT
    {3, Wire::kInteger, Rule::kNone, 4},    // LONG
    {4, Wire::kFloat, Rule::kUnused, 4},    // FLOAT
    {5, Wire::kDouble, Rule::kUnused, 8},   // DOUBLE
    {8, Wire::kInteger, Rule::kNone, 8},    // LONGLONG
    {9, Wire::kInteger, Rule::kNone, 3},    // INT24
    {10, Wire::kDate, Rule::kNone, 3},      // DATE
    {13, Wire::kYear, Rule::kNone, 1},      // YEAR
    {15, Wire::kVarchar, Rule::kBytesMax},  // VARCHAR
    {16, Wire::kBit, Rule::kBits},          // BIT
    {17, Wire::kTimestamp2, Rule::kFraction, 4},
    {18, Wire::kDateTime2, Rule::kFraction, 5},
    {19, Wire::kTime2, Rule::kFraction, 3},
    {140, Wire::kCompressedBlob, Rule::kLength},       // MariaDB
    {141, Wire::kCompressedVarchar, Rule::kBytesMax},  // MariaDB
    {242, Wire::kBlob, Rule::kLength},                 // VECTOR
    {245, Wire::kJson, Rule::kLength},                 // JSON
    {246, Wire::kDecimal, Rule::kDecimal},             // NEWDECIMAL
    {kEnumType, Wire::kEnum, Rule::kPacked, 2},
    {kSetType, Wire::kSet, Rule::kPacked, 8},
    {252, Wire::kBlob, Rule::kLength},       // BLOB and TEXT
    {253, Wire::kVarchar, Rule::kBytesMax},  // VAR_STRING
    {254, Wire::kString, Rule::kString},     // STRING
    {255, Wire::kBlob, Rule::kLength},       // GEOMETRY
};

const TypeRule* FindRule(uint8_t type) {
  const auto* found = std::find_if(std::begin(kRules), std::end(kRules),
                                   [&](const TypeRule& rule) { return rule.type == type; });
  return found == std::end(kRules) ? nullptr : found;
}

uint8_t LengthBytes(unsigned bytes_max) { return bytes_max > 255 ? 2 : 1; }

}  // namespace

size_t MetadataBytes(uint8_t type) {
  const TypeRule* const rule = FindRule(type);
  if (rule == nullptr || rule->rule == Rule::kNone) return 0;
  const bool one =
      rule->rule == Rule::kUnused || rule->rule == Rule::kFraction || rule->rule == Rule::kLength;
  return one ? 1 : 2;
}

std::optional<LoggedType> ParseLoggedType(uint8_t type, uint16_t metadata) {
  const TypeRule* const rule = FindRule(type);
  if (rule == nullptr) return std::nullopt;
  const auto low = static_cast<uint8_t>(metadata & 0xff);
  const auto high = static_cast<uint8_t>(metadata >> 8);
  LoggedType logged;
  logged.wire = rule->wire;
  logged.width = rule->bytes;
  bool known = true;
  switch (rule->rule) {
    case Rule::kNone:
    case Rule::kUnused:
      break;
    case Rule::kFraction:
      known = low <= kFractionDigitsMax;
      logged.digits = low;
      logged.width = static_cast<uint8_t>(rule->bytes + (low + 1u) / 2);
      break;
    case Rule::kDecimal:
      known = IsDecimal(low, high);
      logged.precision = low;
      logged.digits = high;
      if (known) logged.width = static_cast<uint8_t>(DecimalBytes(low, high));
      break;
    case Rule::kBits: {
      const unsigned bits = high * 8u + low;
      known = bits >= 1 && bits <= 64;
      logged.bits = static_cast<uint8_t>(bits);
      logged.width = static_cast<uint8_t>((bits + 7) / 8);
      break;
    }
    case Rule::kBytesMax:
      logged.width = LengthBytes(metadata);
      break;
    case Rule::kLength:
      known = low >= 1 && low <= 4;
      logged.width = low;
      break;
    case Rule::kPacked:
      known = high >= 1 && high <= rule->bytes;
      logged.width = high;
      break;
    case Rule::kString:
      if (low == kEnumType || low == kSetType) return ParseLoggedType(low, metadata);
      // Two bits of the length hide in the type, turned.
      logged.bytes_max = ((low & 0x30u) ^ 0x30u) << 4 | high;
      logged.width = LengthBytes(logged.bytes_max);
      break;
  }
  return known ? std::optional(logged) : std::nullopt;
}

}  // namespace millrace::mysql
