// Functions of JSON. Documents are texts; keys keep their order.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encode.h"
#include "expr/cast.h"
#include "expr/functions/json_path.h"
#include "expr/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

using Paths = TextCache<std::optional<JsonPath>>;

// What a path finds in a document, seen by the modes of SQL/JSON.
struct Found {
  enum class Kind : uint8_t { kValue, kEmpty, kError };
  Kind kind = Kind::kError;
  JsonDocument value;
  bool lax = false;
  std::string problem;  // of kError
};

Result<Found> Find(const FunctionCall& call) {
  const std::optional<JsonPath>& path = call.Keep<Paths>().Get(
      call.Text(1), [](std::string_view text) { return JsonPath::Compile(text); });
  if (!path) {
    return Status::Permanent(
        fmt::format("'{}' is not a JSON path this engine knows", call.Text(1)));
  }
  Found found;
  found.lax = path->lax();
  const std::optional<JsonDocument> document = ParseJson(call.Text(0));
  if (!document) {
    found.problem = fmt::format("'{}' is not JSON", call.Text(0).substr(0, 60));
  } else if (path->Find(*document, &found.value) == JsonPath::Outcome::kFound) {
    found.kind = found.value.is_null() ? Found::Kind::kEmpty : Found::Kind::kValue;
  } else if (found.lax) {
    found.kind = Found::Kind::kEmpty;
  } else {
    found.problem = fmt::format("there is nothing at '{}'", call.Text(1));
  }
  return found;
}

std::optional<Resolution> RefusePath(Arguments arguments) {
  if (!arguments[1].constant || JsonPath::Compile(*arguments[1].constant)) return std::nullopt;
  return Complain(1, "does not know this JSON path");
}

// A keyword argument; the default if it is not there.
std::string_view Word(const FunctionCall& call, size_t index, std::string_view otherwise) {
  return index < call.count() ? call.Text(index) : otherwise;
}

Resolution ExistsType(Arguments arguments) {
  if (auto refused = RefusePath(arguments)) return *refused;
  return Give(kBooleanType, true);
}

Status Exists(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(const Found found, Find(call));
  if (found.kind != Found::Kind::kError) {
    *out = Cell::Bool(found.kind == Found::Kind::kValue);
    return Status::Ok();
  }
  const std::string_view on_error = Word(call, 2, "FALSE");
  if (on_error == "ERROR") return Status::Permanent(found.problem);
  *out = on_error == "UNKNOWN" ? Cell::Null() : Cell::Bool(on_error == "TRUE");
  return Status::Ok();
}

// Arguments of JSON_VALUE behind document and path.
enum ValueArgument : size_t { kReturning = 2, kOnEmpty, kEmptyDefault, kOnError, kErrorDefault };

Resolution ValueType(Arguments arguments) {
  if (auto refused = RefusePath(arguments)) return *refused;
  Type type = kStringType;
  if (arguments.size() > kReturning && !arguments[kReturning].constant.value_or("").empty()) {
    const std::optional<Type> returning = ParseType(*arguments[kReturning].constant);
    const bool fits =
        returning && (returning->is_text() || returning->kind == TypeKind::kBoolean ||
                      returning->kind == TypeKind::kInt || returning->kind == TypeKind::kDouble);
    if (!fits) return Complain(kReturning, "returns STRING, BOOLEAN, INTEGER or DOUBLE");
    type = returning->Nullable();
  }
  Resolution resolution = Give(type, true);
  for (const size_t index : {size_t{kEmptyDefault}, size_t{kErrorDefault}}) {
    if (index >= arguments.size() || IsNull(arguments[index].type)) continue;
    if (!CanCast(arguments[index].type, type)) {
      return Complain(index, fmt::format("has a default that is no {}", ToString(type)));
    }
    for (size_t i = resolution.arguments.size(); i < index; ++i) {
      resolution.arguments.push_back(arguments[i].type);
    }
    resolution.arguments.push_back(type);
  }
  return resolution;
}

// The text of a scalar: of a string what it says, of a number what Java prints.
std::string ScalarText(const JsonDocument& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) {
    char text[kCellTextMax];
    return std::string(text, PrintDouble(text, value.get<double>()));
  }
  return JsonText(value);
}

Status Choose(const FunctionCall& call, size_t behaviour, size_t default_value,
              const std::string& problem, Cell* out) {
  const std::string_view word = Word(call, behaviour, "NULL");
  if (word == "ERROR") return Status::Permanent(problem);
  *out = word == "DEFAULT" && default_value < call.count() ? call[default_value] : Cell::Null();
  return Status::Ok();
}

