// Java's patterns for dates and times: yyyy-MM-dd HH:mm:ss.SSS.
//
//   y    year         M L  month (MMM Jan, MMMM January)   d  day        D  day of the year
//   E    day of the week (EEEE Monday)                     a  AM, PM     G  AD, BC
//   w    week, from Sunday, 1 has January 1                W  the same within the month
//   Y    year of that week
//   H    hour 0-23    k  hour 1-24    h  hour 1-12    K  hour 0-11
//   m    minute       s  second       S  digits of the fraction
//   Z    +0800        X  Z, +08, +0800, +08:00          'text' as it is, '' for one '
//
// Only of DateTimeFormatter:
//
//   u    year         Q q  quarter (QQQ Q1)             e c  day of the week, 1 is Sunday
//   F    day of the week counted from the first of the month
//   n    nanosecond   N  nanosecond of the day          A    millisecond of the day
//   x    +08, +0800, +08:00                             [ ]  around what may be missing
//
// Only of SimpleDateFormat: u day of the week, 1 is Monday; F which such day of the month; S
// millisecond.
//
// Other letters are invalid. Parsing is lenient about the number of digits where no other digit can
// follow, but never about values, except that February the 30th is its last day and 24:00:00 the
// next day if the pattern is one of DateTimeFormatter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

class DatePattern final {
 public:
  static constexpr int kCountMax = 9;  // of a letter

  enum class Style : uint8_t { kFormatter, kSimple };  // DateTimeFormatter, SimpleDateFormat

  // Nothing if the pattern is invalid.
  static std::optional<DatePattern> Compile(std::string_view pattern,
                                            Style style = Style::kFormatter);

  // False if it has letters that can only be printed: w, e and the like.
  bool can_parse() const { return can_parse_; }

  // Appends a wall clock in microseconds, `offset_us` east of UTC.
  void Format(int64_t local_us, int64_t offset_us, std::string* out) const;

  struct Moment {
    int64_t local_us = 0;
    std::optional<int64_t> offset_us;  // if the string has one
  };
  // Fields that the pattern lacks are those of 1970-01-01 00:00:00. Nothing if the string does not
  // match; text after the end of the pattern does not match unless `prefix`.
  enum class Values : uint8_t { kStrict, kSmart };
  std::optional<Moment> Parse(std::string_view text, bool prefix,
                              Values values = Values::kStrict) const;

 private:
  struct Part {
    char letter = 0;      // 0: literal; [ and ] around an optional part; see date_pattern_parts.h
    int count = 0;        // of the letter
    size_t end = 0;       // of [: the part with its ]
    bool number = false;  // `count` of the letter print as a number
    bool fixed = false;   // exactly `count` digits: another number follows directly
    std::string literal;
  };
  struct Parsing;
  bool ParseParts(size_t begin, size_t end, Parsing* parsing) const;

  std::vector<Part> parts_;
  bool can_parse_ = true;
};

}  // namespace millrace
