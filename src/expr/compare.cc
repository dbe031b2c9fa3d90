#include "expr/compare.h"

#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

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

// The first difference decides; what is shorter is before.
int CompareSequences(std::span<const Cell> a, std::span<const Cell> b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const int order = CompareItems(a[i], b[i]);
    if (order != 0) return order;
  }
  return ThreeWay(a.size(), b.size());
}

// Whether both maps have the same entries, in whatever order.
bool HaveSameEntries(const Cell& map, const Cell& other) {
  const std::span<const Cell> a = map.items();
  const std::span<const Cell> b = other.items();
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i + 1 < a.size(); i += 2) {
    const bool in_place = CompareItems(a[i], b[i]) == 0;
    const Cell* value = in_place ? &b[i + 1] : FindInMap(other, a[i]);
    if (value == nullptr || CompareItems(a[i + 1], *value) != 0) return false;
  }
  return true;
}

uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 32)) * 0x9e3779b97f4a7c15ull;
  return value ^ (value >> 29);
}

int CompareDoubles(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return ThreeWay<int>(std::isnan(a), std::isnan(b));
  return ThreeWay(a, b);
}

}  // namespace

int CompareItems(const Cell& a, const Cell& b) {
  if (a.is_null() || b.is_null()) return ThreeWay(!a.is_null(), !b.is_null());
  if (IsApproximate(a) && IsApproximate(b) && (std::isnan(a.f) || std::isnan(b.f))) {
    return ThreeWay(std::isnan(a.f), std::isnan(b.f));
  }
  return CompareCells(a, b);
}

uint64_t HashOf(const Cell& cell) {
  if (cell.is_null()) return 0;
  if (cell.has_bytes()) return Mix(std::hash<std::string_view>()(cell.view()));
  if (!cell.is_structured()) {
    if (!IsApproximate(cell)) return Mix(cell.u);
    return std::isnan(cell.f) ? 1 : Mix(std::hash<double>()(cell.f));
  }
  uint64_t hash = cell.size;
  const bool map = cell.kind == CellKind::kMap;
  for (uint32_t i = 0; i < cell.size; ++i) {
    const uint64_t item = HashOf(cell.cells[i]);
    if (!map) {
      hash = Mix(hash + item);
    } else if (i % 2 == 1) {  // the order of the entries does not matter
      hash += Mix(3 * HashOf(cell.cells[i - 1]) + item);
    }
  }
  return hash;
}

std::optional<bool> AreEqualStructures(const Cell& a, const Cell& b) {
  if (a.kind != CellKind::kRow) return CompareCells(a, b) == 0;
  if (b.kind != CellKind::kRow || a.size != b.size) return false;
  bool known = true;
  for (uint32_t i = 0; i < a.size; ++i) {
    const Cell& left = a.cells[i];
    const Cell& right = b.cells[i];
    if (left.is_null() || right.is_null()) {
      known = false;
      continue;
    }
    const std::optional<bool> equal = left.is_structured()
                                          ? AreEqualStructures(left, right)
                                          : std::optional(CompareItems(left, right) == 0);
    if (equal && !*equal) return false;
    known &= equal.has_value();
  }
  return known ? std::optional(true) : std::nullopt;
}

const Cell* FindInMap(const Cell& map, const Cell& key) {
  const std::span<const Cell> items = map.items();
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    if (CompareItems(items[i], key) == 0) return &items[i + 1];
  }
  return nullptr;
}

int CompareOtherCells(const Cell& a, const Cell& b) {
  if (IsNumber(a) && IsNumber(b)) {
    if (IsApproximate(a) || IsApproximate(b)) {
      return CompareDoubles(NumberAsDouble(a), NumberAsDouble(b));
    }
    const std::optional<Decimal> left = DecimalOf(a);
    const std::optional<Decimal> right = DecimalOf(b);
    return left && right ? Compare(*left, *right) : 0;
  }
  if (a.has_bytes() && b.has_bytes()) return ThreeWay(a.view(), b.view());
  if (a.is_structured()) {
    const bool same_maps = a.kind == CellKind::kMap && HaveSameEntries(a, b);
    return same_maps ? 0 : CompareSequences(a.items(), b.items());
  }
  return ThreeWay(a.i, b.i);
}

}  // namespace millrace