Status Value(const FunctionCall& call, Cell* out) {
  if (call.is_null(0) || call.is_null(1)) {
    *out = Cell::Null();
    return Status::Ok();
  }
  MR_ASSIGN_OR_RETURN(Found found, Find(call));
  if (found.kind == Found::Kind::kValue && found.value.is_structured()) {
    found.kind = found.lax ? Found::Kind::kEmpty : Found::Kind::kError;
    found.problem = "what is there is an object or array";
  }
  if (found.kind == Found::Kind::kEmpty) {
    return Choose(call, kOnEmpty, kEmptyDefault, "there is nothing or null", out);
  }
  if (found.kind == Found::Kind::kValue) {
    const Cell text = Cell::Text(call.arena->Copy(ScalarText(found.value)));
    const std::optional<Cell> cell = CastCell(text, call.type, call.arena, call.zone);
    if (cell) {
      *out = *cell;
      return Status::Ok();
    }
    found.problem = fmt::format("'{}' is no {}", text.view(), ToString(call.type.Nullable()));
  }
  return Choose(call, kOnError, kErrorDefault, found.problem, out);
}

Resolution QueryType(Arguments arguments) {
  if (auto refused = RefusePath(arguments)) return *refused;
  return Give(kStringType, true);
}

Status Query(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(Found found, Find(call));
  const std::string_view wrapper = Word(call, 2, "WITHOUT");
  if (found.kind == Found::Kind::kValue) {
    const bool wraps =
        wrapper == "UNCONDITIONAL" || (wrapper == "CONDITIONAL" && !found.value.is_array());
    if (wraps) found.value = JsonDocument::array({found.value});
    if (!found.value.is_structured()) {
      found.kind = found.lax ? Found::Kind::kEmpty : Found::Kind::kError;
      found.problem = "what is there is no object or array";
    }
  }
  if (found.kind == Found::Kind::kValue) {
    *out = Cell::Text(call.arena->Copy(JsonText(found.value)));
    out->spare = Cell::kJsonMark;
    return Status::Ok();
  }
  const bool empty = found.kind == Found::Kind::kEmpty;
  const std::string_view word = Word(call, empty ? 3 : 4, "NULL");
  if (word == "ERROR") {
    return Status::Permanent(empty ? std::string("there is nothing or null") : found.problem);
  }
  *out = word == "EMPTY ARRAY"    ? Cell::Text("[]")
         : word == "EMPTY OBJECT" ? Cell::Text("{}")
                                  : Cell::Null();
  return Status::Ok();
}

enum class JsonKind : uint8_t { kAny, kObject, kArray, kScalar };

template <JsonKind kind>
Status IsJson(const FunctionCall& call, Cell* out) {
  *out = Cell::Bool(false);
  if (call.is_null(0)) return Status::Ok();
  const std::optional<JsonDocument> document = ParseJson(call.Text(0));
  if (!document) return Status::Ok();
  const bool fits = kind == JsonKind::kObject   ? document->is_object()
                    : kind == JsonKind::kArray  ? document->is_array()
                    : kind == JsonKind::kScalar ? !document->is_structured()
                                                : true;
  *out = Cell::Bool(fits);
  return Status::Ok();
}

// A value as JSON: numbers and truth values as they are, what JSON functions made as it is, all
// else as a string.
void AppendValue(const FunctionCall& call, const Cell& cell, std::string* out) {
  switch (cell.kind) {
    case CellKind::kNull:
      *out += "null";
      return;
    case CellKind::kBool:
      *out += cell.u != 0 ? "true" : "false";
      return;
    case CellKind::kInt:
    case CellKind::kUint:
    case CellKind::kDecimal:
      AppendCell(out, cell, call.zone);
      return;
    case CellKind::kFloat:
    case CellKind::kDouble: {
      std::string text;
      AppendCell(&text, cell, call.zone);
      // NaN and infinities are no numbers of JSON.
      const bool number = text.find_first_of("NI") == text.npos;
      *out += number ? text : "\"" + text + "\"";
      return;
    }
    case CellKind::kBytes:
      *out += '"';
      *out += ToBase64(cell.view());
      *out += '"';
      return;
    default:
      if (cell.kind == CellKind::kText && cell.spare == Cell::kJsonMark) {
        *out += cell.view();
      } else {
        AppendJsonString(TextOf(cell, call.arena, call.zone), out);
      }
  }
}

// A text that is built row after row in the same memory.
struct Scratch final : FunctionState {
  std::string text;
};

std::string& ScratchOf(const FunctionCall& call) {
  std::string& text = call.Keep<Scratch>().text;
  text.clear();
  return text;
}

Status PutJson(const FunctionCall& call, const std::string& text, Cell* out) {
  *out = Cell::Text(call.arena->Copy(text));
  out->spare = Cell::kJsonMark;
  return Status::Ok();
}

Resolution ObjectType(Arguments arguments) {
  if (arguments.size() % 2 == 0) return Complain(arguments.size() - 1, "needs keys and values");
  for (size_t i = 1; i < arguments.size(); i += 2) {
    if (!arguments[i].type.is_text()) {
      return Complain(
          i, fmt::format("needs a text as key, not {}", ToString(arguments[i].type.Nullable())));
    }
  }
  return Give(kStringType, false);
}

