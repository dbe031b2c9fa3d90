// Order of the values of cells.
#pragma once

#include "row/cell.h"

namespace millrace {

// CompareCells for all but two integers.
int CompareOtherCells(const Cell& a, const Cell& b);

// -1, 0 or 1; cells of comparable kinds, none of them NULL. Numbers compare by value across kinds,
// strings and bytes byte by byte.
inline int CompareCells(const Cell& a, const Cell& b) {
  if (a.kind == CellKind::kInt && b.kind == CellKind::kInt) {
    return a.i < b.i ? -1 : b.i < a.i ? 1 : 0;
  }
  return CompareOtherCells(a, b);
}

}  // namespace millrace
