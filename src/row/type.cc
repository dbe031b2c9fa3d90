#include "row/type.h"

#include <fmt/format.h>

#include <array>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace {
namespace {

struct PlainName {
  TypeKind kind;
  std::string_view name;
};
constexpr std::array<PlainName, 11> kPlainNames = {
    {{TypeKind::kNull, "NULL"},
     {TypeKind::kBoolean, "BOOLEAN"},
     {TypeKind::kTinyInt, "TINYINT"},
     {TypeKind::kSmallInt, "SMALLINT"},
     {TypeKind::kInt, "INT"},
     {TypeKind::kBigInt, "BIGINT"},
     {TypeKind::kFloat, "FLOAT"},
     {TypeKind::kDouble, "DOUBLE"},
     {TypeKind::kDate, "DATE"},
     {TypeKind::kIntervalYear, "INTERVAL MONTH"},
     {TypeKind::kIntervalDay, "INTERVAL SECOND(3)"}}};

std::string WithLength(std::string_view name, std::string_view longest, uint32_t length) {
  return length == Type::kLengthMax ? std::string(longest) : fmt::format("{}({})", name, length);
}

std::string BareName(const Type& type) {
  for (const PlainName& plain : kPlainNames) {
    if (plain.kind == type.kind) return std::string(plain.name);
  }
  switch (type.kind) {
    case TypeKind::kDecimal:
      return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
    case TypeKind::kChar:
      return fmt::format("CHAR({})", type.length);
    case TypeKind::kVarChar:
      return WithLength("VARCHAR", "STRING", type.length);
    case TypeKind::kBinary:
      return fmt::format("BINARY({})", type.length);
    case TypeKind::kVarBinary:
      return WithLength("VARBINARY", "BYTES", type.length);
    case TypeKind::kTime:
      return fmt::format("TIME({})", type.precision);
    case TypeKind::kTimestamp:
      return fmt::format("TIMESTAMP({})", type.precision);
    case TypeKind::kTimestampLtz:
      return fmt::format("TIMESTAMP_LTZ({})", type.precision);
    default:
      return "ARRAY";
  }
}

// The numbers of "NAME(a)" or "NAME(a, b)"; `name` gets what stands before.
struct Parameters {
  std::string name;
  int count = 0;
  std::array<int64_t, 2> values = {};
};

std::optional<Parameters> ParseParameters(std::string_view text) {
  Parameters parameters;
  const size_t open = text.find('(');
  parameters.name = std::string(Trim(text.substr(0, open)));
  if (open == std::string_view::npos) return parameters;
  if (text.back() != ')') return std::nullopt;
  for (const std::string& part : Split(text.substr(open + 1, text.size() - open - 2), ',')) {
    const std::optional<int64_t> value = ParseInteger(Trim(part));
    if (!value || *value < 0 || parameters.count == 2) return std::nullopt;
    parameters.values[static_cast<size_t>(parameters.count++)] = *value;
  }
  return parameters;
}

std::optional<Type> PlainType(std::string_view name) {
  for (const PlainName& plain : kPlainNames) {
    if (plain.name == name) return Type::Of(plain.kind);
  }
  return std::nullopt;
}

std::optional<Type> TypeOf(const Parameters& parameters) {
  const auto [first, second] = parameters.values;
  const std::string& name = parameters.name;
  if (parameters.count == 0) {
    if (name == "STRING") return Type::String();
    if (name == "BYTES") return Type::Bytes();
    if (name == "ARRAY") return Type::Of(TypeKind::kArray);
    return std::nullopt;
  }
  if (name == "DECIMAL" && parameters.count == 2 && first <= 38 && second <= first) {
    return Type::Decimal(static_cast<uint8_t>(first), static_cast<uint8_t>(second));
  }
  if (parameters.count != 1) return std::nullopt;
  constexpr std::array<PlainName, 7> kWithOne = {{{TypeKind::kChar, "CHAR"},
                                                  {TypeKind::kVarChar, "VARCHAR"},
                                                  {TypeKind::kBinary, "BINARY"},
                                                  {TypeKind::kVarBinary, "VARBINARY"},
                                                  {TypeKind::kTime, "TIME"},
                                                  {TypeKind::kTimestamp, "TIMESTAMP"},
                                                  {TypeKind::kTimestampLtz, "TIMESTAMP_LTZ"}}};
  for (const PlainName& candidate : kWithOne) {
    if (candidate.name != name) continue;
    Type type = Type::Of(candidate.kind);
    if (candidate.kind >= TypeKind::kTime) {
      if (first > 9) return std::nullopt;
      type.precision = static_cast<uint8_t>(first);
    } else {
      if (first > Type::kLengthMax) return std::nullopt;
      type.length = static_cast<uint32_t>(first);
    }
    return type;
  }
  return std::nullopt;
}

}  // namespace

std::string ToString(const Type& type) {
  return BareName(type) + (type.nullable ? "" : " NOT NULL");
}

std::optional<Type> ParseType(std::string_view text) {
  constexpr std::string_view kNotNull = " NOT NULL";
  const bool nullable = !text.ends_with(kNotNull);
  if (!nullable) text.remove_suffix(kNotNull.size());
  std::optional<Type> type = PlainType(text);
  if (!type) {
    const std::optional<Parameters> parameters = ParseParameters(text);
    if (!parameters) return std::nullopt;
    type = TypeOf(*parameters);
  }
  if (type) type->nullable = nullable;
  return type;
}

}  // namespace millrace
