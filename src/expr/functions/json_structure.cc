// Arrays, maps and rows as JSON. The functions that make JSON get structures as JSON already: only
// here are the names of the fields known.
#include <fmt/core.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "base/encode.h"
#include "expr/cast.h"
#include "expr/functions/json_path.h"
#include "expr/functions/json_value.h"
#include "expr/functions/structures.h"
#include "row/print.h"

namespace millrace {
namespace {

// Inside of a structure Flink prints a FLOAT as the DOUBLE that it is, and the sign of an exponent.
void AppendFloating(double value, std::string* out) {
  char printed[kCellTextMax];
  const std::string_view text(printed, PrintDouble(printed, value));
  const size_t digits = text.find('E') == text.npos ? text.size() : text.find('E') + 1;
  *out += text.substr(0, digits);
  if (digits < text.size() && text[digits] != '-') *out += '+';
  *out += text.substr(digits);
}

void Append(const FunctionCall& call, const Cell& cell, const Type& type, std::string* out) {
  const bool array = cell.kind == CellKind::kArray && type.kind == TypeKind::kArray;
  const bool map = cell.kind == CellKind::kMap && type.kind == TypeKind::kMap;
  const bool row = cell.kind == CellKind::kRow && type.kind == TypeKind::kRow &&
                   cell.size == type.children().size();
  const bool floating = cell.kind == CellKind::kFloat || cell.kind == CellKind::kDouble;
  if (floating && std::isfinite(cell.f)) return AppendFloating(cell.f, out);
  if (!array && !map && !row) return AppendJsonValue(call, cell, out);
  *out += array ? '[' : '{';
  const std::span<const Type> types = type.children();
  for (uint32_t i = 0; i < cell.size; i += map ? 2 : 1) {
    if (i > 0) *out += ',';
    if (map) {
      const std::string_view key =
          cell.cells[i].is_null() ? "null" : TextOf(cell.cells[i], call.arena, call.zone);
      AppendJsonString(key, out);
      *out += ':';
      Append(call, cell.cells[i + 1], types[1], out);
    } else {
      if (!array) {
        AppendJsonString(type.field_names()[i], out);
        *out += ':';
      }
      Append(call, cell.cells[i], types[array ? 0 : i], out);
    }
  }
  *out += array ? ']' : '}';
}

// The type of a value inside that JSON cannot show; null if there is none.
const Type* NotJson(const Type& type) {
  if (type.kind == TypeKind::kMap && !type.children()[0].is_text()) return &type.children()[0];
  for (const Type& child : type.children()) {
    if (const Type* found = NotJson(child)) return found;
  }
  return nullptr;
}

// The result is text; its type tells the structure.
Resolution JsonType(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (const Type* key = NotJson(type)) {
    return Reject(0,
                  fmt::format("needs strings as keys of a MAP, not {}", ToString(key->Nullable())));
  }
  return Returns(type, type.nullable);
}

struct Scratch final : FunctionState {
  std::string text;
};

Status ToJson(const FunctionCall& call, Cell* out) {
  std::string& text = call.Keep<Scratch>().text;
  text.clear();
  Append(call, call[0], call.type, &text);
  *out = Cell::Text(call.arena->Copy(text));
  out->mark = Cell::kJsonMark;
  return Status::Ok();
}

// A string is its content, null is NULL, all else is JSON.
Status FromJson(const FunctionCall& call, Cell* out) {
  *out = Cell::Null();
  const std::optional<JsonDocument> document = ParseJson(call.Text(0));
  if (!document || !document->is_array()) return Status::Ok();
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  for (const JsonDocument& item : *document) {
    const std::string text = item.is_string() ? item.get<std::string>() : JsonText(item);
    cells.push_back(item.is_null() ? Cell::Null() : Cell::Text(call.arena->Copy(text)));
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

Resolution StringsType(Arguments) { return Returns(Type::Array(kStringType), true); }

constexpr Function kFunctions[] = {
    {"STRUCTURES FROM JSON", "STRING -> ARRAY<STRING>", 1, 1, "t", StringsType, Op::kCall, FromJson,
     "The elements of a JSON array."},
    {"STRUCTURES JSON", "a -> STRING", 1, 1, "x", JsonType, Op::kCall, ToJson,
     "An ARRAY, MAP or ROW as JSON."},
};

}  // namespace

std::span<const Function> JsonStructureFunctions() { return kFunctions; }

}  // namespace millrace
