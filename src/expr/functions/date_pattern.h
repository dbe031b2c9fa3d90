// Java's patterns for dates and times: yyyy-MM-dd HH:mm:ss.SSS.
//
//   y u  year         M L  month (MMM Jan, MMMM January)   d  day        D  day of the year
//   E    day of the week (EEEE Monday)                     Q  quarter    a  AM, PM   G  AD, BC
//   H    hour 0-23    k  hour 1-24    h  hour 1-12    K  hour 0-11
//   m    minute       s  second       S  digits of the fraction
//   Z xx +0800        X x  Z, +08, +0800, +08:00            'text' as it is, '' for one '
//
// Other letters are invalid. Parsing is lenient about the number of digits where no other digit can
// follow, but never about values: there is no 30th of February.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

class DatePattern final {
 public:
  static constexpr int kCountMax = 9;  // of a letter

  // Nothing if the pattern is invalid.
  static std::optional<DatePattern> Compile(std::string_view pattern);

  // Appends a wall clock in microseconds, `offset_us` east of UTC.
  void Format(int64_t local_us, int64_t offset_us, std::string* out) const;

  struct Moment {
    int64_t local_us = 0;
    std::optional<int64_t> offset_us;  // if the string has one
  };
  // Fields that the pattern lacks are those of 1970-01-01 00:00:00. Nothing if the string does not
  // match; text after the end of the pattern does not match unless `prefix`.
  std::optional<Moment> Parse(std::string_view text, bool prefix) const;

 private:
  struct Part {
    char letter = 0;     // 0: literal
    int count = 0;       // of the letter
    bool fixed = false;  // exactly `count` digits: another number follows directly
    std::string literal;
  };
  std::vector<Part> parts_;
};

}  // namespace millrace
