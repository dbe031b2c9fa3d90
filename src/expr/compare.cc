#include "expr/compare.h"

#include <optional>

#include "expr/decimal.h"

namespace millrace {
namespace {

bool IsApproximate(const Cell& cell) {
  return cell.kind == CellKind::kFloat || cell.kind == CellKind::kDouble;
}
bool IsNumber(const Cell& cell) {
  return cell.kind >= CellKind::kInt && cell.kind <= CellKind::kDecimal;
}

template <typename T>
int ThreeWay(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

int CompareOtherCells(const Cell& a, const Cell& b) {
  if (IsNumber(a) && IsNumber(b)) {
    if (IsApproximate(a) || IsApproximate(b)) return ThreeWay(NumberAsDouble(a), NumberAsDouble(b));
    const std::optional<Decimal> left = DecimalOf(a);
    const std::optional<Decimal> right = DecimalOf(b);
    return left && right ? Compare(*left, *right) : 0;
  }
  if (a.has_bytes() && b.has_bytes()) return ThreeWay(a.view(), b.view());
  return ThreeWay(a.i, b.i);
}

}  // namespace millrace
