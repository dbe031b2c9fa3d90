// Functions of maps.
#include <fmt/core.h>

#include "expr/functions/structures.h"

namespace millrace {
namespace {

template <size_t child>
Resolution PartType(Arguments arguments) {
  const Type& map = arguments[0].type;
  return Returns(Type::Array(map.children()[child]), map.nullable);
}

template <size_t child>
Status Parts(const FunctionCall& call, Cell* out) {
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  const std::span<const Cell> items = call[0].items();
  for (size_t i = child; i < items.size(); i += 2) cells.push_back(items[i]);
  return PutStructure(call, CellKind::kArray, cells, out);
}

Resolution EntriesType(Arguments arguments) {
  const Type& map = arguments[0].type;
  const Type row = Type::Row({map.children()[0], map.children()[1]}, {"key", "value"});
  return Returns(Type::Array(row), map.nullable);
}

Status Entries(const FunctionCall& call, Cell* out) {
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  for (size_t i = 0; i + 1 < call[0].items().size(); i += 2) {
    cells.push_back(Cell::Structure(CellKind::kRow, call[0].items().subspan(i, 2)));
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

Resolution FromArraysType(Arguments arguments) {
  return Returns(Type::Map(arguments[0].type.children()[0], arguments[1].type.children()[0]),
                 AnyNullable(arguments));
}

// As in Flink, keys that are equal stay.
Status FromArrays(const FunctionCall& call, Cell* out) {
  const std::span<const Cell> keys = call[0].items();
  const std::span<const Cell> values = call[1].items();
  if (keys.size() != values.size()) {
    return Status::Permanent(
        fmt::format("there are {} keys and {} values", keys.size(), values.size()));
  }
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  for (size_t i = 0; i < keys.size(); ++i) {
    cells.push_back(keys[i]);
    cells.push_back(values[i]);
  }
  return PutStructure(call, CellKind::kMap, cells, out);
}

Resolution UnionType(Arguments arguments) {
  return CommonStructure(arguments, [](Type common) { return common; });
}

Status Union(const FunctionCall& call, Cell* out) {
  StructureScratch& scratch = EmptyScratch(call);
  for (const Cell& map : call.arguments) {
    scratch.cells.insert(scratch.cells.end(), map.items().begin(), map.items().end());
  }
  KeepLastValues(&scratch);
  return PutStructure(call, CellKind::kMap, scratch.cells, out);
}

constexpr Function kFunctions[] = {
    {"MAP_ENTRIES", "MAP_ENTRIES(MAP) -> ARRAY<ROW<key, value>>", 1, 1, "M", EntriesType, Op::kCall,
     Entries, "The entries of a map as rows."},
    {"MAP_FROM_ARRAYS", "MAP_FROM_ARRAYS(ARRAY, ARRAY) -> MAP", 2, 2, "A", FromArraysType,
     Op::kCall, FromArrays, "A map of an array of keys and an array of as many values."},
    {"MAP_KEYS", "MAP_KEYS(MAP) -> ARRAY", 1, 1, "M", PartType<0>, Op::kCall, Parts<0>,
     "The keys of a map."},
    {"MAP_UNION", "MAP_UNION(MAP, ...) -> MAP", 1, Function::kVariadic, "M", UnionType, Op::kCall,
     Union, "The entries of all maps; the last value of a key counts."},
    {"MAP_VALUES", "MAP_VALUES(MAP) -> ARRAY", 1, 1, "M", PartType<1>, Op::kCall, Parts<1>,
     "The values of a map."},
};

}  // namespace

std::span<const Function> MapFunctions() { return kFunctions; }

}  // namespace millrace
