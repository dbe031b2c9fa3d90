// Functions of arrays.
#include <fmt/core.h>

#include <algorithm>

#include "expr/compare.h"
#include "expr/functions/structures.h"
#include "expr/text.h"

namespace millrace {
namespace {

Resolution SameArray(Arguments arguments) {
  return Returns(arguments[0].type, AnyNullable(arguments));
}

// A problem if the second argument cannot be an element of the array in the first one.
std::optional<Resolution> RejectElement(Arguments arguments) {
  const Type& element = arguments[0].type.children()[0];
  const Type& given = arguments[1].type;
  if (CanAssign(given, element)) return std::nullopt;
  return Reject(1, fmt::format("needs {}, the type of the elements, not {}",
                               ToString(element.Nullable()), ToString(given.Nullable())));
}

// What the arguments of a function of an array and an element are cast to.
std::vector<Type> WithElement(Arguments arguments) {
  const Type& element = arguments[0].type.children()[0];
  return {arguments[0].type, element.is_text() ? arguments[1].type : element.Nullable()};
}

Resolution AddedType(Arguments arguments) {
  if (auto rejected = RejectElement(arguments)) return *rejected;
  const Type& array = arguments[0].type;
  return Returns(Type::Array(NullableIf(array.children()[0], arguments[1].type.nullable)),
                 array.nullable, WithElement(arguments));
}

Resolution RemovedType(Arguments arguments) {
  if (auto rejected = RejectElement(arguments)) return *rejected;
  return Returns(arguments[0].type, arguments[0].type.nullable, WithElement(arguments));
}

Resolution ContainsType(Arguments arguments) {
  if (auto rejected = RejectElement(arguments)) return *rejected;
  return Returns(kBooleanType, arguments[0].type.nullable, WithElement(arguments));
}

Resolution PositionType(Arguments arguments) {
  if (auto rejected = RejectElement(arguments)) return *rejected;
  return Returns(kIntType, AnyNullable(arguments), WithElement(arguments));
}

template <bool at_end>
Status AddElement(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  if (call.is_null(0)) return Status::Ok();
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  if (!at_end) cells.push_back(call[1]);
  cells.insert(cells.end(), call[0].items().begin(), call[0].items().end());
  if (at_end) cells.push_back(call[1]);
  return PutStructure(call, CellKind::kArray, cells, out);
}

Status Remove(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  if (call.is_null(0)) return Status::Ok();
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  for (const Cell& cell : call[0].items()) {
    if (CompareItems(cell, call[1]) != 0) cells.push_back(cell);
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

// Counted from 1; 0 if it is not there.
int64_t PositionIn(const Cell& array, const Cell& wanted) {
  const std::span<const Cell> items = array.items();
  for (size_t i = 0; i < items.size(); ++i) {
    if (CompareItems(items[i], wanted) == 0) return static_cast<int64_t>(i) + 1;
  }
  return 0;
}

Status Contains(const FunctionCall& call, Cell* out) {
  *out = call.is_null(0) ? Cell::Null() : Cell::Bool(PositionIn(call[0], call[1]) > 0);
  return Status::Ok();
}

Status Position(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(PositionIn(call[0], call[1]));
  return Status::Ok();
}

Status Reverse(const FunctionCall& call, Cell* out) {
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  cells.assign(call[0].items().rbegin(), call[0].items().rend());
  return PutStructure(call, CellKind::kArray, cells, out);
}

// 1 is the first element of `size`, as is 0, and -1 the last one.
int64_t OffsetIn(int64_t size, int64_t offset) {
  return std::max<int64_t>(1, offset < 0 ? offset + size + 1 : offset);
}

Status Slice(const FunctionCall& call, Cell* out) {
  const std::span<const Cell> items = call[0].items();
  const auto size = static_cast<int64_t>(items.size());
  const int64_t first = OffsetIn(size, call.Integer(1));
  const int64_t end = call.count() > 2 ? call.Integer(2) : size;
  // An end before the first element leaves nothing.
  const int64_t last = end < -size ? 0 : std::min(size, OffsetIn(size, end));
  const bool some = first <= last;
  *out = Cell::Structure(
      CellKind::kArray,
      some ? items.subspan(static_cast<size_t>(first - 1), static_cast<size_t>(last - first + 1))
           : std::span<const Cell>());
  return Status::Ok();
}

// Rejects elements that have no order.
std::optional<Resolution> RejectUnordered(Arguments arguments) {
  const Type& element = arguments[0].type.children()[0];
  if (!element.is_structured()) return std::nullopt;
  return Reject(0, fmt::format("cannot order values of {}", ToString(element.Nullable())));
}

Resolution SortType(Arguments arguments) {
  if (auto rejected = RejectUnordered(arguments)) return *rejected;
  return SameArray(arguments);
}

Status Sort(const FunctionCall& call, Cell* out) {
  const bool ascending = call.count() < 2 || call[1].u != 0;
  const bool nulls_first = call.count() < 3 ? ascending : call[2].u != 0;
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  cells.assign(call[0].items().begin(), call[0].items().end());
  std::sort(cells.begin(), cells.end(), [&](const Cell& a, const Cell& b) {
    if (a.is_null() || b.is_null()) {
      return a.is_null() != b.is_null() && a.is_null() == nulls_first;
    }
    const int order = CompareItems(a, b);
    return ascending ? order < 0 : order > 0;
  });
  return PutStructure(call, CellKind::kArray, cells, out);
}

Resolution ExtremeType(Arguments arguments) {
  if (auto rejected = RejectUnordered(arguments)) return *rejected;
  return Returns(arguments[0].type.children()[0], true);
}

template <bool greatest>
Status Extreme(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  for (const Cell& cell : call[0].items()) {
    if (cell.is_null()) continue;
    const int order = out->is_null() ? 0 : CompareItems(cell, *out);
    if (out->is_null() || (greatest ? order > 0 : order < 0)) *out = cell;
  }
  return Status::Ok();
}

Resolution JoinType(Arguments arguments) {
  const Type& element = arguments[0].type.children()[0];
  if (!element.is_text()) {
    return Reject(0, fmt::format("needs an array of strings, not of {}; write CAST(... AS "
                                 "ARRAY<STRING>)",
                                 ToString(element.Nullable())));
  }
  return Returns(kStringType, AnyNullable(arguments));
}

Status Join(const FunctionCall& call, Cell* out) {
  Joiner joiner(call.arena, call.Text(1));
  for (const Cell& cell : call[0].items()) {
    if (!cell.is_null()) {
      joiner.Add(cell.view());
    } else if (call.count() > 2) {
      joiner.Add(call.Text(2));
    }
  }
  *out = Cell::Text(joiner.Finish());
  return Status::Ok();
}

Resolution AllArrays(Arguments arguments) {
  return CommonStructure(arguments, [](Type common) { return common; });
}

Status Concatenate(const FunctionCall& call, Cell* out) {
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  for (const Cell& array : call.arguments) {
    cells.insert(cells.end(), array.items().begin(), array.items().end());
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

// The elements of all arguments, each once.
Status Union(const FunctionCall& call, Cell* out) {
  ItemSet& set = EmptyScratch(call).set;
  size_t count = 0;
  for (const Cell& array : call.arguments) count += array.items().size();
  set.Clear(count);
  for (const Cell& array : call.arguments) {
    for (const Cell& cell : array.items()) set.Add(cell);
  }
  return PutStructure(call, CellKind::kArray, set.items(), out);
}

// The elements of the first array that are in the second one, or that are not, each once.
template <bool in_second>
Status Filter(const FunctionCall& call, Cell* out) {
  StructureScratch& scratch = EmptyScratch(call);
  scratch.set.Clear(call[1].items().size());
  for (const Cell& cell : call[1].items()) scratch.set.Add(cell);
  for (const Cell& cell : call[0].items()) {
    if (scratch.set.Find(cell).has_value() == in_second) scratch.cells.push_back(cell);
  }
  scratch.set.Clear(scratch.cells.size());
  for (const Cell& cell : scratch.cells) scratch.set.Add(cell);
  return PutStructure(call, CellKind::kArray, scratch.set.items(), out);
}

constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"ARRAY_APPEND", "ARRAY_APPEND(ARRAY, a) -> ARRAY", 2, 2, "Ax", AddedType, Op::kCall,
     AddElement<true>, "The array with an element at its end, which may be NULL.", Nulls::kSeen},
    {"ARRAY_PREPEND", "ARRAY_PREPEND(ARRAY, a) -> ARRAY", 2, 2, "Ax", AddedType, Op::kCall,
     AddElement<false>, "The array with an element at its front, which may be NULL.", Nulls::kSeen},
    {"ARRAY_CONCAT", "ARRAY_CONCAT(ARRAY, ...) -> ARRAY", 1, kAny, "A", AllArrays, Op::kCall,
     Concatenate, "The elements of all arrays."},
    {"ARRAY_CONTAINS", "ARRAY_CONTAINS(ARRAY, a) -> BOOLEAN", 2, 2, "Ax", ContainsType, Op::kCall,
     Contains, "Whether there is an equal element; NULL is looked for as well.", Nulls::kSeen},
    {"ARRAY_DISTINCT", "ARRAY_DISTINCT(ARRAY) -> ARRAY", 1, 1, "A", SameArray, Op::kCall, Union,
     "The first one of each of the elements that are equal."},
    {"ARRAY_EXCEPT", "ARRAY_EXCEPT(ARRAY, ARRAY) -> ARRAY", 2, 2, "A", AllArrays, Op::kCall,
     Filter<false>, "The elements of the first array that the second has not, each once."},
    {"ARRAY_INTERSECT", "ARRAY_INTERSECT(ARRAY, ARRAY) -> ARRAY", 2, 2, "A", AllArrays, Op::kCall,
     Filter<true>, "The elements of the first array that the second has too, each once."},
    {"ARRAY_JOIN", "ARRAY_JOIN(ARRAY, STRING [, STRING]) -> STRING", 2, 3, "Att", JoinType,
     Op::kCall, Join,
     "The strings of an array with a separator between them; NULL is left out, or replaced by the "
     "third argument."},
    {"ARRAY_MAX", "ARRAY_MAX(ARRAY) -> a", 1, 1, "A", ExtremeType, Op::kCall, Extreme<true>,
     "The greatest element other than NULL."},
    {"ARRAY_MIN", "ARRAY_MIN(ARRAY) -> a", 1, 1, "A", ExtremeType, Op::kCall, Extreme<false>,
     "The smallest element other than NULL."},
    {"ARRAY_POSITION", "ARRAY_POSITION(ARRAY, a) -> INT", 2, 2, "Ax", PositionType, Op::kCall,
     Position, "Position of the first equal element, counted from 1; 0 if there is none."},
    {"ARRAY_REMOVE", "ARRAY_REMOVE(ARRAY, a) -> ARRAY", 2, 2, "Ax", RemovedType, Op::kCall, Remove,
     "The array without the elements that are equal to a value, which may be NULL.", Nulls::kSeen},
    {"ARRAY_REVERSE", "ARRAY_REVERSE(ARRAY) -> ARRAY", 1, 1, "A", SameArray, Op::kCall, Reverse,
     "The elements from the last to the first."},
    {"ARRAY_SLICE", "ARRAY_SLICE(ARRAY, INT [, INT]) -> ARRAY", 2, 3, "Aii", SameArray, Op::kCall,
     Slice,
     "The elements from one position to another, both included; 0 is the first, -1 the last one."},
    {"ARRAY_SORT", "ARRAY_SORT(ARRAY [, BOOLEAN [, BOOLEAN]]) -> ARRAY", 1, 3, "Abb", SortType,
     Op::kCall, Sort,
     "The elements in order: ascending, unless the second argument is FALSE; NULL first if "
     "ascending, or as the third argument says."},
    {"ARRAY_UNION", "ARRAY_UNION(ARRAY, ARRAY) -> ARRAY", 2, 2, "A", AllArrays, Op::kCall, Union,
     "The elements of both arrays, each once."},
};

}  // namespace

std::span<const Function> ArrayFunctions() { return kFunctions; }

}  // namespace millrace
