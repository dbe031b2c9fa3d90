#include "expr/temporal_text.h"

#include <doctest/doctest.h>

#include "expr/day_time.h"

using namespace millrace;

TEST_CASE("dates may lack month and day, and must exist") {
  CHECK(ParseDateText("1970-01-02") == 1);
  CHECK(ParseDateText(" 1970-1-2 ") == 1);
  CHECK(ParseDateText("1971") == 365);
  CHECK(ParseDateText("1970-01-02 23:00:00") == 1);
  for (const char* invalid : {"", "x", "2023-02-29", "1970-13-01", "1970-00-01", "1970/01/02"}) {
    CAPTURE(invalid);
    CHECK_FALSE(ParseDateText(invalid).has_value());
  }
}

TEST_CASE("times may lack minutes, seconds and a fraction") {
  CHECK(ParseTimeText("1") == kHourUs);
  CHECK(ParseTimeText("01:02:03.5") == kHourUs + 2 * kMinuteUs + 3'500'000);
  CHECK(ParseTimeText("01:00:00.1234567") == kHourUs + 123'456);
  CHECK(ParseTimeText("01:00:00+08:00") == kHourUs);
  for (const char* invalid : {"", "24:00:00", "01:60", "01:00:00+8", "01:00:00x"}) {
    CAPTURE(invalid);
    CHECK_FALSE(ParseTimeText(invalid).has_value());
  }
}

TEST_CASE("timestamps have a date of at least two parts") {
  CHECK(ParseTimestampText("1970-01-02 01:00") == kDayUs + kHourUs);
  CHECK(ParseTimestampText("1970-01") == 0);
  CHECK_FALSE(ParseTimestampText("1970").has_value());
  CHECK_FALSE(ParseTimestampText("1970-01-02T01:00").has_value());
}
