// INTERVAL: its units, its literals, and its arithmetic with dates and times. An interval is a
// number of months or a number of milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expr/ops.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace {

// Units of INTERVAL, EXTRACT, TIMESTAMPADD, FLOOR(t TO unit) and the like.
enum class TimeUnit : uint8_t {
  kMillennium,
  kCentury,
  kDecade,
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
  kEpoch,         // this and the following only in EXTRACT
  kDayOfWeek,     // DOW: 1 is Sunday
  kIsoDayOfWeek,  // ISODOW: 1 is Monday
  kIsoYear,
  kDayOfYear,  // DOY
};
// In any case; "SQL_TSI_YEAR" of ODBC too.
std::optional<TimeUnit> ParseTimeUnit(std::string_view name);
// Months of YEAR, QUARTER, MONTH; milliseconds of WEEK, DAY, HOUR, MINUTE, SECOND; 0 for all
// others.
int64_t MonthsOf(TimeUnit unit);
int64_t MillisecondsOf(TimeUnit unit);

struct IntervalLiteral {
  Type type;
  std::string text;  // of a constant of that type: "+7-00", "+1 10:17:36.789"
};
// INTERVAL 'text' from [TO to]: ('10', "DAY", ""), ('1-2', "YEAR", "MONTH"), ('-1 10:17:36.789',
// "DAY", "SECOND"). Nothing if the text is not such an interval.
std::optional<IntervalLiteral> ParseInterval(std::string_view text, std::string_view from,
                                             std::string_view to);

// The text of a constant ("+7-00", "+1 10:17:36.789") as months or milliseconds.
std::optional<int64_t> ParseYearIntervalText(std::string_view text);
std::optional<int64_t> ParseDayIntervalText(std::string_view text);

// The last date, in days since 1970: microseconds must be able to count it.
inline constexpr int64_t kDaysMax = 100'000'000;

// The date `months` later, both in days since 1970. A day after the end of the month becomes its
// last day. Both within some hundred thousand years.
int64_t AddMonths(int64_t days, int64_t months);
// a +- b, where one is a date or time and the other an interval, or both are intervals, or one is
// an interval and the other a DOUBLE to multiply or divide by; none is NULL. The result is of kind
// `type`; nothing if it is out of range.
std::optional<Cell> CalculateInterval(Op op, const Cell& a, const Cell& b, const Type& type);

}  // namespace millrace
