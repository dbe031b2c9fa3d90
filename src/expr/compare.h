// Order of the values of cells.
#pragma once

#include <cstdint>
#include <optional>

#include "row/cell.h"

namespace millrace {

// CompareCells for all but two integers.
int CompareOtherCells(const Cell& a, const Cell& b);

// -1, 0 or 1; cells of comparable kinds, none of them NULL. Numbers compare by value across kinds,
// NaN is equal to itself and greater than all others, strings and bytes compare byte by byte,
// structures value by value; NULL inside of them equals NULL. Maps are equal if they have the same
// entries in any order.
inline int CompareCells(const Cell& a, const Cell& b) {
  if (a.kind == CellKind::kInt && b.kind == CellKind::kInt) {
    return a.i < b.i ? -1 : b.i < a.i ? 1 : 0;
  }
  return CompareOtherCells(a, b);
}

// The order of values inside of an array: as CompareCells, NULL before all others and equal to
// NULL, NaN after all other numbers and equal to NaN.
int CompareItems(const Cell& a, const Cell& b);
// The same for all cells of one type that CompareItems calls equal.
uint64_t HashOf(const Cell& cell);

// a = b of two structures of one type, neither NULL: for a ROW neither TRUE nor FALSE if fields
// that are NULL decide.
std::optional<bool> AreEqualStructures(const Cell& a, const Cell& b);

// The value of a key in a MAP; null if there is none.
const Cell* FindInMap(const Cell& map, const Cell& key);

}  // namespace millrace
