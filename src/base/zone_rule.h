// The rule by which a time zone changes its clocks every year, as the variable TZ of POSIX and the
// last line of a file of the time zone database have it: "EST5EDT,M3.2.0,M11.1.0".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

class ZoneRule final {
 public:
  // Nothing if the text is not a rule or has no summer time.
  static std::optional<ZoneRule> Parse(std::string_view text);

  // A time between two changes, in seconds since 1970 of UTC: [begin, end).
  struct Stretch {
    int64_t begin;
    int64_t end;
    int64_t offset;  // seconds east of UTC
  };
  Stretch At(int64_t second) const;
  // The instant of a wall clock: of two the first, or the second; where clocks were put forward,
  // counted from before the jump.
  int64_t ToInstant(int64_t local, bool second_of_two) const;

 private:
  // A day of a year: "M3.2.0" the second Sunday of March, "J60" without and "59" with leap days.
  struct Change {
    char kind = 'M';
    int64_t month = 1;
    int64_t week = 1;
    int64_t day = 0;
    int64_t time = 2 * 3600;            // seconds after midnight by the clock before the change
    int64_t DayIn(int64_t year) const;  // since 1970
  };
  static std::optional<Change> TakeChange(std::string_view* text);

  int64_t standard_ = 0;  // seconds east of UTC
  int64_t summer_ = 0;
  Change begin_;  // of summer time
  Change end_;
};

}  // namespace millrace
