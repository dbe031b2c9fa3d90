#include "expr/functions/time_fields.h"

#include "expr/day_time.h"
#include "row/calendar.h"

namespace millrace {
namespace {

// Like MonthsOf, also for units longer than a year; 0 for units that are not a number of months.
int64_t CalendarMonthsOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillennium:
      return 12'000;
    case TimeUnit::kCentury:
      return 1'200;
    case TimeUnit::kDecade:
      return 120;
    default:
      return MonthsOf(unit);
  }
}

int64_t MicrosecondsOf(TimeUnit unit) {
  if (unit == TimeUnit::kMillisecond) return kMillisecondUs;
  const int64_t milliseconds = MillisecondsOf(unit);
  return milliseconds != 0 ? milliseconds * kMillisecondUs : 1;
}

}  // namespace

int64_t FloorTo(TimeUnit unit, int64_t local_us) {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const Civil civil = CivilFromDays(days);
  const auto years = [&](int64_t size, int64_t first) {
    const int64_t year = FloorDivide(civil.year - first, size) * size + first;
    return DaysFromCivil(year, 1, 1) * kDayUs;
  };
  switch (unit) {
    case TimeUnit::kMillennium:
      return years(1000, 1);
    case TimeUnit::kCentury:
      return years(100, 1);
    case TimeUnit::kDecade:
      return years(10, 0);
    case TimeUnit::kYear:
      return years(1, 0);
    case TimeUnit::kQuarter:
      return DaysFromCivil(civil.year, (civil.month - 1) / 3 * 3 + 1, 1) * kDayUs;
    case TimeUnit::kMonth:
      return DaysFromCivil(civil.year, civil.month, 1) * kDayUs;
    case TimeUnit::kWeek:
      return (days - WeekDay(days)) * kDayUs;
    case TimeUnit::kDay:
      return days * kDayUs;
    case TimeUnit::kHour:
      return FloorDivide(local_us, kHourUs) * kHourUs;
    case TimeUnit::kMinute:
      return FloorDivide(local_us, kMinuteUs) * kMinuteUs;
    case TimeUnit::kSecond:
      return FloorDivide(local_us, kSecondUs) * kSecondUs;
    default:
      return FloorDivide(local_us, kMillisecondUs) * kMillisecondUs;
  }
}

std::optional<int64_t> Shift(TimeUnit unit, int64_t count, int64_t local_us) {
  constexpr int64_t kMonthsMax = 12 * 100'000;
  int64_t amount = 0;
  if (const int64_t months = CalendarMonthsOf(unit); months != 0) {
    if (__builtin_mul_overflow(count, months, &amount) || amount > kMonthsMax ||
        amount < -kMonthsMax) {
      return std::nullopt;
    }
    const int64_t days = FloorDivide(local_us, kDayUs);
    const int64_t later = AddMonths(days, amount);
    if (later > kDaysMax || later < -kDaysMax) return std::nullopt;
    return later * kDayUs + (local_us - days * kDayUs);
  }
  int64_t result = 0;
  if (__builtin_mul_overflow(count, MicrosecondsOf(unit), &amount) ||
      __builtin_add_overflow(local_us, amount, &result)) {
    return std::nullopt;
  }
  return result;
}

namespace {

// Whole months from `from` to `to`, rounded towards zero.
int64_t MonthsBetween(int64_t from, int64_t to) {
  if (to < from) return -MonthsBetween(to, from);
  const Civil first = CivilFromDays(FloorDivide(from, kDayUs));
  const Civil last = CivilFromDays(FloorDivide(to, kDayUs));
  int64_t months = (last.year - first.year) * 12 + static_cast<int64_t>(last.month) -
                   static_cast<int64_t>(first.month);
  const int64_t reached = *Shift(TimeUnit::kMonth, months, from);
  return reached > to ? months - 1 : months;
}

}  // namespace

int64_t UnitsBetween(TimeUnit unit, int64_t from, int64_t to) {
  const int64_t months = CalendarMonthsOf(unit);
  return months != 0 ? MonthsBetween(from, to) / months : (to - from) / MicrosecondsOf(unit);
}

}  // namespace millrace
