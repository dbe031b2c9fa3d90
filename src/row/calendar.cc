#include "row/calendar.h"

#include "row/near_months.h"

namespace millrace {
namespace {

// The plain way, for any day: eras of 400 years that begin in March.
Civil CivilFromFarDays(int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = FloorDivide(shifted, 146'097);
  const auto day_of_era = static_cast<unsigned>(shifted - era * 146'097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_index = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * month_index + 2) / 5 + 1;
  const unsigned month = month_index < 10 ? month_index + 3 : month_index - 9;
  return {static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

}  // namespace

int64_t DaysFromCivil(int64_t year, unsigned month, unsigned day) {
  const int64_t near = (year - kFirstNearYear) * 12 + month - 1;
  if (near >= 0 && near < kNearMonths && month - 1 < 12) [[likely]] {
    return kFirstNearDay + kNearMonthTable[static_cast<size_t>(near)].first + day - 1;
  }
  // Years that begin in March put the leap day last; eras are 400 such years.
  const int64_t shifted = year - (month <= 2 ? 1 : 0);
  const int64_t era = FloorDivide(shifted, 400);
  const auto year_of_era = static_cast<unsigned>(shifted - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + static_cast<int64_t>(day_of_era) - 719'468;
}

Civil CivilFromDays(int64_t days) {
  // Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms"
  // (2022): multiplications instead of divisions, for the 400-year eras around the year 0 that fit.
  constexpr int64_t kEraDays = 146'097;
  constexpr int64_t kShiftEras = 100;  // so that years from -40000 on are not negative
  const int64_t shifted = days + 719'468 + kShiftEras * kEraDays;
  if (shifted < 0 || shifted > (int64_t{1} << 28)) [[unlikely]]
    return CivilFromFarDays(days);
  const uint32_t century_part = 4 * static_cast<uint32_t>(shifted) + 3;
  const uint32_t century = century_part / 146'097;
  const uint32_t day_of_century = century_part % 146'097 / 4;
  const uint64_t year_part = uint64_t{2'939'745} * (4 * day_of_century + 3);
  const auto year_of_century = static_cast<uint32_t>(year_part >> 32);
  const uint32_t day_of_year = static_cast<uint32_t>(year_part) / 2'939'745 / 4;
  const uint32_t month_part = 2141 * day_of_year + 197'913;
  const bool next_year = day_of_year >= 306;
  const int64_t year =
      int64_t{100} * century + year_of_century - 400 * kShiftEras + (next_year ? 1 : 0);
  const uint32_t month = (month_part >> 16) - (next_year ? 12 : 0);
  return {year, month, (month_part & 0xffff) / 2141 + 1};
}

}  // namespace millrace
