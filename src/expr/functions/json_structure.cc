// Arrays, maps and rows as JSON. The functions that make JSON get structures as JSON already: only
// here are the names of the fields known.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

void Append(const FunctionCall& call, const Cell& cell, const Type& type, std::string* out);

// Members in the order of their keys; a NULL key is "null".
void AppendMap(const FunctionCall& call, const Cell& cell, const Type& value, std::string* out) {
  std::vector<std::pair<std::string_view, const Cell*>> members;
  for (uint32_t i = 0; i < cell.size; i += 2) {
    const Cell& key = cell.cells[i];
    members.emplace_back(key.is_null() ? "null" : TextOf(key, call.arena, call.zone),
                         &cell.cells[i + 1]);
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const auto& a, const auto& b) { return JsonKeyLess(a.first, b.first); });
  *out += '{';
  const char* separator = "";
  for (size_t i = 0; i < members.size(); ++i) {
    // The last value of a key counts.
    if (i + 1 < members.size() && members[i + 1].first == members[i].first) continue;
    *out += std::exchange(separator, ",");
    AppendJsonString(members[i].first, out);
    *out += ':';
    Append(call, *members[i].second, value, out);
  }
  *out += '}';
}

void Append(const FunctionCall& call, const Cell& cell, const Type& type, std::string* out) {
  const bool array = cell.kind == CellKind::kArray && type.kind == TypeKind::kArray;
  const bool map = cell.kind == CellKind::kMap && type.kind == TypeKind::kMap;
  const bool row = cell.kind == CellKind::kRow && type.kind == TypeKind::kRow &&
                   cell.size == type.children().size();
  const bool floating = cell.kind == CellKind::kFloat || cell.kind == CellKind::kDouble;
  if (floating && std::isfinite(cell.f)) return AppendFloating(cell.f, out);
  if (map) return AppendMap(call, cell, type.children()[1], out);
  if (!array && !row) return AppendJsonValue(call, cell, out);
  *out += array ? '[' : '{';
  const std::span<const Type> types = type.children();
  for (uint32_t i = 0; i < cell.size; ++i) {
    if (i > 0) *out += ',';
    if (row) {
      AppendJsonString(type.field_names()[i], out);
      *out += ':';
    }
    Append(call, cell.cells[i], types[array ? 0 : i], out);
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
