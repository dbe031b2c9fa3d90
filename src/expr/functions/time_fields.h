// Fields of a date and time, and counting in calendar units. Times are microseconds since
// 1970-01-01 00:00:00 as wall clock.
#pragma once

#include <cstdint>
#include <optional>

#include "expr/interval.h"

namespace millrace {

// The value of EXTRACT(unit FROM time).
int64_t FieldOf(TimeUnit unit, int64_t local_us);
// The start of the unit that contains `local_us`. Weeks start on Sunday.
int64_t FloorTo(TimeUnit unit, int64_t local_us);
// The time `count` units later; a day after the end of its month becomes the last one. Nothing if
// it is out of range.
std::optional<int64_t> Shift(TimeUnit unit, int64_t count, int64_t local_us);
// Whole units from one time to the other, rounded towards zero. Up to kMicrosecond.
int64_t UnitsBetween(TimeUnit unit, int64_t from, int64_t to);

}  // namespace millrace