Status Object(const FunctionCall& call, Cell* out) {
  std::string& text = ScratchOf(call);
  const bool absent = call.Text(0) == "ABSENT";
  text = "{";
  for (size_t i = 1; i + 1 < call.count(); i += 2) {
    if (call.is_null(i)) return Status::Permanent("a key is NULL");
    if (absent && call.is_null(i + 1)) continue;
    // Of two values with the same key the last one counts.
    bool again = false;
    for (size_t later = i + 2; later + 1 < call.count(); later += 2) {
      again |= !call.is_null(later) && call.Text(later) == call.Text(i);
    }
    if (again) continue;
    if (text.size() > 1) text += ',';
    AppendJsonString(call.Text(i), &text);
    text += ':';
    AppendValue(call, call[i + 1], &text);
  }
  text += '}';
  return PutJson(call, text, out);
}

Status Array(const FunctionCall& call, Cell* out) {
  std::string& text = ScratchOf(call);
  const bool absent = call.Text(0) == "ABSENT";
  text = "[";
  for (size_t i = 1; i < call.count(); ++i) {
    if (absent && call.is_null(i)) continue;
    if (text.size() > 1) text += ',';
    AppendValue(call, call[i], &text);
  }
  text += ']';
  return PutJson(call, text, out);
}

Status ToJsonString(const FunctionCall& call, Cell* out) {
  std::string& text = ScratchOf(call);
  AppendValue(call, call[0], &text);
  *out = Cell::Text(call.arena->Copy(text));
  return Status::Ok();
}

Status Quote(const FunctionCall& call, Cell* out) {
  std::string& quoted = ScratchOf(call);
  AppendJsonString(call.Text(0), &quoted);
  for (size_t at = quoted.find('/'); at != quoted.npos; at = quoted.find('/', at + 2)) {
    quoted.insert(at, 1, '\\');
  }
  *out = Cell::Text(call.arena->Copy(quoted));
  return Status::Ok();
}

Status Unquote(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  *out = Cell::Text(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return Status::Ok();
  const std::optional<JsonDocument> value = ParseJson(text);
  if (value && value->is_string()) {
    *out = Cell::Text(call.arena->Copy(value->get_ref<const std::string&>()));
  }
  return Status::Ok();
}

constexpr auto kText = Gives<kStringType>;
constexpr auto kTest = AlwaysGives<kBooleanType>;
constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"IS JSON", "STRING IS [NOT] JSON [VALUE] -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kAny>, "Whether it is JSON; NULL is not.", Nulls::kSeen},
    {"IS JSON VALUE", "STRING IS [NOT] JSON VALUE -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kAny>, "Whether it is JSON; NULL is not.", Nulls::kSeen},
    {"IS JSON OBJECT", "STRING IS [NOT] JSON OBJECT -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kObject>, "Whether it is a JSON object.", Nulls::kSeen},
    {"IS JSON ARRAY", "STRING IS [NOT] JSON ARRAY -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kArray>, "Whether it is a JSON array.", Nulls::kSeen},
    {"IS JSON SCALAR", "STRING IS [NOT] JSON SCALAR -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kScalar>, "Whether it is JSON and neither object nor array.", Nulls::kSeen},
    {"JSON_EXISTS",
     "JSON_EXISTS(STRING, path [TRUE | FALSE | UNKNOWN | ERROR ON ERROR]) -> BOOLEAN", 2, 3, "ttu",
     ExistsType, Op::kCall, Exists, "Whether there is something but null at the path."},
    {"JSON_VALUE",
     "JSON_VALUE(STRING, path [RETURNING type] [NULL | ERROR | DEFAULT a ON EMPTY] "
     "[NULL | ERROR | DEFAULT a ON ERROR]) -> STRING",
     2, 7, "ttuueue", ValueType, Op::kCall, Value,
     "The scalar at the path, as STRING, BOOLEAN, INTEGER or DOUBLE.", Nulls::kSeen},
    {"JSON_QUERY",
     "JSON_QUERY(STRING, path [WITH | WITHOUT [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER] "
     "[NULL | EMPTY ARRAY | EMPTY OBJECT | ERROR ON EMPTY] [.. ON ERROR]) -> STRING",
     2, 5, "ttuuu", QueryType, Op::kCall, Query, "The object or array at the path, as text."},
    {"JSON_OBJECT", "JSON_OBJECT([[KEY] STRING VALUE a, ...] [NULL | ABSENT ON NULL]) -> STRING", 1,
     kAny, "ue", ObjectType, Op::kCall, Object, "A JSON object of keys and values.", Nulls::kSeen},
    {"JSON_ARRAY", "JSON_ARRAY([a, ...] [NULL | ABSENT ON NULL]) -> STRING", 1, kAny, "ue",
     AlwaysGives<kStringType>, Op::kCall, Array, "A JSON array of values.", Nulls::kSeen},
    {"JSON_STRING", "JSON_STRING(a) -> STRING", 1, 1, "e", kText, Op::kCall, ToJsonString,
     "The value as JSON; NULL stays NULL."},
    {"JSON_QUOTE", "JSON_QUOTE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, Quote,
     "The text as a JSON string, in quotes."},
    {"JSON_UNQUOTE", "JSON_UNQUOTE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, Unquote,
     "What a JSON string says; other text as it is."},
};

}  // namespace

std::span<const Function> JsonFunctions() { return kFunctions; }

}  // namespace millrace
