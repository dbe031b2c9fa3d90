// Functions that make JSON of values.
#include <fmt/core.h>

#include "base/encode.h"
#include "base/json.h"
#include "expr/cast.h"
#include "expr/functions/json_value.h"
#include "expr/functions/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

// A value as JSON: numbers, BOOLEAN and results of JSON functions as they are, all others as
// strings.
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
      // NaN and the infinities are not numbers in JSON.
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
      if (cell.kind == CellKind::kText && cell.mark == Cell::kJsonMark) {
        *out += cell.view();
      } else {
        AppendJsonString(TextOf(cell, call.arena, call.zone), out);
      }
  }
}

// A string that is built for every row in the same memory.
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
  out->mark = Cell::kJsonMark;
  return Status::Ok();
}

Resolution ObjectType(Arguments arguments) {
  if (arguments.size() % 2 == 0)
    return RejectValue(arguments.size() - 1, "needs a value for every key");
  for (size_t i = 1; i < arguments.size(); i += 2) {
    if (!arguments[i].type.is_text()) {
      return Reject(
          i, fmt::format("needs a string as key, not {}", ToString(arguments[i].type.Nullable())));
    }
  }
  return Returns(kStringType, false);
}

Status Object(const FunctionCall& call, Cell* out) {
  std::string& text = ScratchOf(call);
  const bool absent = call.Text(0) == "ABSENT";
  text = "{";
  for (size_t i = 1; i + 1 < call.count(); i += 2) {
    if (call.is_null(i)) return Status::Permanent("a key is NULL");
    if (absent && call.is_null(i + 1)) continue;
    // The last value of a key counts.
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
  const Result<Json> value = Json::Parse(text);
  const std::optional<std::string> content = value.ok() ? value->AsString() : std::nullopt;
  if (content) *out = Cell::Text(call.arena->Copy(*content));
  return Status::Ok();
}

constexpr auto kText = Returns<kStringType>;
constexpr uint8_t kAny = Function::kVariadic;

constexpr Function kFunctions[] = {
    {"JSON_OBJECT", "JSON_OBJECT([[KEY] STRING VALUE a, ...] [NULL | ABSENT ON NULL]) -> STRING", 1,
     kAny, "ux", ObjectType, Op::kCall, Object, "A JSON object of keys and values.", Nulls::kSeen},
    {"JSON_ARRAY", "JSON_ARRAY([a, ...] [NULL | ABSENT ON NULL]) -> STRING", 1, kAny, "ux",
     ReturnsNotNull<kStringType>, Op::kCall, Array, "A JSON array of values.", Nulls::kSeen},
    {"JSON_STRING", "JSON_STRING(a) -> STRING", 1, 1, "x", kText, Op::kCall, ToJsonString,
     "The value as JSON; NULL for NULL."},
    {"JSON_QUOTE", "JSON_QUOTE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, Quote,
     "The string as a JSON string in quotes."},
    {"JSON_UNQUOTE", "JSON_UNQUOTE(STRING) -> STRING", 1, 1, "t", kText, Op::kCall, Unquote,
     "The content of a JSON string; any other string unchanged."},
};

}  // namespace

void AppendJsonValue(const FunctionCall& call, const Cell& cell, std::string* out) {
  AppendValue(call, cell, out);
}

std::span<const Function> JsonBuildFunctions() { return kFunctions; }

}  // namespace millrace
