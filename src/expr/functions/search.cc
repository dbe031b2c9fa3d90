// Functions that search in strings. Positions count code points.
#include <fmt/core.h>

#include <algorithm>

#include "base/utf8.h"
#include "expr/functions/resolve.h"
#include "expr/text.h"

namespace millrace {
namespace {

// 1-based position of `wanted` in `text`, searched from character `from` on; 0 if it is not found.
int64_t Find(std::string_view text, std::string_view wanted, int64_t from) {
  if (wanted.empty()) return 1;
  size_t start = 0;
  for (int64_t i = 1; i < from && start < text.size(); ++i) start += Utf8Length(text, start);
  if (start >= text.size()) return 0;
  const size_t at = text.find(wanted, start);
  return at == text.npos ? 0 : CountCharacters(text.substr(0, at)) + 1;
}

Status Locate(const FunctionCall& call, Cell* out) {
  *out = Cell::Int(Find(call.Text(1), call.Text(0), call.count() > 2 ? call.Integer(2) : 1));
  return Status::Ok();
}

int64_t FindBackwards(std::string_view text, std::string_view wanted, int64_t from_end,
                      int64_t occurrence) {
  // `wanted` ends at most so many characters before the end.
  const std::string_view front = Substring(text, 1, CountCharacters(text) + 1 - from_end);
  size_t at = front.size() + 1;
  for (int64_t i = 0; i < occurrence; ++i) {
    if (at == 0) return 0;
    const size_t end = at - 1;
    if (end < wanted.size()) return 0;
    at = front.rfind(wanted, end - wanted.size());
    if (at == front.npos) return 0;
    at += wanted.size();  // the next one ends before the end of this one
  }
  return CountCharacters(front.substr(0, at - wanted.size())) + 1;
}

Status InStr(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view wanted = call.Text(1);
  const int64_t start = call.count() > 2 ? call.Integer(2) : 1;
  const int64_t occurrence = call.count() > 3 ? call.Integer(3) : 1;
  if (occurrence <= 0) {
    return Status::Permanent(fmt::format("the occurrence must be positive, not {}", occurrence));
  }
  int64_t found = 0;
  if (wanted.empty() && start > 0) {
    found = 1;  // however often it is searched for
  } else if (start > 0) {
    int64_t from = start;
    for (int64_t i = 0; i < occurrence; ++i) {
      found = Find(text, wanted, from);
      if (found == 0) break;
      from = found + 1;
    }
  } else if (start < 0) {
    found = FindBackwards(text, wanted, -std::max(start, -INT64_MAX), occurrence);
  }
  *out = Cell::Int(found);
  return Status::Ok();
}

Status SplitIndex(const FunctionCall& call, Cell* out) {
  std::string_view text = call.Text(0);
  int64_t index = call.Integer(2);
  *out = Cell::Null();
  if (index < 0 || text.empty()) return Status::Ok();
  const char code = static_cast<char>(call[1].i);
  std::string_view separator;
  if (call[1].kind == CellKind::kInt) {
    if (call[1].i < 1 || call[1].i > 255) return Status::Ok();
    separator = {&code, 1};
  } else {
    separator = call.Text(1);
  }
  for (;; --index) {
    // An empty separator means white space.
    const size_t at = separator.empty() ? text.find_first_of(" \t\n\r\f\v") : text.find(separator);
    if (index == 0) {
      *out = Cell::Text(text.substr(0, at));
      return Status::Ok();
    }
    if (at == text.npos) return Status::Ok();
    text.remove_prefix(at + std::max<size_t>(separator.size(), 1));
  }
}

Resolution SplitIndexType(Arguments arguments) {
  const Type& separator = arguments[1].type;
  if (!separator.is_text() && !separator.is_integer() && !IsNull(separator)) {
    return Reject(1, fmt::format("needs a string or a character code, not {}",
                                 ToString(separator.Nullable())));
  }
  return Returns(kStringType, true);
}

template <bool at_start>
Status StartsOrEnds(const FunctionCall& call, Cell* out) {
  const std::string_view text = call.Text(0);
  const std::string_view part = call.Text(1);
  *out = Cell::Bool(at_start ? text.starts_with(part) : text.ends_with(part));
  return Status::Ok();
}

Resolution Starts(Arguments arguments) {
  const Type& a = arguments[0].type;
  const Type& b = arguments[1].type;
  if (!IsNull(a) && !IsNull(b) && a.is_text() != b.is_text()) {
    return Reject(1, "needs two strings or two BYTES");
  }
  return Returns(kBooleanType, AnyNullable(arguments));
}

constexpr auto kInt = Returns<kIntType>;

constexpr Function kFunctions[] = {
    {"POSITION", "POSITION(STRING IN STRING [FROM INT]) -> INT", 2, 3, "tti", kInt, Op::kCall,
     Locate,
     "Position of the first string in the second, searched from a position on; 0 if not found."},
    {"LOCATE", "LOCATE(STRING, STRING [, INT]) -> INT", 2, 3, "tti", kInt, Op::kCall, Locate,
     "Position of the first string in the second, searched from a position on; 0 if not found."},
    {"INSTR", "INSTR(STRING, STRING [, INT [, INT]]) -> INT", 2, 4, "ttii", kInt, Op::kCall, InStr,
     "Position of the n-th occurrence of the second string in the first, searched from a position "
     "(negative: backwards from the end)."},
    {"SPLIT_INDEX", "SPLIT_INDEX(STRING, STRING | INT, INT) -> STRING", 3, 3, "tei", SplitIndexType,
     Op::kCall, SplitIndex,
     "The n-th part, counted from 0, of the string split at a separator; NULL if there are fewer "
     "parts."},
    {"STARTSWITH", "STARTSWITH(STRING, STRING) -> BOOLEAN", 2, 2, "s", Starts, Op::kCall,
     StartsOrEnds<true>, "Whether the first argument starts with the second."},
    {"ENDSWITH", "ENDSWITH(STRING, STRING) -> BOOLEAN", 2, 2, "s", Starts, Op::kCall,
     StartsOrEnds<false>, "Whether the first argument ends with the second."},
};

}  // namespace

std::span<const Function> SearchFunctions() { return kFunctions; }

}  // namespace millrace
