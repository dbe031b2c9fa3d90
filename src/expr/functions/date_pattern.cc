#include "expr/functions/date_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/functions/date_pattern_parts.h"
#include "expr/functions/time_fields.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr size_t kPatternBytesMax = 1024;

constexpr std::string_view kFormatterLetters = "yuYMLdDEecQqFwWaGHkhKmsSnNAZXx";
constexpr std::string_view kSimpleLetters = "yYMLdDEuFwWaGHkhKmsSZX";
constexpr std::string_view kOnlyPrinted = "YecqFwWnNA123";
constexpr std::string_view kOffsets = "ZXx";
constexpr std::string_view kOfDay = "aHkhKmsSnNA3";
constexpr std::string_view kNumbers = "yudDQHkhKmsS";  // and M, L up to two of them

void PutOffset(int64_t offset_us, char letter, int count, std::string* out) {
  if (letter == 'X' && offset_us == 0) {
    *out += 'Z';
    return;
  }
  const int64_t minutes = (offset_us < 0 ? -offset_us : offset_us) / kMinuteUs;
  const char sign = offset_us < 0 ? '-' : '+';
  const bool hours_only = letter != 'Z' && count == 1 && minutes % 60 == 0;
  const bool colon = letter == 'Z' ? count >= 5 : count >= 3;
  fmt::format_to(std::back_inserter(*out), "{}{:02}", sign, minutes / 60);
  if (!hours_only) {
    fmt::format_to(std::back_inserter(*out), "{}{:02}", colon ? ":" : "", minutes % 60);
  }
}

void PutNumber(int64_t value, int count, std::string* out) {
  char digits[kCellTextMax];
  const size_t size = PrintInteger(digits, value);
  if (size < static_cast<size_t>(count)) out->append(static_cast<size_t>(count) - size, '0');
  out->append(digits, size);
}
void PutName(std::string_view name, int count, std::string* out) {
  constexpr int kWholeFrom = 4;
  constexpr int kLetter = 5;
  *out += count == kLetter      ? name.substr(0, 1)
          : count >= kWholeFrom ? name
                                : name.substr(0, kShortNameSize);
}

void PutQuarter(int64_t quarter, int count, std::string* out) {
  constexpr std::array<std::string_view, 4> kOrdinals = {"1st", "2nd", "3rd", "4th"};
  if (count == 3) *out += 'Q';
  if (count == 4) {
    *out += kOrdinals[static_cast<size_t>(quarter - 1)];
    *out += " quarter";
    return;
  }
  PutNumber(quarter, count > 2 ? 1 : count, out);
}

// The number of the week that has `day` of a period (from 0) which begins on weekday `first`.
int64_t WeekNumber(int64_t day, int64_t first) { return (day + first) / 7 + 1; }

// The year of the week from Sunday; the first week of a year is the one with January 1.
int64_t WeekYear(int64_t days, const Civil& civil) {
  const int64_t next = DaysFromCivil(civil.year + 1, 1, 1);
  return days >= next - WeekDay(next) ? civil.year + 1 : civil.year;
}

void PutOfWeek(int64_t days, const Civil& civil, char letter, int count, std::string* out) {
  const int64_t weekday = WeekDay(days);
  switch (letter) {
    case 'e':
    case 'c':
      if (count > 2) return PutName(kDayNames[static_cast<size_t>(weekday)], count, out);
      return PutNumber(weekday + 1, count, out);
    case 'F':
      return PutNumber((civil.day - 1) % 7 + 1, count, out);
    case kSimpleDayInMonth:
      return PutNumber((civil.day - 1) / 7 + 1, count, out);
    case kSimpleDayNumber:
      return PutNumber(weekday == 0 ? 7 : weekday, count, out);
    case 'W': {
      const int64_t first = DaysFromCivil(civil.year, civil.month, 1);
      return PutNumber(WeekNumber(days - first, WeekDay(first)), count, out);
    }
    case 'w': {
      const int64_t first = DaysFromCivil(WeekYear(days, civil), 1, 1);
      const int64_t week = days < first ? 1 : WeekNumber(days - first, WeekDay(first));
      return PutNumber(week, count, out);
    }
    default: {  // Y
      const int64_t year = WeekYear(days, civil);
      return PutNumber(count == 2 ? (year % 100 + 100) % 100 : year, count, out);
    }
  }
}

void PutOfDate(int64_t days, char letter, int count, std::string* out) {
  const Civil civil = CivilFromDays(days);
  switch (letter) {
    case 'y':
    case 'u':
      return PutNumber(count == 2 ? (civil.year % 100 + 100) % 100 : civil.year, count, out);
    case 'M':
    case 'L':
      if (count > 2) return PutName(kMonthNames[civil.month - 1], count, out);
      return PutNumber(civil.month, count, out);
    case 'd':
      return PutNumber(civil.day, count, out);
    case 'D':
      return PutNumber(days - DaysFromCivil(civil.year, 1, 1) + 1, count, out);
    case 'E':
      return PutName(kDayNames[static_cast<size_t>(WeekDay(days))], count, out);
    case 'Q':
    case 'q':
      return PutQuarter((civil.month + 2) / 3, count, out);
    case 'G':
      *out += civil.year > 0 ? "AD" : "BC";
      return;
    default:
      return PutOfWeek(days, civil, letter, count, out);
  }
}

