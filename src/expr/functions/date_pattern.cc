#include "expr/functions/date_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/ascii.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kMinuteUs = 60 * kSecondUs;
constexpr int64_t kHourUs = 60 * kMinuteUs;
constexpr int64_t kDayUs = 24 * kHourUs;
constexpr size_t kPatternBytesMax = 1024;
constexpr int kCountMax = 9;

constexpr std::string_view kLetters = "yuMLdDEQaGHkhKmsSZXx";
constexpr std::string_view kOffsets = "ZXx";
constexpr std::string_view kOfDay = "aHkhKmsS";
constexpr std::string_view kNumbers = "yudDQHkhKmsS";  // and M, L up to two of them
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr size_t kShortName = 3;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool IsNumber(char letter, int count) {
  if (letter == 'M' || letter == 'L') return count <= 2;
  return letter != 0 && kNumbers.find(letter) != kNumbers.npos;
}

// The first `text` among `names`, whole or by its first three letters; its index, taken off.
template <size_t size>
std::optional<int64_t> TakeName(const std::array<std::string_view, size>& names,
                                std::string_view* text) {
  for (size_t i = 0; i < size; ++i) {
    for (const std::string_view name : {names[i], names[i].substr(0, kShortName)}) {
      if (EqualsIgnoreCase(text->substr(0, name.size()), name)) {
        text->remove_prefix(name.size());
        return static_cast<int64_t>(i);
      }
    }
  }
  return std::nullopt;
}

std::optional<int64_t> TakeDigits(std::string_view* text, size_t least, size_t most) {
  int64_t value = 0;
  size_t count = 0;
  while (count < most && count < text->size() && (*text)[count] >= '0' && (*text)[count] <= '9') {
    value = value * 10 + ((*text)[count++] - '0');
  }
  if (count < least) return std::nullopt;
  text->remove_prefix(count);
  return value;
}

// "Z", "+08", "+0800", "+08:00".
std::optional<int64_t> TakeOffset(std::string_view* text) {
  if (text->starts_with('Z')) {
    text->remove_prefix(1);
    return 0;
  }
  if (!text->starts_with('+') && !text->starts_with('-')) return std::nullopt;
  const int64_t sign = text->front() == '-' ? -1 : 1;
  text->remove_prefix(1);
  const std::optional<int64_t> hours = TakeDigits(text, 2, 2);
  if (!hours) return std::nullopt;
  if (text->starts_with(':')) text->remove_prefix(1);
  const int64_t minutes = TakeDigits(text, 2, 2).value_or(0);
  if (*hours > 18 || minutes > 59) return std::nullopt;
  return sign * (*hours * kHourUs + minutes * kMinuteUs);
}

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
  *out += count >= kWholeFrom ? name : name.substr(0, kShortName);
}

