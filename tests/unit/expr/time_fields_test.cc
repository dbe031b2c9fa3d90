#include "expr/functions/time_fields.h"

#include <doctest/doctest.h>

#include "expr/day_time.h"
#include "row/calendar.h"

using namespace millrace;

namespace {

int64_t At(int64_t year, unsigned month, unsigned day, int64_t of_day_us = 0) {
  return DaysFromCivil(year, month, day) * kDayUs + of_day_us;
}

}  // namespace

TEST_CASE("fields of a time, also before 1970") {
  const int64_t time = At(2024, 2, 29, 23 * kHourUs + 59 * kMinuteUs + 58'123'456);
  CHECK(FieldOf(TimeUnit::kYear, time) == 2024);
  CHECK(FieldOf(TimeUnit::kQuarter, time) == 1);
  CHECK(FieldOf(TimeUnit::kDayOfYear, time) == 60);
  CHECK(FieldOf(TimeUnit::kHour, time) == 23);
  CHECK(FieldOf(TimeUnit::kSecond, time) == 58);
  CHECK(FieldOf(TimeUnit::kMillisecond, time) == 123);
  CHECK(FieldOf(TimeUnit::kHour, -1) == 23);
  CHECK(FieldOf(TimeUnit::kYear, -1) == 1969);
  CHECK(FieldOf(TimeUnit::kEpoch, -1) == -1);
}

TEST_CASE("an ISO week belongs to the year of its Thursday") {
  CHECK(FieldOf(TimeUnit::kWeek, At(2021, 1, 3)) == 53);
  CHECK(FieldOf(TimeUnit::kIsoYear, At(2021, 1, 3)) == 2020);
  CHECK(FieldOf(TimeUnit::kWeek, At(2024, 12, 30)) == 1);
  CHECK(FieldOf(TimeUnit::kIsoYear, At(2024, 12, 30)) == 2025);
}

TEST_CASE("the start of a unit") {
  const int64_t time = At(2024, 5, 15, 12 * kHourUs + 34 * kMinuteUs);
  CHECK(FloorTo(TimeUnit::kYear, time) == At(2024, 1, 1));
  CHECK(FloorTo(TimeUnit::kQuarter, time) == At(2024, 4, 1));
  CHECK(FloorTo(TimeUnit::kWeek, time) == At(2024, 5, 12));
  CHECK(FloorTo(TimeUnit::kHour, time) == At(2024, 5, 15, 12 * kHourUs));
  CHECK(FloorTo(TimeUnit::kCentury, time) == At(2001, 1, 1));
}

TEST_CASE("counting in units stays within months and within the range of times") {
  CHECK(Shift(TimeUnit::kMonth, 1, At(2024, 1, 31)) == At(2024, 2, 29));
  CHECK(Shift(TimeUnit::kYear, -1, At(2024, 2, 29)) == At(2023, 2, 28));
  CHECK(Shift(TimeUnit::kDay, 1, At(2024, 2, 29)) == At(2024, 3, 1));
  CHECK_FALSE(Shift(TimeUnit::kYear, 1'000'000, 0).has_value());
  CHECK_FALSE(Shift(TimeUnit::kDay, INT64_MAX, 0).has_value());
}

TEST_CASE("whole units between two times are rounded towards zero") {
  CHECK(UnitsBetween(TimeUnit::kMonth, At(2024, 1, 31), At(2024, 2, 29)) == 1);
  CHECK(UnitsBetween(TimeUnit::kMonth, At(2024, 1, 15), At(2024, 2, 14)) == 0);
  CHECK(UnitsBetween(TimeUnit::kMonth, At(2024, 2, 14), At(2024, 1, 15)) == 0);
  CHECK(UnitsBetween(TimeUnit::kHour, 0, 90 * kMinuteUs) == 1);
  CHECK(UnitsBetween(TimeUnit::kHour, 0, -90 * kMinuteUs) == -1);
}
