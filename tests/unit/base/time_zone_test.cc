#include "base/time_zone.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

using namespace millrace;

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3'600 * kSecond;

TimeZone Zone(const char* name) {
  const std::optional<TimeZone> zone = TimeZone::Parse(name);
  REQUIRE_MESSAGE(zone.has_value(), name);
  return *zone;
}

}  // namespace

TEST_CASE("offsets and names of UTC are fixed") {
  CHECK(Zone("UTC").OffsetAt(0) == 0);
  CHECK(Zone("z").OffsetAt(0) == 0);
  CHECK(Zone("+08:00").OffsetAt(0) == 8 * kHour);
  CHECK(Zone("GMT-3").OffsetAt(0) == -3 * kHour);
  CHECK(Zone("UTC+05:30").OffsetAt(0) == 5 * kHour + kHour / 2);
  CHECK(Zone("-00:00:30").OffsetAt(0) == -30 * kSecond);
  CHECK(Zone("+08:00").is_fixed());
  CHECK(Zone("Etc/UTC").is_fixed());
  CHECK(Zone("UTC") == TimeZone());
  for (const char* bad : {"+19:00", "+8:60", "+", "+8:", "UTC+x", "Nowhere/City", "+1:2:3:4"}) {
    CAPTURE(bad);
    CHECK(!TimeZone::Parse(bad).has_value());
  }
}

TEST_CASE("named zones change their offset") {
  const TimeZone shanghai = Zone("Asia/Shanghai");
  CHECK(shanghai.OffsetAt(1'700'000'000 * kSecond) == 8 * kHour);
  CHECK(shanghai.OffsetAt(520'000'000 * kSecond) == 9 * kHour);  // summer of 1986
  const TimeZone new_york = Zone("America/New_York");
  CHECK(!new_york.is_fixed());
  CHECK(new_york.OffsetAt(1'704'067'200 * kSecond) == -5 * kHour);  // January 2024
  CHECK(new_york.OffsetAt(1'720'000'000 * kSecond) == -4 * kHour);  // July 2024
  CHECK(new_york.OffsetAt(1'704'067'200 * kSecond) == -5 * kHour);
  CHECK(new_york == Zone("America/New_York"));
  CHECK(!(new_york == shanghai));
}

TEST_CASE("gaps move forward, overlaps take the first") {
  const TimeZone zone = Zone("America/New_York");
  // 2024-03-10 02:00 became 03:00 at 07:00 UTC.
  constexpr int64_t kSpring = 1'710'054'000 * kSecond;
  const int64_t two = 1'710'036'000 * kSecond;  // 02:00 as wall clock
  CHECK(zone.ToInstant(two - 1) == kSpring - 1);
  CHECK(zone.ToInstant(two) == kSpring);
  CHECK(zone.ToLocal(zone.ToInstant(two + kHour / 2)) == two + kHour + kHour / 2);
  CHECK(zone.ToInstant(two + kHour) == kSpring);
  // 2024-11-03 02:00 became 01:00 at 06:00 UTC.
  constexpr int64_t kAutumn = 1'730'613'600 * kSecond;
  const int64_t one = 1'730'595'600 * kSecond;  // 01:00 as wall clock
  CHECK(zone.ToInstant(one) == kAutumn - kHour);
  CHECK(zone.ToInstant(one + kHour) == kAutumn + kHour);
}

TEST_CASE("there and back for every half hour of a year, and far away") {
  for (const char* name :
       {"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"}) {
    const TimeZone zone = Zone(name);
    const TimeZone fresh = Zone(name);
    int64_t twice = 0;
    for (int64_t i = 0; i < 366 * 48; ++i) {
      const int64_t instant = 1'704'067'200 * kSecond + i * (kHour / 2);
      const int64_t local = zone.ToLocal(instant);
      if (fresh.ToInstant(local) != instant) ++twice;
    }
    CHECK(twice <= 2);  // the hour that comes twice
    CHECK(zone.ToLocal(INT64_MIN / 2) != 0);
    CHECK(zone.ToLocal(INT64_MAX / 2) != 0);
  }
}

TEST_CASE("default is the zone of the machine") {
  const char* const before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TZ", "Asia/Tokyo", 1);
  CHECK(Zone("default").OffsetAt(0) == 9 * kHour);
  CHECK(Zone("").OffsetAt(0) == 9 * kHour);
  ::setenv("TZ", kept.c_str(), 1);
  if (before == nullptr) ::unsetenv("TZ");
}

TEST_CASE("of a repeated time the second one on request") {
  const TimeZone zone = Zone("America/New_York");
  constexpr int64_t kHalfPastOne = 1'730'597'400 * kSecond;  // 2024-11-03 01:30 as wall clock
  CHECK(zone.ToInstant(kHalfPastOne) == kHalfPastOne + 4 * kHour);
  CHECK(zone.ToInstant(kHalfPastOne, TimeZone::Repeated::kSecond) == kHalfPastOne + 5 * kHour);
}

TEST_CASE("rules hold after the last transition of the database") {
  const TimeZone zone = Zone("America/New_York");
  constexpr int64_t kSummer = 2'540'246'400 * kSecond;  // 2050-07-01 00:00 UTC
  CHECK(zone.OffsetAt(kSummer) == -4 * kHour);
  CHECK(zone.OffsetAt(kSummer + 184 * 24 * kHour) == -5 * kHour);
  CHECK(zone.ToInstant(kSummer) == kSummer + 4 * kHour);
  const TimeZone sydney = Zone("Australia/Sydney");
  CHECK(sydney.OffsetAt(kSummer) == 10 * kHour);
  CHECK(sydney.OffsetAt(kSummer + 184 * 24 * kHour) == 11 * kHour);
  for (int64_t day = 0; day < 3 * 366; ++day) {
    const int64_t instant = kSummer + day * 24 * kHour;
    CHECK(zone.ToInstant(zone.ToLocal(instant)) == instant);
  }
  CHECK(zone.ToLocal(INT64_MAX / 2) < INT64_MAX / 2);
}
