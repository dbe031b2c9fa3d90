#include "minidoris/table/convert_time.h"

#include <fmt/format.h>

#include <chrono>

#include "base/ascii.h"
#include "minidoris/table/convert.h"

namespace millrace::minidoris {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int kMicroDigits = 6;
constexpr int kCenturyPivot = 70;  // two-digit years: 70..99 are 19xx, 00..69 are 20xx
constexpr int kYearMax = 9999;

struct Moment {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int64_t micros = 0;
  std::optional<int> offset_minutes;
};

// A cursor over the text; every read returns whether it succeeded.
class MomentReader final {
 public:
  explicit MomentReader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  size_t DigitsAhead() const {
    size_t count = 0;
    while (at_ + count < text_.size() && IsDigit(text_[at_ + count])) ++count;
    return count;
  }
  bool Number(size_t digits_max, int* value) {
    size_t digits = 0;
    *value = 0;
    while (digits < digits_max && IsDigit(peek())) {
      *value = *value * 10 + (text_[at_++] - '0');
      ++digits;
    }
    return digits > 0;
  }
  bool Accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  std::string_view rest() const { return text_.substr(at_); }
  void Fraction(int64_t* micros);

 private:
  const std::string_view text_;
  size_t at_ = 0;
};

// Digits beyond the sixth decide by rounding half up, so 7 digits are enough.
void MomentReader::Fraction(int64_t* micros) {
  int digits = 0;
  int64_t value = 0;
  bool round_up = false;
  for (; IsDigit(peek()); ++at_, ++digits) {
    if (digits < kMicroDigits) value = value * 10 + (peek() - '0');
    if (digits == kMicroDigits) round_up = peek() >= '5';
  }
  for (; digits < kMicroDigits; ++digits) value *= 10;
  *micros = value + (round_up ? 1 : 0);
}

bool ReadDatePart(MomentReader* in, Moment* moment) {
  const size_t ahead = in->DigitsAhead();
  if (ahead == 8 || ahead == 14) {  // yyyyMMdd[HHmmss]
    if (!in->Number(4, &moment->year) || !in->Number(2, &moment->month)) return false;
    return in->Number(2, &moment->day);
  }
  if (ahead == 6 || ahead == 12) {  // yyMMdd[HHmmss]
    if (!in->Number(2, &moment->year) || !in->Number(2, &moment->month)) return false;
    moment->year += moment->year < kCenturyPivot ? 2000 : 1900;
    return in->Number(2, &moment->day);
  }
  if (ahead != 4 && ahead != 2) return false;
  in->Number(4, &moment->year);
  if (ahead == 2) moment->year += moment->year < kCenturyPivot ? 2000 : 1900;
  const char separator = in->peek();
  if (separator != '-' && separator != '/') return false;
  in->Accept(separator);
  if (!in->Number(2, &moment->month) || !in->Accept(separator)) return false;
  return in->Number(2, &moment->day);
}

bool ReadTimePart(MomentReader* in, Moment* moment) {
  const size_t ahead = in->DigitsAhead();
  if (ahead == 6) {
    in->Number(2, &moment->hour);
    in->Number(2, &moment->minute);
    in->Number(2, &moment->second);
  } else {
    if (!in->Number(2, &moment->hour)) return false;
    if (in->Accept(':')) {
      if (!in->Number(2, &moment->minute)) return false;
      if (in->Accept(':') && !in->Number(2, &moment->second)) return false;
    }
  }
  if (in->Accept('.')) in->Fraction(&moment->micros);
  return true;
}

bool Valid(const Moment& moment) {
  const std::chrono::year_month_day date{std::chrono::year(moment.year),
                                         std::chrono::month(static_cast<unsigned>(moment.month)),
                                         std::chrono::day(static_cast<unsigned>(moment.day))};
  return date.ok() && moment.hour < 24 && moment.minute < 60 && moment.second < 60;
}

std::optional<Moment> ReadMoment(std::string_view text) {
  MomentReader in(Trim(text));
  Moment moment;
  if (!ReadDatePart(&in, &moment)) return std::nullopt;
  if (!in.done()) {
    const bool separated = in.Accept('T') || in.Accept(' ');
    if (!separated && in.DigitsAhead() != 6) return std::nullopt;
    while (in.Accept(' ')) {
    }
    if (!ReadTimePart(&in, &moment)) return std::nullopt;
    while (in.Accept(' ')) {
    }
    if (!in.done()) {
      moment.offset_minutes = ZoneOffsetMinutes(in.rest());
      if (!moment.offset_minutes) return std::nullopt;
    }
  }
  if (!Valid(moment)) return std::nullopt;
  return moment;
}

int64_t ToMicros(const Moment& moment) {
  const std::chrono::sys_days days{std::chrono::year_month_day{
      std::chrono::year(moment.year), std::chrono::month(static_cast<unsigned>(moment.month)),
      std::chrono::day(static_cast<unsigned>(moment.day))}};
  const int64_t seconds = days.time_since_epoch().count() * kSecondsPerDay + moment.hour * 3600 +
                          moment.minute * 60 + moment.second;
  return seconds * kMicrosPerSecond + moment.micros;
}

int64_t PowerOfTen(uint32_t exponent) {
  int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// Nothing if the year is not one of four digits.
std::optional<std::string> Show(int64_t micros, uint32_t scale) {
  const int64_t unit = PowerOfTen(kMicroDigits - scale);
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t fraction = micros % kMicrosPerSecond;
  if (fraction < 0) {
    fraction += kMicrosPerSecond;
    --seconds;
  }
  int64_t day_number = seconds / kSecondsPerDay;
  int64_t of_day = seconds % kSecondsPerDay;
  if (of_day < 0) {
    of_day += kSecondsPerDay;
    --day_number;
  }
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(day_number)}}};
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > kYearMax) return std::nullopt;
  std::string text =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", year, static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), of_day / 3600, of_day / 60 % 60, of_day % 60);
  if (scale > 0) text += fmt::format(".{:0{}}", fraction / unit, scale);
  return text;
}

}  // namespace