void PutOfDay(int64_t of_day, char letter, int count, std::string* out) {
  constexpr int64_t kNanoseconds = 1'000;
  const int64_t hour = of_day / kHourUs;
  switch (letter) {
    case 'a':
      *out += hour < 12 ? "AM" : "PM";
      return;
    case 'H':
      return PutNumber(hour, count, out);
    case 'k':
      return PutNumber(hour == 0 ? 24 : hour, count, out);
    case 'h':
      return PutNumber(hour % 12 == 0 ? 12 : hour % 12, count, out);
    case 'K':
      return PutNumber(hour % 12, count, out);
    case 'm':
      return PutNumber(of_day / kMinuteUs % 60, count, out);
    case 's':
      return PutNumber(of_day / kSecondUs % 60, count, out);
    case 'n':
      return PutNumber(of_day % kSecondUs * kNanoseconds, count, out);
    case 'N':
      return PutNumber(of_day * kNanoseconds, count, out);
    case 'A':
      return PutNumber(of_day / kMillisecondUs, count, out);
    case kSimpleMillisecond:
      return PutNumber(of_day % kSecondUs / kMillisecondUs, count, out);
    default:  // S
      for (int64_t unit = kSecondUs / 10; count > 0; --count, unit /= 10) {
        *out += unit == 0 ? '0' : static_cast<char>('0' + of_day / unit % 10);
      }
  }
}

bool IsNumberLetter(char letter, int count) {
  if (letter == 'M' || letter == 'L') return count <= 2;
  return letter != 0 && kNumbers.find(letter) != kNumbers.npos;
}

// The text after the quote at `at`, which is moved after its end; nothing if it has none.
std::optional<std::string> TakeQuoted(std::string_view pattern, size_t* at) {
  std::string text;
  if (pattern.substr(*at, 2) == "''") {
    *at += 2;
    return "'";
  }
  for (++*at; *at < pattern.size(); ++*at) {
    if (pattern[*at] != '\'') {
      text += pattern[*at];
    } else if (pattern.substr(*at, 2) == "''") {
      text += '\'';
      ++*at;
    } else {
      ++*at;
      return text;
    }
  }
  return std::nullopt;
}

char MeaningOf(char letter, DatePattern::Style style) {
  if (style == DatePattern::Style::kFormatter) return letter;
  return letter == 'u'   ? kSimpleDayNumber
         : letter == 'F' ? kSimpleDayInMonth
         : letter == 'S' ? kSimpleMillisecond
                         : letter;
}

}  // namespace

std::optional<DatePattern> DatePattern::Compile(std::string_view pattern, Style style) {
  const bool simple = style == Style::kSimple;
  const std::string_view letters = simple ? kSimpleLetters : kFormatterLetters;
  if (pattern.size() > kPatternBytesMax) return std::nullopt;
  DatePattern result;
  std::vector<Part>& parts = result.parts_;
  std::vector<size_t> open;  // parts that are a [
  const auto literal = [&](std::string_view text) {
    if (parts.empty() || parts.back().letter != 0) parts.emplace_back();
    parts.back().literal += text;
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      const std::optional<std::string> text = TakeQuoted(pattern, &at);
      if (!text) return std::nullopt;
      literal(*text);
    } else if (IsLetter(c)) {
      if (letters.find(c) == letters.npos) return std::nullopt;
      Part part;
      part.letter = MeaningOf(c, style);
      for (; at < pattern.size() && pattern[at] == c; ++at) ++part.count;
      if (part.count > kCountMax) return std::nullopt;
      // Names of one letter are only in DateTimeFormatter.
      if (simple && (c == 'E' || c == 'M' || c == 'L')) part.count = std::min(part.count, 4);
      result.can_parse_ &= kOnlyPrinted.find(part.letter) == kOnlyPrinted.npos;
      parts.push_back(std::move(part));
    } else if (!simple && (c == '[' || c == ']')) {
      if (c == ']' && open.empty()) return std::nullopt;
      if (c == '[') {
        open.push_back(parts.size());
      } else {
        parts[open.back()].end = parts.size();
        open.pop_back();
      }
      parts.emplace_back().letter = c;
      ++at;
    } else {
      if (!simple && (c == '{' || c == '}' || c == '#')) return std::nullopt;
      literal(pattern.substr(at, 1));
      ++at;
    }
  }
  for (const size_t part : open) parts[part].end = parts.size();
  for (Part& part : parts) part.number = IsNumberLetter(part.letter, part.count);
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    parts[i].fixed = parts[i].number && parts[i + 1].number;
  }
  return result;
}

void DatePattern::Format(int64_t local_us, int64_t offset_us, std::string* out) const {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const int64_t of_day = local_us - days * kDayUs;
  for (const Part& part : parts_) {
    if (part.letter == 0) {
      *out += part.literal;
    } else if (part.letter == '[' || part.letter == ']') {
      continue;
    } else if (kOffsets.find(part.letter) != kOffsets.npos) {
      PutOffset(offset_us, part.letter, part.count, out);
    } else if (kOfDay.find(part.letter) != kOfDay.npos) {
      PutOfDay(of_day, part.letter, part.count, out);
    } else {
      PutOfDate(days, part.letter, part.count, out);
    }
  }
}

}  // namespace millrace
