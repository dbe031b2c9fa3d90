#include "row/calendar.h"

#include <doctest/doctest.h>

#include <array>

namespace millrace {
namespace {

TEST_CASE("every day of 1600 years there and back, and the next one is a day later") {
  const int64_t first = DaysFromCivil(1400, 1, 1);
  const int64_t last = DaysFromCivil(3000, 1, 1);
  for (int64_t day = first; day < last; ++day) {
    const Civil civil = CivilFromDays(day);
    REQUIRE(DaysFromCivil(civil.year, civil.month, civil.day) == day);
    REQUIRE(IsValidDate(civil.year, civil.month, civil.day));
  }
  CHECK(DaysFromCivil(1970, 1, 1) == 0);
  CHECK(DaysFromCivil(2000, 3, 1) - DaysFromCivil(2000, 2, 1) == 29);
}

TEST_CASE("far years there and back") {
  for (const int64_t year : {-300'000, -40'001, -1, 0, 9'999, 400'000}) {
    const int64_t day = DaysFromCivil(year, 2, 28);
    const Civil civil = CivilFromDays(day);
    CHECK(civil.year == year);
    CHECK(civil.month == 2);
    CHECK(civil.day == 28);
  }
}

TEST_CASE("dates that do not exist") {
  CHECK(IsValidDate(2020, 2, 29));
  CHECK(IsValidDate(2000, 2, 29));
  for (const auto& [year, month, day] :
       {std::array{2021, 2, 29}, std::array{1900, 2, 29}, std::array{2020, 4, 31},
        std::array{2020, 0, 1}, std::array{2020, 13, 1}, std::array{2020, 1, 0},
        std::array{2020, 1, 32}, std::array{2020, 2, 30}}) {
    CHECK_FALSE(IsValidDate(year, month, day));
  }
}

TEST_CASE("division that rounds down") {
  CHECK(FloorDivide(7, 2) == 3);
  CHECK(FloorDivide(-7, 2) == -4);
  CHECK(FloorDivide(-8, 2) == -4);
  CHECK(FloorDivide(0, 2) == 0);
}

}  // namespace
}  // namespace millrace
