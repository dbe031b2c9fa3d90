// Functions that make JSON of values.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/encode.h"
#include "base/json.h"
#include "expr/cast.h"
#include "expr/functions/json_value.h"
#include "expr/functions/resolve.h"
#include "row/print.h"

namespace millrace {
namespace {

// ISO 8601: a TIMESTAMP with the digits of the fraction that are not zero, a TIMESTAMP_LTZ in UTC
// with three or six of them or none.
void AppendMoment(const Cell& cell, std::string* out) {
  constexpr uint8_t kDigits = 6;
  const bool instant = cell.kind == CellKind::kInstant;
  std::string text;
  AppendCell(&text, Cell::Temporal(CellKind::kTimestamp, cell.i, kDigits), TimeZone());
  text[text.find(' ')] = 'T';
  std::string_view shown = text;
  const std::string_view zeros = instant ? "000" : "0";
  while (shown.ends_with(zeros)) {
    shown.remove_suffix(zeros.size());
    if (!shown.ends_with('.')) continue;
    shown.remove_suffix(1);
    break;
  }
  *out += shown;
  if (instant) *out += 'Z';
}

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
    case CellKind::kTimestamp:
    case CellKind::kInstant:
      *out += '"';
      AppendMoment(cell, out);
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

struct ObjectScratch final : FunctionState {
  std::string text;
  std::vector<size_t> members;  // the arguments that are their keys
};

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

// Members in the order of their keys, as Flink writes them.
Status Object(const FunctionCall& call, Cell* out) {
  auto& scratch = call.Keep<ObjectScratch>();
  const bool absent = call.Text(0) == "ABSENT";
  const auto before = [&](size_t a, size_t b) { return JsonKeyLess(call.Text(a), call.Text(b)); };
  std::vector<size_t>& members = scratch.members;
  members.clear();
  for (size_t i = 1; i + 1 < call.count(); i += 2) {
    if (call.is_null(i)) return Status::Permanent("a key is NULL");
    if (absent && call.is_null(i + 1)) continue;
    // They are few and mostly in order; std::stable_sort would allocate.
    members.insert(std::upper_bound(members.begin(), members.end(), i, before), i);
  }
  std::string& text = scratch.text;
  text = "{";
  for (size_t at = 0; at < members.size(); ++at) {
    const size_t i = members[at];
    // The last value of a key counts.
    const bool again = at + 1 < members.size() && call.Text(members[at + 1]) == call.Text(i);
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

bool JsonKeyLess(std::string_view a, std::string_view b) {
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() || right == b.end()) return left == a.end() && right != b.end();
  // The first bytes 0xee and 0xef, of U+E000 to U+FFFF, come last.
  const auto rank = [](char c) {
    const int byte = static_cast<unsigned char>(c);
    return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
  };
  return rank(*left) < rank(*right);
}

void AppendJsonValue(const FunctionCall& call, const Cell& cell, std::string* out) {
  AppendValue(call, cell, out);
}

std::span<const Function> JsonBuildFunctions() { return kFunctions; }

}  // namespace millrace
