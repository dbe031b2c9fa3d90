// Fields of a date and time, and counting in calendar units. Times are microseconds since
// 1970-01-01 00:00:00 as wall clock.
#pragma once

#include <cstdint>
#include <optional>

#include "expr/day_time.h"
#include "expr/interval.h"
#include "row/calendar.h"

namespace millrace {

inline int64_t WeekDay(int64_t days) { return ((days + 4) % 7 + 7) % 7; }  // 0: Sunday

// The Thursday of an ISO week decides its year and number.
inline int64_t ThursdayOf(int64_t days) { return days - (WeekDay(days) + 6) % 7 + 3; }

// The value of EXTRACT(unit FROM time). Here, inline, so that YEAR(t) runs no switch.
inline int64_t FieldOf(TimeUnit unit, int64_t local_us) {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const int64_t of_day = local_us - days * kDayUs;
  const Civil civil = CivilFromDays(days);
  switch (unit) {
    case TimeUnit::kMillennium:
      return FloorDivide(civil.year + 999, 1000);
    case TimeUnit::kCentury:
      return FloorDivide(civil.year + 99, 100);
    case TimeUnit::kDecade:
      return FloorDivide(civil.year, 10);
    case TimeUnit::kYear:
      return civil.year;
    case TimeUnit::kQuarter:
      return (civil.month + 2) / 3;
    case TimeUnit::kMonth:
      return civil.month;
    case TimeUnit::kWeek: {
      const int64_t thursday = ThursdayOf(days);
      return (thursday - DaysFromCivil(CivilFromDays(thursday).year, 1, 1)) / 7 + 1;
    }
    case TimeUnit::kDay:
      return civil.day;
    case TimeUnit::kHour:
      return of_day / kHourUs;
    case TimeUnit::kMinute:
      return of_day / kMinuteUs % 60;
    case TimeUnit::kSecond:
      return of_day / kSecondUs % 60;
    case TimeUnit::kMillisecond:
      return of_day / kMillisecondUs % 1'000;
    case TimeUnit::kMicrosecond:
      return of_day % kSecondUs;
    case TimeUnit::kNanosecond:
      return of_day % kSecondUs * 1'000;
    case TimeUnit::kEpoch:
      return FloorDivide(local_us, kSecondUs);
    case TimeUnit::kDayOfWeek:
      return WeekDay(days) + 1;
    case TimeUnit::kIsoDayOfWeek:
      return (WeekDay(days) + 6) % 7 + 1;
    case TimeUnit::kIsoYear:
      return CivilFromDays(ThursdayOf(days)).year;
    case TimeUnit::kDayOfYear:
      return days - DaysFromCivil(civil.year, 1, 1) + 1;
  }
  return 0;
}

// The start of the unit that contains `local_us`. Weeks start on Sunday.
int64_t FloorTo(TimeUnit unit, int64_t local_us);
// The time `count` units later; a day after the end of its month becomes the last one. Nothing if
// it is out of range.
std::optional<int64_t> Shift(TimeUnit unit, int64_t count, int64_t local_us);
// Whole units from one time to the other, rounded towards zero. Up to kMicrosecond.
int64_t UnitsBetween(TimeUnit unit, int64_t from, int64_t to);

}  // namespace millrace
