#include "expr/functions/date_pattern.h"

#include <fmt/format.h>

#include <iterator>

#include "base/ascii.h"
#include "expr/day_time.h"
#include "expr/functions/date_pattern_parts.h"
#include "row/calendar.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr size_t kPatternBytesMax = 1024;

constexpr std::string_view kLetters = "yuMLdDEQaGHkhKmsSZXx";
constexpr std::string_view kOffsets = "ZXx";
constexpr std::string_view kOfDay = "aHkhKmsS";
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
  *out += count >= kWholeFrom ? name : name.substr(0, kShortNameSize);
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
      return PutName(kDayNames[static_cast<size_t>(((days + 4) % 7 + 7) % 7)], count, out);
    case 'Q':
      return PutNumber((civil.month + 2) / 3, count, out);
    default:  // G
      *out += civil.year > 0 ? "AD" : "BC";
  }
}

void PutOfDay(int64_t of_day, char letter, int count, std::string* out) {
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
    default:  // S
      for (int64_t unit = kSecondUs / 10; count > 0; --count, unit /= 10) {
        *out += unit == 0 ? '0' : static_cast<char>('0' + of_day / unit % 10);
      }
  }
}

}  // namespace

bool IsNumberLetter(char letter, int count) {
  if (letter == 'M' || letter == 'L') return count <= 2;
  return letter != 0 && kNumbers.find(letter) != kNumbers.npos;
}

std::optional<DatePattern> DatePattern::Compile(std::string_view pattern) {
  if (pattern.size() > kPatternBytesMax) return std::nullopt;
  DatePattern result;
  std::vector<Part>& parts = result.parts_;
  const auto literal = [&](std::string_view text) {
    if (parts.empty() || parts.back().letter != 0) parts.emplace_back();
    parts.back().literal += text;
  };
  for (size_t at = 0; at < pattern.size();) {
    const char c = pattern[at];
    if (c == '\'') {
      if (pattern.substr(at, 2) == "''") {
        literal("'");
        at += 2;
        continue;
      }
      for (++at;; ++at) {
        if (at >= pattern.size()) return std::nullopt;
        if (pattern[at] != '\'') {
          literal(pattern.substr(at, 1));
        } else if (pattern.substr(at, 2) == "''") {
          literal("'");
          ++at;
        } else {
          break;
        }
      }
      ++at;
    } else if (IsLetter(c)) {
      if (kLetters.find(c) == kLetters.npos) return std::nullopt;
      Part part;
      part.letter = c;
      for (; at < pattern.size() && pattern[at] == c; ++at) ++part.count;
      if (part.count > kCountMax) return std::nullopt;
      parts.push_back(std::move(part));
    } else {
      literal(pattern.substr(at, 1));
      ++at;
    }
  }
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    parts[i].fixed = IsNumberLetter(parts[i].letter, parts[i].count) &&
                     IsNumberLetter(parts[i + 1].letter, parts[i + 1].count);
  }
  return result;
}

void DatePattern::Format(int64_t local_us, int64_t offset_us, std::string* out) const {
  const int64_t days = FloorDivide(local_us, kDayUs);
  const int64_t of_day = local_us - days * kDayUs;
  for (const Part& part : parts_) {
    if (part.letter == 0) {
      *out += part.literal;
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
