#include "base/units.h"

#include <charconv>
#include <limits>
#include <span>
#include <string>

#include "base/ascii.h"

namespace millrace {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

// "12 unit" with a unit of the table; a missing unit is the first one. Overflow is nothing.
std::optional<int64_t> ParseWithUnit(std::string_view text, std::span<const Unit> units,
                                     int64_t divisor) {
  text = Trim(text);
  size_t digits = 0;
  while (digits < text.size() && IsDigit(text[digits])) ++digits;
  const std::optional<int64_t> number = ParseInteger(text.substr(0, digits));
  if (!number) return std::nullopt;
  const std::string unit = ToLower(Trim(text.substr(digits)));
  for (const Unit& candidate : units) {
    if (unit == candidate.name) {
      if (*number > std::numeric_limits<int64_t>::max() / candidate.factor) return std::nullopt;
      return *number * candidate.factor / divisor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> ParseDurationMs(std::string_view text) {
  constexpr int64_t kMs = 1'000'000, kSecond = 1000 * kMs, kMinute = 60 * kSecond;
  constexpr int64_t kHour = 60 * kMinute, kDay = 24 * kHour;
  static constexpr Unit kUnits[] = {
      {"", kMs},           {"ms", kMs},           {"milli", kMs},
      {"millis", kMs},     {"millisecond", kMs},  {"milliseconds", kMs},
      {"s", kSecond},      {"sec", kSecond},      {"secs", kSecond},
      {"second", kSecond}, {"seconds", kSecond},  {"m", kMinute},
      {"min", kMinute},    {"minute", kMinute},   {"minutes", kMinute},
      {"h", kHour},        {"hour", kHour},       {"hours", kHour},
      {"d", kDay},         {"day", kDay},         {"days", kDay},
      {"us", 1000},        {"\u00b5s", 1000},     {"micro", 1000},
      {"micros", 1000},    {"microsecond", 1000}, {"microseconds", 1000},
      {"ns", 1},           {"nano", 1},           {"nanos", 1},
      {"nanosecond", 1},   {"nanoseconds", 1},
  };
  return ParseWithUnit(text, kUnits, kMs);
}

std::optional<int64_t> ParseMemoryBytes(std::string_view text) {
  static constexpr Unit kUnits[] = {
      {"", 1},
      {"b", 1},
      {"byte", 1},
      {"bytes", 1},
      {"k", 1 << 10},
      {"kb", 1 << 10},
      {"kibibytes", 1 << 10},
      {"m", 1 << 20},
      {"mb", 1 << 20},
      {"mebibytes", 1 << 20},
      {"g", 1 << 30},
      {"gb", 1 << 30},
      {"gibibytes", 1 << 30},
      {"t", int64_t{1} << 40},
      {"tb", int64_t{1} << 40},
      {"tebibytes", int64_t{1} << 40},
  };
  return ParseWithUnit(text, kUnits, 1);
}

std::optional<int64_t> ParseInteger(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> ParseBoolean(std::string_view text) {
  if (EqualsIgnoreCase(text, "true")) return true;
  if (EqualsIgnoreCase(text, "false")) return false;
  return std::nullopt;
}

}  // namespace millrace
