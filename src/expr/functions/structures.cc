// Making arrays, maps and rows, and looking into them.
#include "expr/functions/structures.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/units.h"
#include "expr/compare.h"

namespace millrace {

StructureScratch& EmptyScratch(const FunctionCall& call) {
  auto& scratch = call.Keep<StructureScratch>();
  scratch.cells.clear();
  return scratch;
}

Status PutStructure(const FunctionCall& call, CellKind kind, std::span<const Cell> cells,
                    Cell* out) {
  if (cells.size() > kItemsMax) {
    return Status::Permanent(fmt::format(
        "the result has {} elements; a value of type ARRAY, MAP or ROW holds at most {}",
        cells.size(), kItemsMax));
  }
  Cell* const copy = call.arena->AllocateCells(cells.size());
  std::copy(cells.begin(), cells.end(), copy);
  *out = Cell::Structure(kind, {copy, cells.size()});
  return Status::Ok();
}

void KeepLastValues(StructureScratch* scratch) {
  std::vector<Cell>& cells = scratch->cells;
  scratch->set.Clear(cells.size() / 2);
  size_t kept = 0;
  for (size_t i = 0; i + 1 < cells.size(); i += 2) {
    if (scratch->set.Add(cells[i])) {
      cells[kept] = cells[i];
      cells[kept + 1] = cells[i + 1];
      kept += 2;
    } else {
      cells[2 * size_t{*scratch->set.Find(cells[i])} + 1] = cells[i + 1];
    }
  }
  cells.resize(kept);
}

Type NullableIf(Type type, bool nullable) {
  type.nullable |= nullable;
  return type;
}

std::optional<Type> CommonItem(Arguments arguments, size_t first, size_t step) {
  Type type = arguments[first].type;
  for (size_t i = first + step; i < arguments.size(); i += step) {
    std::optional<Type> common = CommonType(type, arguments[i].type);
    if (!common) return std::nullopt;
    type = std::move(*common);
  }
  return type;
}

Resolution RejectItem(Arguments arguments, size_t first, size_t step) {
  Type type = arguments[first].type;
  size_t i = first + step;
  for (; i < arguments.size(); i += step) {
    std::optional<Type> common = CommonType(type, arguments[i].type);
    if (!common) break;
    type = std::move(*common);
  }
  return Reject(i, fmt::format("has no common type of {} and {}", ToString(type.Nullable()),
                               ToString(arguments[i].type.Nullable())));
}

Resolution CommonStructure(Arguments arguments, Type (*wrap)(Type)) {
  const std::optional<Type> common = CommonItem(arguments, 0, 1);
  if (!common) return RejectItem(arguments, 0, 1);
  return Returns(wrap(*common), AnyNullable(arguments),
                 std::vector<Type>(arguments.size(), *common));
}

namespace {

// Rejects what no structure can hold.
std::optional<Resolution> RejectPart(const Type& type, size_t argument) {
  if (type.is_interval()) return Reject(argument, "cannot hold an INTERVAL");
  if (!IsNull(type)) return std::nullopt;
  return Reject(argument, "needs a value that is not a bare NULL; write CAST(NULL AS ...)");
}

// The type that arguments are cast to; strings stay as they are.
Type CastTarget(const Type& type, const Argument& argument) {
  return type.is_text() ? argument.type : type;
}

Resolution ArrayType(Arguments arguments) {
  const std::optional<Type> element = CommonItem(arguments, 0, 1);
  if (!element) return RejectItem(arguments, 0, 1);
  if (auto rejected = RejectPart(*element, 0)) return *rejected;
  Resolution resolution = Returns(Type::Array(*element), false);
  for (const Argument& argument : arguments) {
    resolution.arguments.push_back(CastTarget(*element, argument));
  }
  return resolution;
}

Status MakeArray(const FunctionCall& call, Cell* out) {
  return PutStructure(call, CellKind::kArray, call.arguments, out);
}

Resolution MapType(Arguments arguments) {
  if (arguments.size() % 2 != 0)
    return RejectValue(arguments.size() - 1, "needs a value for every key");
  const std::optional<Type> key = CommonItem(arguments, 0, 2);
  if (!key) return RejectItem(arguments, 0, 2);
  const std::optional<Type> value = CommonItem(arguments, 1, 2);
  if (!value) return RejectItem(arguments, 1, 2);
  if (auto rejected = RejectPart(*key, 0)) return *rejected;
  if (auto rejected = RejectPart(*value, 1)) return *rejected;
  Resolution resolution = Returns(Type::Map(*key, *value), false);
  for (size_t i = 0; i < arguments.size(); ++i) {
    resolution.arguments.push_back(CastTarget(i % 2 == 0 ? *key : *value, arguments[i]));
  }
  return resolution;
}

Status MakeMap(const FunctionCall& call, Cell* out) {
  StructureScratch& scratch = EmptyScratch(call);
  scratch.cells.assign(call.arguments.begin(), call.arguments.end());
  KeepLastValues(&scratch);
  return PutStructure(call, CellKind::kMap, scratch.cells, out);
}

Resolution RowType(Arguments arguments) {
  std::vector<Type> types;
  std::vector<std::string> names;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (auto rejected = RejectPart(arguments[i].type, i)) return *rejected;
    types.push_back(arguments[i].type);
    names.push_back(fmt::format("EXPR${}", i));
  }
  return Returns(Type::Row(std::move(types), std::move(names)), false);
}

Status MakeRow(const FunctionCall& call, Cell* out) {
  return PutStructure(call, CellKind::kRow, call.arguments, out);
}

// Whether a value of one type can be looked for among keys of the other.
bool CanLookUp(const Type& key, const Type& wanted) {
  if (IsNull(wanted) || key.is_structured()) return IsNull(wanted) || CanAssign(wanted, key);
  return (key.is_numeric() && wanted.is_numeric()) || (key.is_text() && wanted.is_text()) ||
         (key.is_binary() && wanted.is_binary()) || key.kind == wanted.kind;
}

Resolution ItemType(Arguments arguments) {
  const Type& container = arguments[0].type;
  const Argument& index = arguments[1];
  const std::string shown = ToString(index.type.Nullable());
  if (container.kind == TypeKind::kMap) {
    const Type& key = container.children()[0];
    if (!CanLookUp(key, index.type)) {
      return Reject(1,
                    fmt::format("needs a key of type {}, not {}", ToString(key.Nullable()), shown));
    }
    Resolution resolution = Returns(container.children()[1], true);
    if (key.is_structured()) resolution.arguments = {container, key};
    return resolution;
  }
  if (!index.type.is_integer() && !IsNull(index.type)) {
    return Reject(1, fmt::format("needs an integer as index of an array, not {}", shown));
  }
  if (index.constant && ParseInteger(*index.constant).value_or(0) < 1) {
    return RejectValue(1, fmt::format("needs an index from 1 on, not {}", *index.constant));
  }
  return Returns(container.children()[0], true);
}

Status Item(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  const Cell& container = call[0];
  if (container.kind == CellKind::kMap) {
    const Cell* value = FindInMap(container, call[1]);
    if (value != nullptr) *out = *value;
  } else if (call[1].i >= 1 && static_cast<uint64_t>(call[1].i) <= container.items().size()) {
    *out = container.items()[static_cast<size_t>(call[1].i - 1)];
  }
  return Status::Ok();
}

// The second argument is the index of the field, from 0 on; the binder knows it.
Resolution FieldType(Arguments arguments) {
  const Type& row = arguments[0].type;
  const auto index =
      static_cast<size_t>(ParseInteger(arguments[1].constant.value_or("")).value_or(INT64_MAX));
  if (index >= row.children().size()) return RejectValue(1, "needs a field of the row");
  const Type& field = row.children()[index];
  return Returns(field, row.nullable || field.nullable);
}

Status Field(const FunctionCall& call, Cell* out) {
  const auto index = static_cast<uint64_t>(call[1].i);
  const std::span<const Cell> fields = call[0].items();
  *out = index < fields.size() ? fields[index] : Cell::Null();
  return Status::Ok();
}

Status Cardinality(const FunctionCall& call, Cell* out) {
  const auto count = static_cast<int64_t>(call[0].items().size());
  *out = Cell::Int(call[0].kind == CellKind::kMap ? count / 2 : count);
  return Status::Ok();
}

Resolution ElementType(Arguments arguments) {
  const Type& array = arguments[0].type;
  const Type& element = array.children()[0];
  return MayBeNull(Returns(element, array.nullable || element.nullable));  // if it is empty
}

Status Element(const FunctionCall& call, Cell* out) {
  const std::span<const Cell> items = call[0].items();
  if (items.size() > 1) return Status::Permanent("the array has more than one element");
  *out = items.empty() ? Cell::Null() : items[0];
  return Status::Ok();
}

Status Equal(const FunctionCall& call, Cell* out) {
  const std::optional<bool> equal = AreEqualStructures(call[0], call[1]);
  *out = equal ? Cell::Bool(*equal) : Cell::Null();
  return Status::Ok();
}

Status NotEqual(const FunctionCall& call, Cell* out) {
  const std::optional<bool> equal = AreEqualStructures(call[0], call[1]);
  *out = equal ? Cell::Bool(!*equal) : Cell::Null();
  return Status::Ok();
}

Resolution NullIfType(Arguments arguments) { return Returns(arguments[0].type, true); }

Status NullIf(const FunctionCall& call, Cell* out) {
  const bool both = !call.is_null(0) && !call.is_null(1);
  const bool equal = both && AreEqualStructures(call[0], call[1]).value_or(false);
  *out = equal ? Cell::Null() : call[0];
  return Status::Ok();
}

constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"ARRAY[]", "ARRAY[a, ...] -> ARRAY", 1, kAny, "x", ArrayType, Op::kCall, MakeArray,
     "An array of values of a common type.", Nulls::kSeen},
    {"MAP[]", "MAP[key, value, ...] -> MAP", 2, kAny, "x", MapType, Op::kCall, MakeMap,
     "A map of keys and values; the last value of a key counts.", Nulls::kSeen},
    {"ROW()", "ROW(a, ...) | (a, b, ...) -> ROW", 1, kAny, "x", RowType, Op::kCall, MakeRow,
     "A row of values; its fields are named EXPR$0, EXPR$1 and so on.", Nulls::kSeen},
    {"[]", "ARRAY[INT] | MAP[key] | ROW[INT | name] -> a", 2, 2, "cx", ItemType, Op::kCall, Item,
     "An element of an array, counted from 1, the value of a key, or a field; NULL if there is "
     "none."},
    {".", "ROW.name -> a", 2, 2, "ri", FieldType, Op::kCall, Field, "A field of a row."},
    {"CARDINALITY", "CARDINALITY(ARRAY | MAP) -> INT", 1, 1, "c", Returns<kIntType>, Op::kCall,
     Cardinality, "Number of elements of an array or entries of a map."},
    {"ELEMENT", "ELEMENT(ARRAY) -> a", 1, 1, "A", ElementType, Op::kCall, Element,
     "The only element of an array; NULL if it is empty, an error if there are more."},
};

// What comparisons of structures are compiled to.
constexpr Function kHidden[] = {
    {"STRUCTURES =", "a = b -> BOOLEAN", 2, 2, "x", Returns<kBooleanType>, Op::kCall, Equal,
     "Equal."},
    {"STRUCTURES <>", "a <> b -> BOOLEAN", 2, 2, "x", Returns<kBooleanType>, Op::kCall, NotEqual,
     "Not equal."},
    {"STRUCTURES NULLIF", "NULLIF(a, b) -> type of a", 2, 2, "x", NullIfType, Op::kCall, NullIf,
     "The first argument, or NULL if both are equal.", Nulls::kSeen},
};

}  // namespace

std::span<const Function> StructureFunctions() { return kFunctions; }
std::span<const Function> HiddenStructureFunctions() { return kHidden; }

}  // namespace millrace