void PutOfDate(int64_t days, char letter, int count, std::string* out) {
  const Civil civil = CivilFromDays(days);
  switch (letter) {
    case 'y':
    case 'u':
      return PutNumber(count == 2 ? (civil.year % 100 + 100) % 100 : civil.year, count, out);
    case 'M':
    case 'L':
      if (count > 2) return PutName(kMonths[civil.month - 1], count, out);
      return PutNumber(civil.month, count, out);
    case 'd':
      return PutNumber(civil.day, count, out);
    case 'D':
      return PutNumber(days - DaysFromCivil(civil.year, 1, 1) + 1, count, out);
    case 'E':
      return PutName(kDays[static_cast<size_t>(((days + 4) % 7 + 7) % 7)], count, out);
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

// What was read, before it is put together.
struct Fields {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
  std::optional<int64_t> day_of_year;
  int64_t hour = 0;
  std::optional<int64_t> hour_of_half;
  bool afternoon = false;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t microsecond = 0;
  std::optional<int64_t> offset_us;
};

bool Between(int64_t value, int64_t least, int64_t most) { return value >= least && value <= most; }

std::optional<DatePattern::Moment> PutTogether(const Fields& fields) {
  if (!Between(fields.month, 1, 12) || !Between(fields.day, 1, 31) ||
      !Between(fields.hour, 0, 23) || !Between(fields.minute, 0, 59) ||
      !Between(fields.second, 0, 59)) {
    return std::nullopt;
  }
  int64_t days = DaysFromCivil(fields.year, static_cast<unsigned>(fields.month),
                               static_cast<unsigned>(fields.day));
  if (CivilFromDays(days).day != static_cast<unsigned>(fields.day)) return std::nullopt;
  if (fields.day_of_year) {
    if (!Between(*fields.day_of_year, 1, 366)) return std::nullopt;
    days = DaysFromCivil(fields.year, 1, 1) + *fields.day_of_year - 1;
  }
  int64_t hour = fields.hour;
  if (fields.hour_of_half) {
    if (!Between(*fields.hour_of_half, 0, 12)) return std::nullopt;
    hour = *fields.hour_of_half % 12 + (fields.afternoon ? 12 : 0);
  }
  DatePattern::Moment moment;
  moment.local_us = days * kDayUs + hour * kHourUs + fields.minute * kMinuteUs +
                    fields.second * kSecondUs + fields.microsecond;
  moment.offset_us = fields.offset_us;
  return moment;
}

bool TakeFraction(std::string_view* text, int count, bool fixed, Fields* fields) {
  const size_t before = text->size();
  const auto most = static_cast<size_t>(fixed ? count : kCountMax);
  std::optional<int64_t> value = TakeDigits(text, 1, most);
  if (!value) return false;
  size_t digits = before - text->size();
  for (; digits < 6; ++digits) *value *= 10;
  for (; digits > 6; --digits) *value /= 10;
  fields->microsecond = *value;
  return true;
}

// The number of a field; years of two letters are of this century.
bool SetNumber(char letter, int count, int64_t value, Fields* fields) {
  switch (letter) {
    case 'y':
    case 'u':
      fields->year = count == 2 && value < 100 ? 2000 + value : value;
      return true;
    case 'M':
    case 'L':
      fields->month = value;
      return true;
    case 'd':
      fields->day = value;
      return true;
    case 'D':
      fields->day_of_year = value;
      return true;
    case 'H':
      fields->hour = value;
      return true;
    case 'k':
      fields->hour = value == 24 ? 0 : value;
      return Between(value, 1, 24);
    case 'h':
    case 'K':
      fields->hour_of_half = value;
      return true;
    case 'm':
      fields->minute = value;
      return true;
    case 's':
      fields->second = value;
      return true;
    default:  // Q says nothing that counts
      return true;
  }
}

bool TakeWord(char letter, std::string_view* text, Fields* fields) {
  constexpr std::array<std::string_view, 2> kHalves = {"AM", "PM"};
  constexpr std::array<std::string_view, 2> kEras = {"BC", "AD"};
  std::optional<int64_t> index;
  switch (letter) {
    case 'M':
    case 'L':
      index = TakeName(kMonths, text);
      if (index) fields->month = *index + 1;
      return index.has_value();
    case 'E':
      return TakeName(kDays, text).has_value();
    case 'a':
      index = TakeName(kHalves, text);
      if (index) fields->afternoon = *index == 1;
      return index.has_value();
    case 'G':
      return TakeName(kEras, text).has_value();
    default:
      fields->offset_us = TakeOffset(text);
      return fields->offset_us.has_value();
  }
}

}  // namespace

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
    parts[i].fixed = IsNumber(parts[i].letter, parts[i].count) &&
                     IsNumber(parts[i + 1].letter, parts[i + 1].count);
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

std::optional<DatePattern::Moment> DatePattern::Parse(std::string_view text, bool prefix) const {
  Fields fields;
  for (const Part& part : parts_) {
    if (part.letter == 0) {
      if (!text.starts_with(part.literal)) return std::nullopt;
      text.remove_prefix(part.literal.size());
    } else if (part.letter == 'S') {
      if (!TakeFraction(&text, part.count, part.fixed, &fields)) return std::nullopt;
    } else if (IsNumber(part.letter, part.count)) {
      const auto count = static_cast<size_t>(part.count);
      const bool year = part.letter == 'y' || part.letter == 'u';
      const size_t most = part.fixed ? count : std::max<size_t>(count, year ? 4 : 2);
      const auto value = TakeDigits(&text, part.fixed ? count : 1, most);
      if (!value || !SetNumber(part.letter, part.count, *value, &fields)) return std::nullopt;
    } else if (!TakeWord(part.letter, &text, &fields)) {
      return std::nullopt;
    }
  }
  if (!text.empty() && !prefix) return std::nullopt;
  return PutTogether(fields);
}

}  // namespace millrace
