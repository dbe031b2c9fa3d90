#include "expr/temporal_text.h"

#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/interval.h"
#include "expr/scan.h"
#include "row/calendar.h"

namespace millrace {
namespace {

constexpr size_t kYearDigitsMax = 4;
constexpr size_t kFieldDigitsMax = 9;  // of SimpleDateFormat; more would be no date either

// 'y[-m[-d]]'.
std::optional<int64_t> TakeDate(std::string_view* text) {
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
  }
  if (!IsValidDate(*year, month, day)) return std::nullopt;
  return DaysFromCivil(*year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

// 'yyyy-m-d', each part with its own digits; a day up to 31 that its month has not is the last one.
std::optional<int64_t> TakeSmartDate(std::string_view* text) {
  const auto year = TakeDigits(text, kYearDigitsMax, kYearDigitsMax);
  if (!year || *year == 0 || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 1, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 1, 2);
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  return LastValidDay(*year, *month, *day);
}

// '.f', after which nothing may follow; up to `digits_max` digits.
std::optional<int64_t> TakeFraction(std::string_view* text, size_t digits_max) {
  int64_t microseconds = 0;
  size_t count = 0;
  for (int64_t unit = kSecondUs / 10; !text->empty() && IsDigit(text->front()); unit /= 10) {
    microseconds += (text->front() - '0') * unit;
    text->remove_prefix(1);
    ++count;
  }
  return count <= digits_max ? std::optional(microseconds) : std::nullopt;
}

// A field of SimpleDateFormat: blanks, perhaps a minus sign, digits.
std::optional<int64_t> TakeField(std::string_view* text) {
  while (TakeChar(text, ' ') || TakeChar(text, '\t')) {
  }
  const bool negative = TakeChar(text, '-');
  const auto value = TakeDigits(text, 1, kFieldDigitsMax);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

int64_t OfDay(int64_t hour, int64_t minute, int64_t second) {
  return ((hour * 60 + minute) * 60 + second) * kSecondUs;
}

// Any month and day, counted on from January and from the first.
int64_t LenientDays(int64_t year, int64_t month, int64_t day) {
  const int64_t months = year * 12 + month - 1;
  const int64_t in_year = FloorDivide(months, 12);
  return DaysFromCivil(in_year, static_cast<unsigned>(months - in_year * 12 + 1), 1) + day - 1;
}

}  // namespace

int64_t LastValidDay(int64_t year, int64_t month, int64_t day) {
  while (!IsValidDate(year, month, day)) --day;
  return DaysFromCivil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

std::optional<int64_t> ParseDateText(std::string_view text) {
  text = Trim(text);
  text = text.substr(0, text.find(' '));
  const std::optional<int64_t> days = TakeDate(&text);
  return text.empty() ? days : std::nullopt;
}

std::optional<int64_t> ParseTimeText(std::string_view text) {
  text = Trim(text);
  std::array<int64_t, 3> parts = {};
  const std::array<int64_t, 3> limits = {23, 59, 59};
  size_t count = 0;
  do {
    const auto part = TakeDigits(&text, 1, 2);
    if (!part || *part > limits[count]) return std::nullopt;
    parts[count++] = *part;
  } while (count < parts.size() && TakeChar(&text, ':'));
  int64_t time = OfDay(parts[0], parts[1], parts[2]);
  if (count == parts.size() && TakeChar(&text, '.')) time += *TakeFraction(&text, SIZE_MAX);
  // An offset may follow; it has no meaning for a TIME.
  if (TakeChar(&text, '+') || TakeChar(&text, '-')) {
    const bool offset = TakeDigits(&text, 1, 2) && TakeChar(&text, ':') && TakeDigits(&text, 1, 2);
    if (!offset) return std::nullopt;
  }
  return text.empty() ? std::optional(time) : std::nullopt;
}

std::optional<int64_t> ParseTimestampText(std::string_view text) {
  constexpr size_t kFractionDigitsMax = 9;
  const std::optional<int64_t> days = TakeSmartDate(&text);
  if (!days) return std::nullopt;
  if (text.empty()) return *days * kDayUs;
  if (!TakeChar(&text, ' ')) return std::nullopt;
  const auto hour = TakeDigits(&text, 1, 2);
  if (!hour || !TakeChar(&text, ':')) return std::nullopt;
  const auto minute = TakeDigits(&text, 1, 2);
  if (!minute || !TakeChar(&text, ':')) return std::nullopt;
  const auto second = TakeDigits(&text, 1, 2);
  if (!second || *minute > 59 || *second > 59) return std::nullopt;
  std::optional<int64_t> fraction = 0;
  if (TakeChar(&text, '.')) fraction = TakeFraction(&text, kFractionDigitsMax);
  if (!fraction || !text.empty()) return std::nullopt;
  const int64_t of_day = OfDay(*hour, *minute, *second) + *fraction;
  if (of_day > kDayUs || (*hour > 23 && of_day != kDayUs)) return std::nullopt;
  return *days * kDayUs + of_day;
}

std::optional<int64_t> ParseLenientTimestamp(std::string_view text) {
  constexpr std::string_view kSeparators = "-- ::";
  constexpr int64_t kYearMax = 200'000;
  std::array<int64_t, 6> fields = {};
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0 && !TakeChar(&text, kSeparators[i - 1])) return std::nullopt;
    const auto field = TakeField(&text);
    if (!field) return std::nullopt;
    fields[i] = *field;
  }
  const int64_t fraction = TakeChar(&text, '.') ? *TakeFraction(&text, SIZE_MAX) : 0;
  const auto& [year, month, day, hour, minute, second] = fields;
  const int64_t days = LenientDays(year, month, day);
  if (year > kYearMax || year < -kYearMax || days > kDaysMax || days < -kDaysMax) {
    return std::nullopt;
  }
  return days * kDayUs + OfDay(hour, minute, second) + fraction;
}

std::optional<int64_t> ParseJdbcTimestamp(std::string_view text) {
  constexpr size_t kFractionDigitsMax = 9;
  text = Trim(text);
  const auto year = TakeDigits(&text, kYearDigitsMax, kYearDigitsMax);
  if (!year || !TakeChar(&text, '-')) return std::nullopt;
  const auto month = TakeDigits(&text, 1, 2);
  if (!month || !TakeChar(&text, '-')) return std::nullopt;
  const auto day = TakeDigits(&text, 1, 2);
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  const int64_t midnight = LenientDays(*year, *month, *day) * kDayUs;
  if (text.empty()) return midnight;
  std::array<int64_t, 3> parts = {};
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto part =
        TakeChar(&text, i == 0 ? ' ' : ':') ? TakeDigits(&text, 1, kFieldDigitsMax) : std::nullopt;
    if (!part) return std::nullopt;
    parts[i] = *part;
  }
  std::optional<int64_t> fraction = 0;
  if (TakeChar(&text, '.')) {
    if (text.empty()) return std::nullopt;
    fraction = TakeFraction(&text, kFractionDigitsMax);
  }
  if (!fraction || !text.empty()) return std::nullopt;
  return midnight + OfDay(parts[0], parts[1], parts[2]) + *fraction;
}

std::optional<int64_t> ParseLiteral(TypeKind kind, std::string_view text) {
  // SimpleDateFormat, but not lenient about values.
  int64_t days = 0;
  if (kind != TypeKind::kTime) {
    const auto year = TakeField(&text);
    const auto month = year && TakeChar(&text, '-') ? TakeField(&text) : std::nullopt;
    const auto day = month && TakeChar(&text, '-') ? TakeField(&text) : std::nullopt;
    constexpr int64_t kYearMax = 9999;
    if (!day || *year < 1 || *year > kYearMax || !IsValidDate(*year, *month, *day)) {
      return std::nullopt;
    }
    days = DaysFromCivil(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
    if (kind == TypeKind::kDate) return text.empty() ? std::optional(days) : std::nullopt;
    if (text.empty()) return days * kDayUs;
    if (!TakeChar(&text, ' ')) return std::nullopt;
  }
  const auto hour = TakeField(&text);
  const auto minute = hour && TakeChar(&text, ':') ? TakeField(&text) : std::nullopt;
  const auto second = minute && TakeChar(&text, ':') ? TakeField(&text) : std::nullopt;
  if (!second || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 ||
      *second > 59) {
    return std::nullopt;
  }
  const int64_t fraction = TakeChar(&text, '.') ? *TakeFraction(&text, SIZE_MAX) : 0;
  if (!text.empty()) return std::nullopt;
  return days * kDayUs + OfDay(*hour, *minute, *second) + fraction;
}

}  // namespace millrace
