// Parsing a string by a date pattern.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/functions/date_pattern.h"
#include "expr/functions/date_pattern_parts.h"
#include "expr/scan.h"
#include "expr/temporal_text.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

// The index of the name at the front of `text`, whole or its first three letters, and removes it.
template <size_t size>
std::optional<int64_t> TakeName(const std::array<std::string_view, size>& names,
                                std::string_view* text) {
  for (size_t i = 0; i < size; ++i) {
    for (const std::string_view name : {names[i], names[i].substr(0, kShortNameSize)}) {
      if (EqualsIgnoreCase(text->substr(0, name.size()), name)) {
        text->remove_prefix(name.size());
        return static_cast<int64_t>(i);
      }
    }
  }
  return std::nullopt;
}

// "Z", "+08", "+0800", "+08:00".
std::optional<int64_t> TakeOffset(std::string_view* text) {
  if (text->starts_with('Z')) {
    text->remove_prefix(1);
    return 0;
  }
  if (!text->starts_with('+') && !text->starts_with('-')) return std::nullopt;
  const int64_t sign = text->front() == '-' ? -1 : 1;
  text->remove_prefix(1);
  const std::optional<int64_t> hours = TakeDigits(text, 2, 2);
  if (!hours) return std::nullopt;
  if (text->starts_with(':')) text->remove_prefix(1);
  const int64_t minutes = TakeDigits(text, 2, 2).value_or(0);
  if (*hours > 18 || minutes > 59) return std::nullopt;
  return sign * (*hours * kHourUs + minutes * kMinuteUs);
}

// The fields that were read.
struct Fields {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
  std::optional<int64_t> day_of_year;
  int64_t hour = 0;
  std::optional<int64_t> hour_of_half;
  bool afternoon = false;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t microsecond = 0;
  std::optional<int64_t> offset_us;
};

// A moment of a later year cannot be counted in microseconds.
constexpr int64_t kYearMax = 292'000;

bool IsBetween(int64_t value, int64_t min, int64_t max) { return value >= min && value <= max; }

std::optional<DatePattern::Moment> ToMoment(Fields fields, DatePattern::Values values) {
  const bool smart = values == DatePattern::Values::kSmart;
  const bool midnight = smart && fields.hour == 24 && fields.minute == 0 && fields.second == 0 &&
                        fields.microsecond == 0;
  if (midnight) fields.hour = 0;
  if (!IsBetween(fields.year, 0, kYearMax) || !IsBetween(fields.month, 1, 12) ||
      !IsBetween(fields.day, 1, 31) || !IsBetween(fields.hour, 0, 23) ||
      !IsBetween(fields.minute, 0, 59) || !IsBetween(fields.second, 0, 59)) {
    return std::nullopt;
  }
  if (!smart && !IsValidDate(fields.year, fields.month, fields.day)) return std::nullopt;
  int64_t days = LastValidDay(fields.year, fields.month, fields.day);
  if (fields.day_of_year) {
    if (!IsBetween(*fields.day_of_year, 1, 366)) return std::nullopt;
    days = DaysFromCivil(fields.year, 1, 1) + *fields.day_of_year - 1;
  }
  if (midnight) ++days;
  int64_t hour = fields.hour;
  if (fields.hour_of_half) {
    if (!IsBetween(*fields.hour_of_half, 0, 12)) return std::nullopt;
    hour = *fields.hour_of_half % 12 + (fields.afternoon ? 12 : 0);
  }
  DatePattern::Moment moment;
  moment.local_us = days * kDayUs + hour * kHourUs + fields.minute * kMinuteUs +
                    fields.second * kSecondUs + fields.microsecond;
  moment.offset_us = fields.offset_us;
  return moment;
}

bool TakeFraction(std::string_view* text, int count, bool fixed, Fields* fields) {
  const size_t before = text->size();
  const auto max = static_cast<size_t>(fixed ? count : DatePattern::kCountMax);
  std::optional<int64_t> value = TakeDigits(text, 1, max);
  if (!value) return false;
  size_t digits = before - text->size();
  for (; digits < 6; ++digits) *value *= 10;
  for (; digits > 6; --digits) *value /= 10;
  fields->microsecond = *value;
  return true;
}

// Sets the field of a letter; years of two letters are in this century.
bool SetNumber(char letter, int count, int64_t value, Fields* fields) {
  switch (letter) {
    case 'y':
    case 'u':
      fields->year = count == 2 && value < 100 ? 2000 + value : value;
      return true;
    case 'M':
    case 'L':
      fields->month = value;
      return true;
    case 'd':
      fields->day = value;
      return true;
    case 'D':
      fields->day_of_year = value;
      return true;
    case 'H':
      fields->hour = value;
      return true;
    case 'k':
      fields->hour = value == 24 ? 0 : value;
      return IsBetween(value, 1, 24);
    case 'h':
    case 'K':
      fields->hour_of_half = value;
      return true;
    case 'm':
      fields->minute = value;
      return true;
    case 's':
      fields->second = value;
      return true;
    default:  // Q: follows from the month
      return true;
  }
}

bool TakeWord(char letter, std::string_view* text, Fields* fields) {
  constexpr std::array<std::string_view, 2> kHalves = {"AM", "PM"};
  constexpr std::array<std::string_view, 2> kEras = {"BC", "AD"};
  std::optional<int64_t> index;
  switch (letter) {
    case 'M':
    case 'L':
      index = TakeName(kMonthNames, text);
      if (index) fields->month = *index + 1;
      return index.has_value();
    case 'E':
      return TakeName(kDayNames, text).has_value();
    case 'a':
      index = TakeName(kHalves, text);
      if (index) fields->afternoon = *index == 1;
      return index.has_value();
    case 'G':
      return TakeName(kEras, text).has_value();
    default:
      fields->offset_us = TakeOffset(text);
      return fields->offset_us.has_value();
  }
}

}  // namespace

struct DatePattern::Parsing {
  std::string_view text;  // what is left
  Fields fields;
};

// What is in brackets may be missing: if it does not match, parsing goes on after it.
bool DatePattern::ParseParts(size_t begin, size_t end, Parsing* parsing) const {
  std::string_view& text = parsing->text;
  for (size_t i = begin; i < end; ++i) {
    const Part& part = parts_[i];
    if (part.letter == '[') {
      const Parsing before = *parsing;
      if (!ParseParts(i + 1, part.end, parsing)) *parsing = before;
      i = part.end;
    } else if (part.letter == 0) {
      if (!text.starts_with(part.literal)) return false;
      text.remove_prefix(part.literal.size());
    } else if (part.letter == 'S') {
      if (!TakeFraction(&text, part.count, part.fixed, &parsing->fields)) return false;
    } else if (part.number) {
      const auto count = static_cast<size_t>(part.count);
      const bool year = part.letter == 'y' || part.letter == 'u';
      const size_t max = part.fixed ? count : std::max<size_t>(count, year ? 4 : 2);
      const auto value = TakeDigits(&text, part.fixed ? count : 1, max);
      if (!value || !SetNumber(part.letter, part.count, *value, &parsing->fields)) return false;
    } else if (!TakeWord(part.letter, &text, &parsing->fields)) {
      return false;
    }
  }
  return true;
}

std::optional<DatePattern::Moment> DatePattern::Parse(std::string_view text, bool prefix,
                                                      Values values) const {
  Parsing parsing{text, {}};
  if (!ParseParts(0, parts_.size(), &parsing)) return std::nullopt;
  if (!parsing.text.empty() && !prefix) return std::nullopt;
  return ToMoment(parsing.fields, values);
}

}  // namespace millrace
