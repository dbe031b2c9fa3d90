#include "expr/cast.h"

#include <doctest/doctest.h>

#include "expr/decimal.h"
#include "row/print.h"

using namespace millrace;

namespace {

std::string Cast(const Cell& cell, const char* type) {
  static Arena arena;
  const std::optional<Cell> value =
      CastCell(cell, *ParseType(type), &arena, TimeZone::Fixed(3'600'000'000));
  if (!value) return "(error)";
  if (value->is_null()) return "NULL";
  std::string text;
  AppendCell(&text, *value, TimeZone::Fixed(3'600'000'000));
  return text;
}

std::string CastText(std::string_view text, const char* type) {
  return Cast(Cell::Text(text), type);
}

}  // namespace

TEST_CASE("strings to numbers") {
  CHECK(CastText(" 12 ", "INT") == "12");
  CHECK(CastText("1.234", "INT") == "1");
  CHECK(CastText("-1.9", "INT") == "-1");
  CHECK(CastText("1e3", "INT") == "(error)");
  CHECK(CastText("2147483648", "INT") == "(error)");
  CHECK(CastText("", "INT") == "(error)");
  CHECK(CastText("abc", "DOUBLE") == "(error)");
  CHECK(CastText("1e3", "DOUBLE") == "1000.0");
  CHECK(CastText("NaN", "DOUBLE") == "NaN");
  CHECK(CastText("1.005", "DECIMAL(10, 2)") == "1.01");
  CHECK(CastText("-1.005", "DECIMAL(10, 2)") == "-1.01");
  CHECK(CastText("123", "DECIMAL(2, 0)") == "(error)");
  CHECK(CastText("99999999999999999999999999999999999999", "DECIMAL(38, 0)") ==
        "99999999999999999999999999999999999999");
  CHECK(CastText("1e-50", "DECIMAL(38, 10)") == "0.0000000000");
}

TEST_CASE(
    "numbers to numbers: integers wrap, floating ones saturate, decimals that do not fit are "
    "NULL") {
  CHECK(Cast(Cell::Int(32'780), "SMALLINT") == "-32756");
  CHECK(Cast(Cell::Double(1e30), "INT") == "2147483647");
  CHECK(Cast(Cell::Double(-3.99), "BIGINT") == "-3");
  CHECK(Cast(Cell::Int(12'345), "DECIMAL(4, 0)") == "NULL");
  CHECK(Cast(Cell::Int(5), "DECIMAL(4, 2)") == "5.00");
  CHECK(Cast(Cell::Bool(true), "INT") == "1");
  CHECK(Cast(Cell::Int(0), "BOOLEAN") == "FALSE");
}

TEST_CASE("strings to dates and times") {
  CHECK(CastText("2021-09-27 12:00:00", "DATE") == "2021-09-27");
  CHECK(CastText("123", "DATE") == "0123-01-01");
  CHECK(CastText("2021/09/27", "DATE") == "(error)");
  CHECK(CastText("2021-02-30", "DATE") == "(error)");
  CHECK(CastText("2021-9-7 1:2:3.98765", "TIMESTAMP(3)") == "2021-09-07 01:02:03.987");
  CHECK(CastText("2021-09-07T01:02:03", "TIMESTAMP(0)") == "(error)");
  CHECK(CastText("12:34", "TIME(0)") == "12:34:00");
  CHECK(CastText("25:00", "TIME(0)") == "(error)");
  CHECK(CastText("2020-01-01 00:00:00", "TIMESTAMP_LTZ(0)") == "2020-01-01 00:00:00");
}

TEST_CASE("dates and times to each other and to strings") {
  const Cell stamp = Cell::Temporal(CellKind::kTimestamp, -1, 6);
  CHECK(Cast(stamp, "DATE") == "1969-12-31");
  CHECK(Cast(stamp, "TIME(0)") == "23:59:59");
  CHECK(Cast(stamp, "STRING") == "1969-12-31 23:59:59.999999");
  const Cell instant = Cell::Temporal(CellKind::kInstant, 0, 0);
  CHECK(Cast(instant, "STRING") == "1970-01-01 01:00:00");
  CHECK(Cast(instant, "TIMESTAMP(0)") == "1970-01-01 01:00:00");
  CHECK(Cast(Cell::Temporal(CellKind::kDate, 1, 0), "TIMESTAMP(0)") == "1970-01-02 00:00:00");
}

TEST_CASE("strings to strings are cut and padded by characters") {
  CHECK(CastText("grün", "VARCHAR(3)") == "grü");
  CHECK(CastText("ab", "CHAR(4)") == "ab  ");
  CHECK(Cast(Cell::Null(), "INT") == "NULL");
  CHECK(CastText("Yes", "BOOLEAN") == "TRUE");
  CHECK(CastText("2", "BOOLEAN") == "(error)");
}

TEST_CASE("decimal arithmetic keeps every digit") {
  const auto run = [](DecimalOperation operation, const char* a, const char* b, Type type) {
    Arena arena;
    const auto value = Calculate(operation, *ParseDecimal(a), *ParseDecimal(b), type);
    return value ? std::string(DecimalCell(*value, &arena).view()) : "NULL";
  };
  CHECK(run(DecimalOperation::kAdd, "0.1", "0.2", Type::Decimal(3, 1)) == "0.3");
  CHECK(run(DecimalOperation::kDivide, "1", "3", Type::Decimal(38, 6)) == "0.333333");
  CHECK(run(DecimalOperation::kDivide, "2", "3", Type::Decimal(38, 6)) == "0.666667");
  CHECK(run(DecimalOperation::kModulo, "-7.5", "2", Type::Decimal(3, 1)) == "-1.5");
  CHECK(run(DecimalOperation::kMultiply, "99999999999999999999", "99999999999999999999",
            Type::Decimal(38, 0)) == "NULL");
  CHECK(run(DecimalOperation::kMultiply, "12345678901234567890.12", "1000000000000000.01",
            Type::Decimal(38, 2)) == "12345678901234568013576789012345678.90");
}
