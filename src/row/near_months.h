// A table of the months from 1800 to 2199, with which dates are computed and printed quickly.
// Inside of row/ only: row/calendar.h and row/print.h are what others use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace millrace {

// One month of the years near to us, of which almost all dates are. A day finds its month by the
// mean length of a month and one look at the next one.
struct NearMonth {
  uint32_t first;            // day, counted from kFirstNearDay
  std::array<char, 8> text;  // "2020-02-"
};

inline constexpr uint32_t kFirstNearYear = 1800;
inline constexpr uint32_t kNearYears = 400;  // an era: a whole number of mean months
inline constexpr uint32_t kNearMonths = 12 * kNearYears;
inline constexpr uint32_t kNearDays = 146'097;
inline constexpr int64_t kFirstNearDay = -62'091;  // 1800-01-01

inline constexpr auto kNearMonthTable = [] {
  std::array<NearMonth, kNearMonths + 1> months{};
  uint32_t first = 0;
  for (uint32_t i = 0; i < months.size(); ++i) {
    const uint32_t year = kFirstNearYear + i / 12;
    const uint32_t month = i % 12 + 1;
    const auto digit = [](uint32_t value) { return static_cast<char>('0' + value % 10); };
    months[i] = {first,
                 {digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-',
                  digit(month / 10), digit(month), '-'}};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const uint32_t february = leap ? 29 : 28;
    const bool is_short = month == 4 || month == 6 || month == 9 || month == 11;
    first += month == 2 ? february : is_short ? 30 : 31;
  }
  return months;
}();
static_assert(kNearMonthTable[kNearMonths].first == kNearDays);

// near_day < kNearDays
inline const NearMonth* NearMonthOf(uint32_t near_day) {
  constexpr uint32_t kEarlyDays = 3;  // no month begins so long before or after its mean
  const uint32_t early = near_day < kEarlyDays ? 0 : near_day - kEarlyDays;
  const auto index = static_cast<uint32_t>(uint64_t{early} * kNearMonths / kNearDays);
  const NearMonth* month = &kNearMonthTable[index];
  return month + (near_day >= month[1].first ? 1 : 0);
}

}  // namespace millrace
