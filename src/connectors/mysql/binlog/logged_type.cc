#include "connectors/mysql/binlog/logged_type.h"

#include <algorithm>
#include <iterator>

#include "connectors/mysql/values/decimal.h"

namespace millrace::mysql {
namespace {

constexpr uint8_t kFractionDigitsMax = 6;
using enum FieldType::Code;

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
  uint8_t type;
  Wire wire;
  Rule rule;
  uint8_t bytes = 0;
};

constexpr TypeRule kRules[] = {
    {kTiny, Wire::kInteger, Rule::kNone, 1},
    {kShort, Wire::kInteger, Rule::kNone, 2},
    {kLong, Wire::kInteger, Rule::kNone, 4},
    {kFloat, Wire::kFloat, Rule::kUnused, 4},
    {kDouble, Wire::kDouble, Rule::kUnused, 8},
    {kOldTimestamp, Wire::kOldTimestamp, Rule::kNone, 4},
    {kLongLong, Wire::kInteger, Rule::kNone, 8},
    {kInt24, Wire::kInteger, Rule::kNone, 3},
    {kDate, Wire::kDate, Rule::kNone, 3},
    {kOldTime, Wire::kOldTime, Rule::kNone, 3},
    {kOldDateTime, Wire::kOldDateTime, Rule::kNone, 8},
    {kYear, Wire::kYear, Rule::kNone, 1},
    {kVarchar, Wire::kVarchar, Rule::kBytesMax},
    {kBit, Wire::kBit, Rule::kBits},
    {kTimestamp2, Wire::kTimestamp2, Rule::kFraction, 4},
    {kDateTime2, Wire::kDateTime2, Rule::kFraction, 5},
    {kTime2, Wire::kTime2, Rule::kFraction, 3},
    {kCompressedBlob, Wire::kCompressedBlob, Rule::kLength},
    {kCompressedVarchar, Wire::kCompressedVarchar, Rule::kBytesMax},
    {kVector, Wire::kBlob, Rule::kLength},
    {kJson, Wire::kJson, Rule::kLength},
    {kDecimal, Wire::kDecimal, Rule::kDecimal},
    {kEnum, Wire::kEnum, Rule::kPacked, 2},
    {kSet, Wire::kSet, Rule::kPacked, 8},
    {kBlob, Wire::kBlob, Rule::kLength},
    {kVarString, Wire::kVarchar, Rule::kBytesMax},
    {kString, Wire::kString, Rule::kString},
    {kGeometry, Wire::kBlob, Rule::kLength},
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
      if (low == kEnum || low == kSet) return ParseLoggedType(low, metadata);
      // Two bits of the length hide in the type, turned.
      logged.bytes_max = ((low & 0x30u) ^ 0x30u) << 4 | high;
      logged.width = LengthBytes(logged.bytes_max);
      break;
  }
  return known ? std::optional(logged) : std::nullopt;
}

}  // namespace millrace::mysql
