// Dates and times in the forms that Flink reads: each of its functions has its own leniency.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "row/type.h"

namespace millrace {

// CAST AS DATE, TO_DATE: 'y[-m[-d]]' as days since 1970-01-01. Blanks around it and text after a
// space are ignored.
std::optional<int64_t> ParseDateText(std::string_view text);
// CAST AS TIME: 'h[:m[:s[.f]]]' as microseconds since midnight. Blanks around it are ignored; an
// offset (+hh:mm) may follow and is ignored.
std::optional<int64_t> ParseTimeText(std::string_view text);

// The others are microseconds since 1970-01-01 00:00:00 as wall clock.
//
// CAST AS TIMESTAMP, TO_TIMESTAMP: 'yyyy-m-d[ h:m:s[.f]]' and nothing else, with up to 9 digits of
// the fraction. February the 30th is its last day, and 24:00:00 the next day.
std::optional<int64_t> ParseTimestampText(std::string_view text);
// DATE_FORMAT, CONVERT_TZ and UNIX_TIMESTAMP of a string: 'y-m-d h:m:s' as SimpleDateFormat reads
// it. Values beyond their limits count on (13 months, 24 hours); a fraction is read too, and text
// after it ignored.
std::optional<int64_t> ParseLenientTimestamp(std::string_view text);
// TO_TIMESTAMP with a pattern that does not match: 'yyyy-m-d[ h:m:s[.f]]' as java.sql.Timestamp and
// java.sql.Date read it. A day beyond the end of its month and a time beyond its limits count on.
std::optional<int64_t> ParseJdbcTimestamp(std::string_view text);

// The text of a DATE (days), TIME or TIMESTAMP literal. Only dates and times that exist.
std::optional<int64_t> ParseLiteral(TypeKind kind, std::string_view text);

// The day of a month, or the last one if the month has fewer (28 at least), in days since
// 1970-01-01.
int64_t LastValidDay(int64_t year, int64_t month, int64_t day);

}  // namespace millrace
