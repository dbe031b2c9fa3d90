// What the functions of arrays, maps and rows share.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "expr/functions/resolve.h"
#include "expr/item_set.h"

namespace millrace {

// Memory of an instruction that is used again for every row.
struct StructureScratch final : FunctionState {
  std::vector<Cell> cells;
  ItemSet set;
};

// The scratch, emptied.
StructureScratch& EmptyScratch(const FunctionCall& call);
// The cells as an ARRAY, MAP or ROW in the arena of the call; an error if they are more than a
// value may hold.
Status PutStructure(const FunctionCall& call, CellKind kind, std::span<const Cell> cells,
                    Cell* out);
// Of the entries (key, value, ...) in scratch->cells with equal keys only the first one stays, with
// the value of the last one.
void KeepLastValues(StructureScratch* scratch);

// The common type of all arguments, to which they are cast; a problem if there is none. `wrap`
// makes the type of the result of it.
Resolution CommonStructure(Arguments arguments, Type (*wrap)(Type));
// The type of any of these arguments, from `first` on and `step` apart, as the type of an element.
std::optional<Type> CommonItem(Arguments arguments, size_t first, size_t step);
// Rejects the argument that has no common type with those before it.
Resolution RejectItem(Arguments arguments, size_t first, size_t step);

// `type` with `nullable` if either is.
Type NullableIf(Type type, bool nullable);

}  // namespace millrace
