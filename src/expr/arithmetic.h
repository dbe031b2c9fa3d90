// + - * / % and signs over cells.
#pragma once

#include "base/status.h"
#include "expr/ops.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace {

// a `op` b, where `op` is one of kAdd to kModulo, as `type`; neither is NULL. Integers wrap as in
// Java; decimals that do not fit are NULL. A permanent error for a division of exact numbers by
// zero and for dates and times out of range. Digits of decimals go into the arena.
Status CalculateCells(Op op, const Type& type, const Cell& a, const Cell& b, Arena* arena,
                      Cell* out);

// -cell and ABS(cell) as `type`; NULL for NULL. The smallest integer wraps to itself as in Java.
Cell NegatedCell(const Cell& cell, const Type& type, Arena* arena);
Cell AbsoluteCell(const Cell& cell, const Type& type, Arena* arena);

}  // namespace millrace
