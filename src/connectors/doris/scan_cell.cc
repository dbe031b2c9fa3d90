#include "connectors/doris/scan_cell.h"

#include <charconv>

#include "base/ascii.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace::doris {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr int64_t kHourUs = 60 * kMinuteUs;
constexpr int64_t kDayUs = 24 * kHourUs;
constexpr uint8_t kMicroDigits = 6;

template <typename Number>
std::optional<Number> Parse(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Unsigned digits up to `stop` (or the end), which is taken away too.
std::optional<int64_t> Field(std::string_view* text, char stop) {
  const size_t end = std::min(text->find(stop), text->size());
  const std::optional<uint32_t> value = Parse<uint32_t>(text->substr(0, end));
  text->remove_prefix(std::min(end + 1, text->size()));
  return value;
}

std::optional<int64_t> ParseDays(std::string_view text) {
  const auto year = Field(&text, '-');
  const auto month = Field(&text, '-');
  const auto day = Field(&text, '-');
  if (!year || !month || !day || !text.empty() || *month > 12 || *day > 31) return std::nullopt;
  return DaysFromCivil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

std::optional<int64_t> ParseClock(std::string_view text) {  // [-]HH:mm:ss[.ffffff]
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t dot = text.find('.');
  std::string_view fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  text = text.substr(0, dot);
  const auto hours = Field(&text, ':');
  const auto minutes = Field(&text, ':');
  const auto seconds = Field(&text, ':');
  if (!hours || !minutes || !seconds || !text.empty()) return std::nullopt;
  int64_t microseconds = 0;
  for (size_t i = 0; i < kMicroDigits; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    microseconds = microseconds * 10 + (digit - '0');
  }
  const int64_t value =
      *hours * kHourUs + *minutes * kMinuteUs + *seconds * kSecondUs + microseconds;
  return negative ? -value : value;
}

std::optional<int64_t> ParseMoment(std::string_view text) {
  const size_t middle = text.find_first_of(" T");
  const std::optional<int64_t> days = ParseDays(text.substr(0, middle));
  if (!days) return std::nullopt;
  if (middle == std::string_view::npos) return *days * kDayUs;
  const std::optional<int64_t> clock = ParseClock(text.substr(middle + 1));
  if (!clock) return std::nullopt;
  return *days * kDayUs + *clock;
}

std::optional<Cell> Temporal(CellKind kind, std::optional<int64_t> value, uint8_t digits) {
  if (!value) return std::nullopt;
  return Cell::Temporal(kind, *value, digits);
}

// Decimals have exactly their scale's digits; what is too long is cut, the server rounds to its
// own.
std::optional<Cell> ParseDecimal(const Type& type, std::string_view text, Arena* arena) {
  const size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  const size_t size = whole.size() + (type.scale > 0 ? 1u + type.scale : 0u);
  if (whole.empty() || text.find_first_not_of("+-.0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  char* out = arena->Allocate(size);
  whole.copy(out, whole.size());
  if (type.scale > 0) {
    out[whole.size()] = '.';
    for (size_t i = 0; i < type.scale; ++i) {
      out[whole.size() + 1 + i] = i < fraction.size() ? fraction[i] : '0';
    }
  }
  return Cell::View(CellKind::kDecimal, {out, size}, type.scale);
}

}  // namespace

std::optional<Cell> ParseCell(const Type& type, std::string_view text, const TimeZone& zone,
                              Arena* arena) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      if (text == "1" || EqualsIgnoreCase(text, "true")) return Cell::Bool(true);
      if (text == "0" || EqualsIgnoreCase(text, "false")) return Cell::Bool(false);
      return std::nullopt;
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt: {
      const std::optional<int64_t> value = Parse<int64_t>(text);
      return value ? std::optional(Cell::Int(*value)) : std::nullopt;
    }
    case TypeKind::kFloat: {
      const std::optional<float> value = Parse<float>(text);
      return value ? std::optional(Cell::Float(*value)) : std::nullopt;
    }
    case TypeKind::kDouble: {
      const std::optional<double> value = Parse<double>(text);
      return value ? std::optional(Cell::Double(*value)) : std::nullopt;
    }
    case TypeKind::kDecimal:
      return ParseDecimal(type, text, arena);
    case TypeKind::kDate:
      return Temporal(CellKind::kDate, ParseDays(text.substr(0, text.find(' '))), 0);
    case TypeKind::kTime:
      return Temporal(CellKind::kTime, ParseClock(text), type.precision);
    case TypeKind::kTimestamp:
      return Temporal(CellKind::kTimestamp, ParseMoment(text), type.precision);
    case TypeKind::kTimestampLtz: {
      const std::optional<int64_t> moment = ParseMoment(text);
      if (!moment) return std::nullopt;
      return Cell::Temporal(CellKind::kInstant, zone.ToInstant(*moment), type.precision);
    }
    case TypeKind::kBinary:
    case TypeKind::kVarBinary:
      return Cell::View(CellKind::kBytes, arena->Copy(text));
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
      return std::nullopt;  // the text is not unambiguous; refused before the query
    default:
      return Cell::Text(arena->Copy(text));
  }
}

}  // namespace millrace::doris
