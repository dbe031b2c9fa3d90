#include "row/print.h"
#include "row/calendar.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "row/batch.h"
#include "row/type.h"

using namespace millrace;

namespace {

std::string Text(const Cell& cell, const TimeZone& zone = {}) {
  std::string text;
  AppendCell(&text, cell, zone);
  return text;
}

}  // namespace

TEST_CASE("doubles are printed as Java prints them") {
  const auto text = [](double value) { return Text(Cell::Double(value)); };
  CHECK(text(1) == "1.0");
  CHECK(text(123.456) == "123.456");
  CHECK(text(-0.0) == "-0.0");
  CHECK(text(1e7) == "1.0E7");
  CHECK(text(9999999) == "9999999.0");
  CHECK(text(1e10) == "1.0E10");
  CHECK(text(0.001) == "0.001");
  CHECK(text(0.00012) == "1.2E-4");
  CHECK(text(1e-5) == "1.0E-5");
  CHECK(text(100) == "100.0");
  CHECK(text(std::numeric_limits<double>::max()) == "1.7976931348623157E308");
  CHECK(text(5e-324) == "4.9E-324");
  CHECK(text(std::nan("")) == "NaN");
  CHECK(text(-INFINITY) == "-Infinity");
  CHECK(Text(Cell::Float(3.14f)) == "3.14");
  CHECK(Text(Cell::Float(16777216.0f)) == "1.6777216E7");
}

TEST_CASE("every day of ten thousand years goes there and back") {
  int64_t wrong = 0;
  for (int64_t days = -800'000; days < 3'000'000; ++days) {
    const Civil civil = CivilFromDays(days);
    const bool plausible =
        civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31;
    wrong += plausible && DaysFromCivil(civil.year, civil.month, civil.day) == days ? 0 : 1;
  }
  CHECK(wrong == 0);
  for (const int64_t days : {int64_t{-200'000'000}, int64_t{400'000'000}}) {
    const Civil civil = CivilFromDays(days);
    CHECK(DaysFromCivil(civil.year, civil.month, civil.day) == days);
  }
}

