#include "expr/arithmetic.h"

#include <cmath>
#include <optional>

#include "expr/decimal.h"
#include "expr/interval.h"

namespace millrace {
namespace {

Cell WrapInteger(TypeKind kind, uint64_t value) {
  switch (kind) {
    case TypeKind::kTinyInt:
      return Cell::Int(static_cast<int8_t>(value));
    case TypeKind::kSmallInt:
      return Cell::Int(static_cast<int16_t>(value));
    case TypeKind::kInt:
      return Cell::Int(static_cast<int32_t>(value));
    default:
      return Cell::Int(static_cast<int64_t>(value));
  }
}

Status DivisionByZero() {
  return Status::Permanent("division by zero; guard it with NULLIF(divisor, 0)");
}

Status Integers(Op op, TypeKind kind, int64_t a, int64_t b, Cell* out) {
  const auto left = static_cast<uint64_t>(a);
  const auto right = static_cast<uint64_t>(b);
  switch (op) {
    case Op::kAdd:
      *out = WrapInteger(kind, left + right);
      return Status::Ok();
    case Op::kSubtract:
      *out = WrapInteger(kind, left - right);
      return Status::Ok();
    case Op::kMultiply:
      *out = WrapInteger(kind, left * right);
      return Status::Ok();
    case Op::kDivide:
      if (b == 0) return DivisionByZero();
      *out =
          b == -1 ? WrapInteger(kind, 0 - left) : WrapInteger(kind, static_cast<uint64_t>(a / b));
      return Status::Ok();
    default:
      if (b == 0) return DivisionByZero();
      *out = Cell::Int(b == -1 ? 0 : a % b);
      return Status::Ok();
  }
}

double Doubles(Op op, double a, double b) {
  switch (op) {
    case Op::kAdd:
      return a + b;
    case Op::kSubtract:
      return a - b;
    case Op::kMultiply:
      return a * b;
    case Op::kDivide:
      return a / b;
    default:
      return std::fmod(a, b);
  }
}

DecimalOperation DecimalOp(Op op) {
  switch (op) {
    case Op::kAdd:
      return DecimalOperation::kAdd;
    case Op::kSubtract:
      return DecimalOperation::kSubtract;
    case Op::kMultiply:
      return DecimalOperation::kMultiply;
    case Op::kDivide:
      return DecimalOperation::kDivide;
    default:
      return DecimalOperation::kModulo;
  }
}

bool IsNegative(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kInt:
      return cell.i < 0;
    case CellKind::kFloat:
    case CellKind::kDouble:
      return std::signbit(cell.f);
    case CellKind::kDecimal:
      return cell.size > 0 && cell.bytes[0] == '-';
    default:
      return false;
  }
}

}  // namespace

Status CalculateCells(Op op, const Type& type, const Cell& a, const Cell& b, Arena* arena,
                      Cell* out) {
  if (type.is_integer()) return Integers(op, type.kind, a.i, b.i, out);
  if (type.kind == TypeKind::kDecimal) {
    const std::optional<Decimal> left = DecimalOf(a);
    const std::optional<Decimal> right = DecimalOf(b);
    if (!left || !right) return Status::Permanent("a DECIMAL has more than 38 digits");
    const bool divides = op == Op::kDivide || op == Op::kModulo;
    if (divides && right->units == 0) return DivisionByZero();
    const std::optional<Decimal> value = Calculate(DecimalOp(op), *left, *right, type);
    *out = value ? DecimalCell(*value, arena) : Cell::Null();
    return Status::Ok();
  }
  if (!type.is_numeric()) {
    const auto value = CalculateInterval(op, a, b, type);
    if (!value) return Status::Permanent("date or time out of range");
    *out = *value;
    return Status::Ok();
  }
  const double value = Doubles(op, NumberAsDouble(a), NumberAsDouble(b));
  *out =
      type.kind == TypeKind::kFloat ? Cell::Float(static_cast<float>(value)) : Cell::Double(value);
  return Status::Ok();
}

Cell NegatedCell(const Cell& cell, const Type& type, Arena* arena) {
  switch (cell.kind) {
    case CellKind::kInt:
      return WrapInteger(type.kind, 0 - static_cast<uint64_t>(cell.i));
    case CellKind::kYearInterval:
    case CellKind::kDayInterval:
      return Cell::Temporal(cell.kind, static_cast<int64_t>(0 - static_cast<uint64_t>(cell.i)), 0);
    case CellKind::kFloat:
      return Cell::Float(static_cast<float>(-cell.f));
    case CellKind::kDouble:
      return Cell::Double(-cell.f);
    case CellKind::kDecimal: {
      std::optional<Decimal> value = DecimalOf(cell);
      if (!value) return Cell::Null();
      value->units = -value->units;
      return DecimalCell(*value, arena);
    }
    default:
      return cell;
  }
}

Cell AbsoluteCell(const Cell& cell, const Type& type, Arena* arena) {
  return IsNegative(cell) ? NegatedCell(cell, type, arena) : cell;
}

}  // namespace millrace
