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
  for (const char* invalid :
       {"", "24:00:00", "01:60", "01:00:00+8", "01:00:00x", "1.5", "01:02.5", "5.", "123"}) {
    CAPTURE(invalid);
    CHECK_FALSE(ParseTimeText(invalid).has_value());
  }
}

TEST_CASE("timestamps have all three parts of a date, and of a time if they have one") {
  CHECK(ParseTimestampText("1970-1-2") == kDayUs);
  CHECK(ParseTimestampText("1970-01-02 1:0:0.5") == kDayUs + kHourUs + 500'000);
  CHECK(ParseTimestampText("1970-01-02 00:00:01.") == kDayUs + kSecondUs);
  CHECK(ParseTimestampText("1970-01-01 24:00:00") == kDayUs);
  CHECK(ParseTimestampText("1971-02-30") == ParseTimestampText("1971-02-28"));
  for (const char* invalid : {"", "1970", "1970-01", "1970-01-02 01:00", "1970-01-02T01:00:00",
                              " 1970-01-02", "1970-01-32", "0000-01-01", "1970-01-02 24:00:01",
                              "1970-01-02 00:00:00.1234567890", "70-01-02"}) {
    CAPTURE(invalid);
    CHECK_FALSE(ParseTimestampText(invalid).has_value());
  }
}

TEST_CASE("SimpleDateFormat counts on and ignores what follows") {
  CHECK(ParseLenientTimestamp("1970-1-1 24:00:00") == kDayUs);
  CHECK(ParseLenientTimestamp("1969-13-1 0:0:61x") == 61 * kSecondUs);
  CHECK(ParseLenientTimestamp(" 1970-01-02 00:00:00.25 more") == kDayUs + 250'000);
  CHECK_FALSE(ParseLenientTimestamp("1970-01-02").has_value());
  CHECK_FALSE(ParseLenientTimestamp("1970-01-02 00:00").has_value());
  CHECK_FALSE(ParseLenientTimestamp("999999999-01-02 00:00:00").has_value());
}

TEST_CASE("java.sql.Timestamp counts days and times on") {
  CHECK(ParseJdbcTimestamp(" 1970-1-2 ") == kDayUs);
  CHECK(ParseJdbcTimestamp("1971-02-30") == ParseTimestampText("1971-03-02"));
  CHECK(ParseJdbcTimestamp("1970-01-01 25:0:0.5") == kDayUs + kHourUs + 500'000);
  CHECK_FALSE(ParseJdbcTimestamp("1970-13-01").has_value());
  CHECK_FALSE(ParseJdbcTimestamp("1970-01-01 00:00").has_value());
}

TEST_CASE("literals are complete and exist") {
  CHECK(ParseLiteral(TypeKind::kDate, "1970-1-2") == 1);
  CHECK(ParseLiteral(TypeKind::kTimestamp, "1970-01-02") == kDayUs);
  CHECK(ParseLiteral(TypeKind::kTimestamp, "1970-01-01 01:00:00.5") == kHourUs + 500'000);
  CHECK(ParseLiteral(TypeKind::kTime, "1:00:00") == kHourUs);
  CHECK_FALSE(ParseLiteral(TypeKind::kTime, "12:34").has_value());
  CHECK_FALSE(ParseLiteral(TypeKind::kTime, "24:00:00").has_value());
  for (const char* invalid : {"1970-01-02 13:04:05", "1970-01", "0000-01-01", "1970-02-30"}) {
    CAPTURE(invalid);
    CHECK_FALSE(ParseLiteral(TypeKind::kDate, invalid).has_value());
  }
  CHECK_FALSE(ParseLiteral(TypeKind::kTimestamp, "1970-01-02 13:04").has_value());
}
