#include "minidoris/table/convert.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "minidoris/table/convert_time.h"
#include "minidoris/table/decimal_text.h"
#include "minidoris/table/json_value.h"
#include "minidoris/table/nested.h"
#include "minidoris/table/row_code.h"

namespace millrace::minidoris {
namespace {

constexpr double kWholeNumberMax = 1e15;  // larger ones are printed with an exponent
constexpr int kLargeIntDigits = 39;
constexpr std::string_view kLargeIntMax = "170141183460469231731687303715884105727";
constexpr std::string_view kLargeIntMin = "-170141183460469231731687303715884105728";

Conversion AppendInteger(std::string_view text, int64_t min, int64_t max, std::string* out) {
  text = Trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return Conversion::kBad;
  if (value < min || value > max) return Conversion::kBad;
  AppendInt(value, out);
  return Conversion::kStored;
}

template <typename Integer>
Conversion AppendInteger(std::string_view text, std::string* out) {
  return AppendInteger(text, std::numeric_limits<Integer>::min(),
                       std::numeric_limits<Integer>::max(), out);
}

Conversion AppendLargeInt(std::string_view text, std::string* out) {
  if (text.find_first_of(".eE") != text.npos) return Conversion::kBad;
  const std::optional<DecimalParts> parts = ReadDecimal(text);
  if (!parts) return Conversion::kBad;
  const std::optional<std::string> value = WriteDecimal(*parts, kLargeIntDigits, 0);
  if (!value || CompareDecimalText(*value, kLargeIntMax) > 0 ||
      CompareDecimalText(*value, kLargeIntMin) < 0) {
    return Conversion::kBad;
  }
  AppendText(*value, out);
  return Conversion::kStored;
}

template <typename Real>
Conversion AppendReal(std::string_view text, std::string* out) {
  text = Trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  Real value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return Conversion::kBad;
  if (error == std::errc::result_out_of_range) return Conversion::kBad;
  if (error != std::errc()) return Conversion::kBad;
  if (std::isnan(value)) {
    AppendText("NaN", out);  // SQLite would turn the number into NULL
  } else {
    AppendDouble(static_cast<double>(value), out);
  }
  return Conversion::kStored;
}

Conversion AppendBoolean(std::string_view text, std::string* out) {
  text = Trim(text);
  for (const std::string_view yes : {"1", "true", "t", "yes", "on"}) {
    if (EqualsIgnoreCase(text, yes)) {
      AppendInt(1, out);
      return Conversion::kStored;
    }
  }
  for (const std::string_view no : {"0", "false", "f", "no", "off"}) {
    if (EqualsIgnoreCase(text, no)) {
      AppendInt(0, out);
      return Conversion::kStored;
    }
  }
  return Conversion::kBad;
}

Conversion AppendDecimal(const ColumnType& type, std::string_view text, std::string* out) {
  const std::optional<DecimalParts> parts = ReadDecimal(text);
  if (!parts) return Conversion::kBad;
  const std::optional<std::string> value = WriteDecimal(
      *parts, static_cast<int>(type.precision - type.scale), static_cast<int>(type.scale));
  if (!value) return Conversion::kBad;
  AppendText(*value, out);
  return Conversion::kStored;
}

Conversion AppendBounded(std::string_view text, size_t bytes_max, std::string* out) {
  if (text.size() > bytes_max) return Conversion::kTooLong;
  AppendText(text, out);
  return Conversion::kStored;
}

Conversion AppendJson(std::string_view text, std::string* out) {
  const std::optional<std::string> stored = StoredJson(text);
  if (!stored) return Conversion::kBad;
  AppendText(*stored, out);
  return Conversion::kStored;
}

Conversion AppendNested(const ColumnType& type, std::string_view text, const ConversionRules& rules,
                        std::string* out) {
  const std::optional<std::string> shown = NestedText(type, text, rules);
  if (!shown) return Conversion::kBad;
  AppendText(*shown, out);
  return Conversion::kStored;
}

Conversion AppendMoment(const std::optional<std::string>& moment, std::string* out) {
  if (!moment) return Conversion::kBad;
  AppendText(*moment, out);
  return Conversion::kStored;
}

}  // namespace

Conversion AppendConverted(const ColumnType& type, std::string_view text,
                           const ConversionRules& rules, std::string* out) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return AppendBoolean(text, out);
    case TypeKind::kTinyInt:
      return AppendInteger<int8_t>(text, out);
    case TypeKind::kSmallInt:
      return AppendInteger<int16_t>(text, out);
    case TypeKind::kInt:
      return AppendInteger<int32_t>(text, out);
    case TypeKind::kBigInt:
      return AppendInteger<int64_t>(text, out);
    case TypeKind::kLargeInt:
      return AppendLargeInt(text, out);
    case TypeKind::kFloat:
      return AppendReal<float>(text, out);
    case TypeKind::kDouble:
      return AppendReal<double>(text, out);
    case TypeKind::kDecimal:
      return AppendDecimal(type, text, out);
    case TypeKind::kDate:
      return AppendMoment(ConvertDate(text), out);
    case TypeKind::kDateTime:
      return AppendMoment(ConvertDateTime(text, type.scale, rules.zone_offset_minutes), out);
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return AppendBounded(text, type.length, out);
    case TypeKind::kString:
      return AppendBounded(text, kStringBytesMax, out);
    case TypeKind::kJson:
      return AppendJson(text, out);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return AppendNested(type, text, rules, out);
  }
  return Conversion::kBad;
}

std::string DoubleText(double value, bool single) {
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (single) return fmt::format("{}", static_cast<float>(value));
  if (value == std::floor(value) && std::fabs(value) < kWholeNumberMax) {
    return fmt::format("{:.0f}", value);
  }
  return fmt::format("{}", value);
}

}  // namespace millrace::minidoris
