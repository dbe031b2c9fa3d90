// Functions that read JSON documents, which are strings. Keys keep their order.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "expr/cast.h"
#include "expr/functions/json_path.h"
#include "expr/functions/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

using Paths = TextCache<std::optional<JsonPath>>;

// The result of a path in a document, as the modes of SQL/JSON define it.
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
    return Status::Permanent(fmt::format("'{}' is not a supported JSON path", call.Text(1)));
  }
  Found found;
  found.lax = path->lax();
  const std::optional<JsonDocument> document = ParseJson(call.Text(0));
  if (!document || document->is_null()) {
    found.problem = fmt::format("'{}' is not JSON with a value", call.Text(0).substr(0, 60));
  } else if (path->Find(*document, &found.value) == JsonPath::Outcome::kFound &&
             !found.value.is_null()) {
    found.kind = Found::Kind::kValue;
  } else if (found.lax) {
    found.kind = Found::Kind::kEmpty;
  } else {
    found.problem = fmt::format("no value, or null, at '{}'", call.Text(1));
  }
  return found;
}

std::optional<Resolution> RejectPath(Arguments arguments) {
  if (!arguments[1].constant || JsonPath::Compile(*arguments[1].constant)) return std::nullopt;
  return RejectValue(1,
                     "does not support this JSON path (filters and functions are not supported)");
}

// A keyword argument, or `fallback` if there is none.
std::string_view Word(const FunctionCall& call, size_t index, std::string_view fallback) {
  return index < call.count() ? call.Text(index) : fallback;
}

Resolution ExistsType(Arguments arguments) {
  if (auto rejected = RejectPath(arguments)) return *rejected;
  return Returns(kBooleanType, true);
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

// Arguments of JSON_VALUE after document and path.
enum ValueArgument : size_t { kReturning = 2, kOnEmpty, kEmptyDefault, kOnError, kErrorDefault };

Resolution ValueType(Arguments arguments) {
  if (auto rejected = RejectPath(arguments)) return *rejected;
  Type type = kStringType;
  if (arguments.size() > kReturning && !arguments[kReturning].constant.value_or("").empty()) {
    const std::optional<Type> returning = ParseType(*arguments[kReturning].constant);
    const bool fits =
        returning && (returning->is_text() || returning->kind == TypeKind::kBoolean ||
                      returning->kind == TypeKind::kInt || returning->kind == TypeKind::kDouble);
    if (!fits) return RejectValue(kReturning, "can only return STRING, BOOLEAN, INTEGER or DOUBLE");
    type = returning->Nullable();
  }
  Resolution resolution = Returns(type, true);
  for (const size_t index : {size_t{kEmptyDefault}, size_t{kErrorDefault}}) {
    if (index >= arguments.size() || IsNull(arguments[index].type)) continue;
    if (!CanCast(arguments[index].type, type)) {
      return Reject(index, fmt::format("has a default that is not {}", ToString(type)));
    }
    for (size_t i = resolution.arguments.size(); i < index; ++i) {
      resolution.arguments.push_back(arguments[i].type);
    }
    resolution.arguments.push_back(type);
  }
  return resolution;
}

// A scalar as a string: the content of a string, a number as Java prints it.
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
    found.problem = "the value at the path is an object or array";
  }
  if (found.kind == Found::Kind::kEmpty) {
    return Choose(call, kOnEmpty, kEmptyDefault, "the value at the path is missing or null", out);
  }
  if (found.kind == Found::Kind::kValue) {
    const Cell text = Cell::Text(call.arena->Copy(ScalarText(found.value)));
    const std::optional<Cell> cell = CastCell(text, call.type, call.arena, call.zone);
    if (cell) {
      *out = *cell;
      return Status::Ok();
    }
    found.problem = fmt::format("'{}' is not {}", text.view(), ToString(call.type.Nullable()));
  }
  return Choose(call, kOnError, kErrorDefault, found.problem, out);
}

Resolution QueryType(Arguments arguments) {
  if (auto rejected = RejectPath(arguments)) return *rejected;
  return Returns(kStringType, true);
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
      found.problem = "the value at the path is not an object or array";
    }
  }
  if (found.kind == Found::Kind::kValue) {
    *out = Cell::Text(call.arena->Copy(JsonText(found.value)));
    out->mark = Cell::kJsonMark;
    return Status::Ok();
  }
  const bool empty = found.kind == Found::Kind::kEmpty;
  const std::string_view word = Word(call, empty ? 3 : 4, "NULL");
  if (word == "ERROR") {
    return Status::Permanent(empty ? std::string("the value at the path is missing or null")
                                   : found.problem);
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

constexpr auto kTest = ReturnsNotNull<kBooleanType>;

constexpr Function kFunctions[] = {
    {"IS JSON", "STRING IS [NOT] JSON [VALUE] -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kAny>, "Whether it is valid JSON; FALSE for NULL.", Nulls::kSeen},
    {"IS JSON VALUE", "STRING IS [NOT] JSON VALUE -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kAny>, "Whether it is valid JSON; FALSE for NULL.", Nulls::kSeen},
    {"IS JSON OBJECT", "STRING IS [NOT] JSON OBJECT -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kObject>, "Whether it is a JSON object.", Nulls::kSeen},
    {"IS JSON ARRAY", "STRING IS [NOT] JSON ARRAY -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kArray>, "Whether it is a JSON array.", Nulls::kSeen},
    {"IS JSON SCALAR", "STRING IS [NOT] JSON SCALAR -> BOOLEAN", 1, 1, "t", kTest, Op::kCall,
     IsJson<JsonKind::kScalar>, "Whether it is a JSON string, number, boolean or null.",
     Nulls::kSeen},
    {"JSON_EXISTS",
     "JSON_EXISTS(STRING, path [TRUE | FALSE | UNKNOWN | ERROR ON ERROR]) -> BOOLEAN", 2, 3, "ttu",
     ExistsType, Op::kCall, Exists, "Whether there is a value other than null at the path."},
    {"JSON_VALUE",
     "JSON_VALUE(STRING, path [RETURNING type] [NULL | ERROR | DEFAULT a ON EMPTY] "
     "[NULL | ERROR | DEFAULT a ON ERROR]) -> STRING",
     2, 7, "ttuueue", ValueType, Op::kCall, Value,
     "The scalar at the path, as STRING, BOOLEAN, INTEGER or DOUBLE.", Nulls::kSeen},
    {"JSON_QUERY",
     "JSON_QUERY(STRING, path [WITH | WITHOUT [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER] "
     "[NULL | EMPTY ARRAY | EMPTY OBJECT | ERROR ON EMPTY] [.. ON ERROR]) -> STRING",
     2, 5, "ttuuu", QueryType, Op::kCall, Query, "The object or array at the path, as a string."},
};

}  // namespace

std::span<const Function> JsonFunctions() { return kFunctions; }

}  // namespace millrace
