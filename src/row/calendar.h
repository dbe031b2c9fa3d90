// The proleptic Gregorian calendar: dates as days since 1970-01-01, and back. Any year.
#pragma once

#include <cstdint>

namespace millrace {

struct Civil {
  int64_t year;
  unsigned month;
  unsigned day;
};

// Of a month and a day that exist in some year; a day beyond the end of its month counts on.
int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day);
Civil CivilFromDays(int64_t days);

constexpr bool IsValidDate(int64_t year, int64_t month, int64_t day) {
  if (month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  if (month != 2) return day <= (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
  return day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Rounds down, also below zero: which day a moment before 1970 belongs to. `b` > 0.
constexpr int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Microseconds with at most that many fraction digits of a second, rounded down.
constexpr int64_t CutFraction(int64_t microseconds, uint8_t digits) {
  int64_t unit = 1;
  for (int i = digits; i < 6; ++i) unit *= 10;
  return FloorDivide(microseconds, unit) * unit;
}

}  // namespace millrace
