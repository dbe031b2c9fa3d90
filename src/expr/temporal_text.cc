#include "expr/temporal_text.h"

#include <array>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/scan.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr size_t kYearDigitsMax = 4;

std::optional<int64_t> TakeDate(std::string_view* text, bool year_alone) {
  const auto year = TakeDigits(text, 1, kYearDigitsMax);
  if (!year) return std::nullopt;
  int64_t month = 1;
  int64_t day = 1;
  if (TakeChar(text, '-')) {
    const auto parsed_month = TakeDigits(text, 1, 2);
    if (!parsed_month) return std::nullopt;
    month = *parsed_month;
    if (TakeChar(text, '-')) {
      const auto parsed_day = TakeDigits(text, 1, 2);
      if (!parsed_day) return std::nullopt;
      day = *parsed_day;
    }
  } else if (!year_alone) {
    return std::nullopt;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  const int64_t days =
      DaysFromCivil(*year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  if (CivilFromDays(days).day != static_cast<unsigned>(day)) return std::nullopt;
  return days;
}

std::optional<int64_t> TakeTime(std::string_view* text) {
  std::array<int64_t, 3> parts = {};
  const std::array<int64_t, 3> limits = {23, 59, 59};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && !TakeChar(text, ':')) break;
    const auto part = TakeDigits(text, 1, 2);
    if (!part || *part > limits[i]) return std::nullopt;
    parts[i] = *part;
  }
  int64_t microseconds = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * kSecondUs;
  if (!TakeChar(text, '.')) return microseconds;
  for (int64_t unit = kSecondUs / 10;; unit /= 10) {
    const auto digit = TakeDigits(text, 1, 1);
    if (!digit) return microseconds;
    microseconds += *digit * unit;
  }
}

}  // namespace

std::optional<int64_t> ParseDateText(std::string_view text) {
  text = Trim(text);
  text = text.substr(0, text.find(' '));
  const std::optional<int64_t> days = TakeDate(&text, true);
  return text.empty() ? days : std::nullopt;
}

std::optional<int64_t> ParseTimeText(std::string_view text) {
  text = Trim(text);
  const std::optional<int64_t> time = TakeTime(&text);
  // An offset may follow; it has no meaning for a TIME.
  if (TakeChar(&text, '+') || TakeChar(&text, '-')) {
    const bool offset = TakeDigits(&text, 1, 2) && TakeChar(&text, ':') && TakeDigits(&text, 1, 2);
    if (!offset) return std::nullopt;
  }
  return text.empty() ? time : std::nullopt;
}

std::optional<int64_t> ParseTimestampText(std::string_view text) {
  text = Trim(text);
  const std::optional<int64_t> days = TakeDate(&text, false);
  if (!days) return std::nullopt;
  int64_t time = 0;
  if (TakeChar(&text, ' ')) {
    const std::optional<int64_t> parsed = TakeTime(&text);
    if (!parsed) return std::nullopt;
    time = *parsed;
  }
  if (!text.empty()) return std::nullopt;
  return *days * kDayUs + time;
}

}  // namespace millrace