TEST_CASE("whole numbers of every length") {
  const auto expected = [](auto value) {
    char text[kCellTextMax];
    return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
  };
  int64_t wrong = 0;
  const auto check = [&](uint64_t value) {
    wrong += Text(Cell::Uint(value)) == expected(value) ? 0 : 1;
    const auto as_signed = static_cast<int64_t>(value);
    wrong += Text(Cell::Int(as_signed)) == expected(as_signed) ? 0 : 1;
    wrong += Text(Cell::Int(-as_signed)) == expected(-as_signed) ? 0 : 1;
  };
  for (uint64_t value = 0; value < 200'000; ++value) check(value * 503);
  for (uint64_t power = 1; power < 10'000'000'000'000'000'000ull; power *= 10) {
    for (const uint64_t step : {0, 1, 9}) {
      check(power - 1 + step);
      check(power * 9 + step);
      check(power / 3 * 7 + step);
    }
  }
  CHECK(wrong == 0);
  CHECK(Text(Cell::Uint(std::numeric_limits<uint64_t>::max())) == "18446744073709551615");
  CHECK(Text(Cell::Int(std::numeric_limits<int64_t>::min())) == "-9223372036854775808");
  CHECK(Text(Cell::Int(std::numeric_limits<int64_t>::max())) == "9223372036854775807");
}

TEST_CASE("every day near to us is printed") {
  int64_t wrong = 0;
  for (int64_t days = DaysFromCivil(1790, 1, 1); days < DaysFromCivil(2210, 1, 1); ++days) {
    const Civil civil = CivilFromDays(days);
    const std::string expected =
        fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
    wrong += Text(Cell::Temporal(CellKind::kDate, days, 0)) == expected ? 0 : 1;
  }
  CHECK(wrong == 0);
  CHECK(Text(Cell::Temporal(CellKind::kDate, DaysFromCivil(1800, 1, 1), 0)) == "1800-01-01");
  CHECK(Text(Cell::Temporal(CellKind::kDate, DaysFromCivil(2199, 12, 31), 0)) == "2199-12-31");
}

TEST_CASE("dates reach over all years") {
  for (const int64_t days : {-719'528, -1, 0, 1, 11'016, 19'782, 2'932'896}) {
    const Civil civil = CivilFromDays(days);
    CHECK(DaysFromCivil(civil.year, civil.month, civil.day) == days);
  }
  CHECK(Text(Cell::Temporal(CellKind::kDate, 0, 0)) == "1970-01-01");
  CHECK(Text(Cell::Temporal(CellKind::kDate, -719'528, 0)) == "0000-01-01");
  CHECK(Text(Cell::Temporal(CellKind::kDate, DaysFromCivil(2000, 2, 29), 0)) == "2000-02-29");
  CHECK(Text(Cell::Temporal(CellKind::kDate, DaysFromCivil(9999, 12, 31), 0)) == "9999-12-31");
}

TEST_CASE("times carry their number of digits") {
  CHECK(Text(Cell::Temporal(CellKind::kTimestamp, 1'500'000, 0)) == "1970-01-01 00:00:01");
  CHECK(Text(Cell::Temporal(CellKind::kTimestamp, 1'500'000, 3)) == "1970-01-01 00:00:01.500");
  CHECK(Text(Cell::Temporal(CellKind::kTimestamp, -1, 6)) == "1969-12-31 23:59:59.999999");
  CHECK(Text(Cell::Temporal(CellKind::kTimestamp, 7, 9)) == "1970-01-01 00:00:00.000007000");
  CHECK(Text(Cell::Temporal(CellKind::kInstant, 0, 3), TimeZone::Fixed(8 * 3600 * 1'000'000ll)) ==
        "1970-01-01 08:00:00.000");
  const int64_t most = (838 * 3600ll + 59 * 60 + 59) * 1'000'000 + 500'000;
  CHECK(Text(Cell::Temporal(CellKind::kTime, -most, 1)) == "-838:59:59.5");
  CHECK(Text(Cell::Temporal(CellKind::kTime, 3'723'000'000, 0)) == "01:02:03");
}

TEST_CASE("numbers at their limits") {
  CHECK(Text(Cell::Int(std::numeric_limits<int64_t>::min())) == "-9223372036854775808");
  CHECK(Text(Cell::Uint(UINT64_MAX)) == "18446744073709551615");
  CHECK(Cell::Uint(7).kind == CellKind::kInt);
  CHECK(Text(Cell::Bool(true)) == "TRUE");
  CHECK(Text(Cell::Null()).empty());
}

TEST_CASE("type names are read back") {
  for (const char* name : {"INT NOT NULL", "BOOLEAN", "DECIMAL(38, 18)", "STRING", "BYTES NOT NULL",
                           "VARCHAR(20)", "CHAR(1)", "TIME(0)", "TIMESTAMP(6)",
                           "TIMESTAMP_LTZ(3) NOT NULL", "BINARY(4)", "DATE", "NULL"}) {
    const std::optional<Type> type = ParseType(name);
    REQUIRE_MESSAGE(type.has_value(), name);
    CHECK(ToString(*type) == name);
  }
  for (const char* name :
       {"", "INTEGERS", "DECIMAL(39, 0)", "DECIMAL(3, 4)", "TIME(10)", "CHAR()", "INT(3)"}) {
    CHECK_FALSE_MESSAGE(ParseType(name).has_value(), name);
  }
}

TEST_CASE("a batch grows, drops and is reused") {
  Batch batch(2);
  for (int i = 0; i < 5000; ++i) {
    Cell* row = batch.AddRow(RowKind::kInsert);
    row[0] = Cell::Int(i);
    row[1] = Cell::Text(batch.arena().Copy(std::to_string(i)));
  }
  CHECK(batch.full());
  CHECK(batch.rows() == 5000);
  CHECK(batch.row(4999)[1].view() == "4999");
  CHECK(batch.row(0)[1].view() == "0");
  batch.DropLastRow();
  CHECK(batch.rows() == 4999);
  batch.set_position(Position(Json("here")));
  batch.Reset(1);
  CHECK(batch.empty());
  CHECK(batch.position().empty());
  CHECK(batch.arena().used_bytes() == 0);
  batch.AddRow(RowKind::kDelete)[0] = Cell::Null();
  CHECK(ToString(batch.kind(0)) == "-D");
}

TEST_CASE("an arena holds what is larger than a block") {
  Arena arena;
  const std::string large(3 * Arena::kBlockBytes, 'x');
  const std::string_view first = arena.Copy("first");
  const std::string_view copy = arena.Copy(large);
  CHECK(copy == large);
  CHECK(first == "first");
  char* end = arena.Allocate(100);
  arena.Shrink(100, 10);
  CHECK(arena.Allocate(1) == end + 10);
}

TEST_CASE("intervals") {
  CHECK(Text(Cell::Temporal(CellKind::kYearInterval, 84, 0)) == "+7-00");
  CHECK(Text(Cell::Temporal(CellKind::kYearInterval, -123, 0)) == "-10-03");
  CHECK(Text(Cell::Temporal(CellKind::kDayInterval, 123'456'789, 0)) == "+1 10:17:36.789");
  CHECK(Text(Cell::Temporal(CellKind::kDayInterval, -1, 0)) == "-0 00:00:00.001");
  CHECK(Text(Cell::Temporal(CellKind::kDayInterval, INT64_MIN, 0)) == "-106751991167 07:12:55.808");
}

TEST_CASE("instants follow the summer time of their zone") {
  const TimeZone zone = *TimeZone::Parse("America/New_York");
  CHECK(Text(Cell::Temporal(CellKind::kInstant, 1'704'067'200'000'000, 0), zone) ==
        "2023-12-31 19:00:00");
  CHECK(Text(Cell::Temporal(CellKind::kInstant, 1'720'000'000'000'000, 0), zone) ==
        "2024-07-03 05:46:40");
}
