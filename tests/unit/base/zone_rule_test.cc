#include "base/zone_rule.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("a rule of POSIX") {
  const auto rule = ZoneRule::Parse("EST5EDT,M3.2.0,M11.1.0");
  REQUIRE(rule.has_value());
  constexpr int64_t kSpring = 1'710'054'000;  // 2024-03-10 07:00 UTC
  CHECK(rule->At(kSpring).begin == kSpring);
  CHECK(rule->At(kSpring).offset == -4 * 3600);
  CHECK(rule->At(kSpring - 1).offset == -5 * 3600);
  CHECK(rule->At(kSpring - 1).end == kSpring);
  // 02:30 never was; 01:30 of November 3 was twice.
  CHECK(rule->ToInstant(1'710'037'800, false) == kSpring + 1800);
  CHECK(rule->ToInstant(1'730'597'400, false) == 1'730'597'400 + 4 * 3600);
  CHECK(rule->ToInstant(1'730'597'400, true) == 1'730'597'400 + 5 * 3600);
}

TEST_CASE("names in angle brackets, negative times, days of the year") {
  const auto greenland = ZoneRule::Parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
  REQUIRE(greenland.has_value());
  CHECK(greenland->At(1'720'000'000).offset == -3600);
  const auto ireland = ZoneRule::Parse("IST-1GMT0,M10.5.0,M3.5.0/1");
  REQUIRE(ireland.has_value());
  CHECK(ireland->At(1'720'000'000).offset == 3600);
  CHECK(ireland->At(1'704'067'200).offset == 0);
  const auto julian = ZoneRule::Parse("AAA0BBB,J60/0,300/0");
  REQUIRE(julian.has_value());
  CHECK(julian->At(1'709'251'200).begin == 1'709'251'200);  // 2024-03-01, a leap year
  for (const char* bad : {"", "UTC0", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
                          "EST5EDT,M3.2.0,M11.1.0x", "<EST5EDT,M3.2.0,M11.1.0"}) {
    CAPTURE(bad);
    CHECK(!ZoneRule::Parse(bad).has_value());
  }
}