std::optional<std::string> ConvertDate(std::string_view text) {
  const std::optional<Moment> moment = ReadMoment(text);
  if (!moment) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", moment->year, moment->month, moment->day);
}

std::optional<std::string> ConvertDateTime(std::string_view text, uint32_t scale,
                                           int zone_offset_minutes) {
  const std::optional<Moment> moment = ReadMoment(text);
  if (!moment) return std::nullopt;
  int64_t micros = ToMicros(*moment);
  if (moment->offset_minutes) {
    micros +=
        static_cast<int64_t>(zone_offset_minutes - *moment->offset_minutes) * 60 * kMicrosPerSecond;
  }
  const int64_t unit = PowerOfTen(kMicroDigits - scale);
  // Half up, also before 1970, where the remainder of a division is negative.
  const int64_t shifted = micros + unit / 2;
  const int64_t remainder = ((shifted % unit) + unit) % unit;
  return Show(shifted - remainder, scale);
}

std::optional<int> ZoneOffsetMinutes(std::string_view zone) {
  zone = Trim(zone);
  for (const std::string_view utc : {"Z", "UTC", "GMT", "Etc/UTC", "+00", "-00"}) {
    if (EqualsIgnoreCase(zone, utc)) return 0;
  }
  for (const std::string_view china : {"Asia/Shanghai", "CST", "PRC", "Asia/Hong_Kong"}) {
    if (EqualsIgnoreCase(zone, china)) return 8 * 60;
  }
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  MomentReader in(zone.substr(1));
  int hours = 0;
  int minutes = 0;
  if (!in.Number(2, &hours)) return std::nullopt;
  in.Accept(':');
  if (!in.done() && !in.Number(2, &minutes)) return std::nullopt;
  if (!in.done() || hours > 14 || minutes > 59) return std::nullopt;
  return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

std::string DateTimeText(int64_t wall_ms, uint32_t scale) {
  return Show(wall_ms * 1000, scale).value_or("");
}

}  // namespace millrace::minidoris
