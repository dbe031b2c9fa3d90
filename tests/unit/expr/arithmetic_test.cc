#include "expr/arithmetic.h"

#include <doctest/doctest.h>

#include "expr/compare.h"

using namespace millrace;

namespace {

const Type kInt = Type::Of(TypeKind::kInt);
const Type kDouble = Type::Of(TypeKind::kDouble);

Cell Decimal(const char* text, uint8_t scale) {
  return Cell::View(CellKind::kDecimal, text, scale);
}

}  // namespace

TEST_CASE("integers wrap as in Java, and divide towards zero") {
  Arena arena;
  Cell out;
  REQUIRE(CalculateCells(Op::kAdd, kInt, Cell::Int(INT32_MAX), Cell::Int(1), &arena, &out).ok());
  CHECK(out.i == INT32_MIN);
  REQUIRE(CalculateCells(Op::kDivide, kInt, Cell::Int(-7), Cell::Int(2), &arena, &out).ok());
  CHECK(out.i == -3);
  REQUIRE(
      CalculateCells(Op::kModulo, kInt, Cell::Int(INT32_MIN), Cell::Int(-1), &arena, &out).ok());
  CHECK(out.i == 0);
  CHECK_FALSE(CalculateCells(Op::kDivide, kInt, Cell::Int(1), Cell::Int(0), &arena, &out).ok());
}

TEST_CASE("a decimal that does not fit is NULL, and division by zero an error") {
  Arena arena;
  Cell out;
  const Type type = Type::Decimal(3, 1);
  REQUIRE(CalculateCells(Op::kAdd, type, Decimal("1.5", 1), Decimal("2.25", 2), &arena, &out).ok());
  CHECK(out.view() == "3.8");
  REQUIRE(CalculateCells(Op::kAdd, type, Decimal("99.9", 1), Decimal("0.1", 1), &arena, &out).ok());
  CHECK(out.is_null());
  CHECK_FALSE(
      CalculateCells(Op::kDivide, type, Decimal("1.0", 1), Decimal("0.0", 1), &arena, &out).ok());
}

TEST_CASE("signs of every kind of number") {
  Arena arena;
  CHECK(NegatedCell(Cell::Int(5), kInt, &arena).i == -5);
  CHECK(NegatedCell(Cell::Double(1.5), kDouble, &arena).f == -1.5);
  CHECK(NegatedCell(Decimal("-1.50", 2), Type::Decimal(3, 2), &arena).view() == "1.50");
  CHECK(NegatedCell(Cell::Null(), kInt, &arena).is_null());
  CHECK(AbsoluteCell(Cell::Int(-5), kInt, &arena).i == 5);
  CHECK(AbsoluteCell(Decimal("-0.1", 1), Type::Decimal(2, 1), &arena).view() == "0.1");
  CHECK(AbsoluteCell(Cell::Null(), kInt, &arena).is_null());
}

TEST_CASE("cells compare by value across the kinds of numbers") {
  CHECK(CompareCells(Cell::Int(1), Cell::Int(2)) == -1);
  CHECK(CompareCells(Cell::Int(2), Decimal("1.99", 2)) == 1);
  CHECK(CompareCells(Decimal("1.50", 2), Decimal("1.5", 1)) == 0);
  CHECK(CompareCells(Cell::Double(0.5), Decimal("0.5", 1)) == 0);
  CHECK(CompareCells(Cell::Text("a"), Cell::Text("ab")) == -1);
  CHECK(CompareCells(Cell::Temporal(CellKind::kDate, 2, 0),
                     Cell::Temporal(CellKind::kDate, 1, 0)) == 1);
}
