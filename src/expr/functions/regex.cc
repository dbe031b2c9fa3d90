// Regular expressions. An invalid pattern gives NULL, FALSE (REGEXP), or an error (SIMILAR TO).
#include <fmt/core.h>

#include "base/regex.h"
#include "base/utf8.h"
#include "expr/functions/resolve.h"
#include "expr/functions/similar_pattern.h"
#include "expr/text.h"

namespace millrace {
namespace {

using Patterns = TextCache<std::optional<Regex>>;

// The compiled pattern of argument 1; null if it is invalid.
Regex* PatternOf(const FunctionCall& call) {
  std::optional<Regex>& regex = call.Keep<Patterns>().Get(
      call.Text(1), [](std::string_view pattern) { return Regex::Compile(pattern); });
  return regex ? &*regex : nullptr;
}

// Where to search for the next match; beyond the end if there can be none.
size_t After(const Regex& regex, std::string_view text) {
  if (regex.end() > regex.begin()) return regex.end();
  return regex.end() >= text.size() ? text.size() + 1 : regex.end() + Utf8Length(text, regex.end());
}

Status Matches(const FunctionCall& call, Cell* out) {
  Regex* const regex = call.Text(1).empty() ? nullptr : PatternOf(call);
  *out = Cell::Bool(false);
  if (regex == nullptr) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(call.Text(0)));
  *out = Cell::Bool(found);
  return Status::Ok();
}

Status Extract(const FunctionCall& call, Cell* out) {
  Regex* const regex = PatternOf(call);
  *out = Cell::Null();
  if (regex == nullptr) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(call.Text(0)));
  const int64_t group = call.count() > 2 ? call.Integer(2) : 0;
  if (!found || group < 0) return Status::Ok();
  if (const auto text = regex->Group(static_cast<size_t>(group))) *out = Cell::Text(*text);
  return Status::Ok();
}

Status Replace(const FunctionCall& call, Cell* out) {
  Regex* const regex = PatternOf(call);
  *out = Cell::Null();
  if (regex == nullptr) return Status::Ok();
  const std::string_view text = call.Text(0);
  const std::string_view replacement = call.Text(2);
  Joiner joiner(call.arena, "");
  size_t done = 0;
  for (size_t from = 0; from <= text.size(); from = After(*regex, text)) {
    MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text, from));
    if (!found) break;
    joiner.Add(text.substr(done, regex->begin() - done));
    joiner.Add(replacement);
    done = regex->end();
  }
  if (done == 0 && joiner.Finish().empty()) {
    *out = Cell::Text(text);  // nothing was found
    return Status::Ok();
  }
  joiner.Add(text.substr(done));
  *out = Cell::Text(joiner.Finish());
  return Status::Ok();
}

Status Count(const FunctionCall& call, Cell* out) {
  Regex* const regex = PatternOf(call);
  *out = Cell::Null();
  if (regex == nullptr) return Status::Ok();
  const std::string_view text = call.Text(0);
  int64_t count = 0;
  for (size_t from = 0; from <= text.size(); from = After(*regex, text)) {
    MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text, from));
    if (!found) break;
    ++count;
  }
  *out = Cell::Int(count);
  return Status::Ok();
}

Status Position(const FunctionCall& call, Cell* out) {
  Regex* const regex = PatternOf(call);
  *out = Cell::Null();
  if (regex == nullptr) return Status::Ok();
  const std::string_view text = call.Text(0);
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text));
  *out = Cell::Int(found ? CountCharacters(text.substr(0, regex->begin())) + 1 : 0);
  return Status::Ok();
}

Status SimilarTo(const FunctionCall& call, Cell* out) {
  const std::string_view escape = call.count() > 2 ? call.Text(2) : std::string_view();
  std::optional<Regex>& regex =
      call.Keep<Patterns>().Get(call.Text(1), [&](std::string_view pattern) {
        const std::optional<std::string> translated = SimilarToRegex(pattern, escape);
        return translated ? Regex::Compile(*translated, Regex::Match::kWhole) : std::nullopt;
      });
  if (!regex) return Status::Permanent(fmt::format("'{}' is not a valid pattern", call.Text(1)));
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(call.Text(0)));
  *out = Cell::Bool(found);
  return Status::Ok();
}

Resolution SimilarToType(Arguments arguments) {
  if (arguments.size() > 2 && !arguments[2].constant) {
    return RejectValue(2, "needs a constant character after ESCAPE");
  }
  if (auto rejected = RejectEscape(arguments, 2)) return *rejected;
  return Returns(kBooleanType, AnyNullable(arguments));
}

// NULL for an invalid pattern; Flink's type does not say so.
Resolution ReplaceType(Arguments arguments) {
  return MayBeNull(Returns(kStringType, AnyNullable(arguments)));
}

constexpr auto kMaybeText = ReturnsNullable<kStringType>;
constexpr auto kMaybeInt = ReturnsNullable<kIntType>;

constexpr Function kFunctions[] = {
    {"REGEXP", "REGEXP(STRING, STRING) -> BOOLEAN", 2, 2, "t", Returns<kBooleanType>, Op::kCall,
     Matches, "Whether the pattern is found; FALSE if it is empty or invalid."},
    {"REGEXP_EXTRACT", "REGEXP_EXTRACT(STRING, STRING [, INT]) -> STRING", 2, 3, "tti", kMaybeText,
     Op::kCall, Extract, "A group (0: the whole match) of the first match; NULL if there is none."},
    {"REGEXP_REPLACE", "REGEXP_REPLACE(STRING, STRING, STRING) -> STRING", 3, 3, "t", ReplaceType,
     Op::kCall, Replace, "Every match replaced by the third string, taken literally."},
    {"REGEXP_COUNT", "REGEXP_COUNT(STRING, STRING) -> INT", 2, 2, "t", kMaybeInt, Op::kCall, Count,
     "Number of matches."},
    {"REGEXP_INSTR", "REGEXP_INSTR(STRING, STRING) -> INT", 2, 2, "t", kMaybeInt, Op::kCall,
     Position, "Position of the first match, counted from 1; 0 if there is none."},
    {"REGEXP_SUBSTR", "REGEXP_SUBSTR(STRING, STRING) -> STRING", 2, 2, "t", kMaybeText, Op::kCall,
     Extract, "The first match; NULL if there is none."},
    {"SIMILAR TO", "STRING [NOT] SIMILAR TO STRING [ESCAPE STRING] -> BOOLEAN", 2, 3, "t",
     SimilarToType, Op::kCall, SimilarTo,
     "Whether the whole string matches a pattern of % _ | * + ? {m,n} ( ) [ ]."},
};

}  // namespace

std::span<const Function> RegexFunctions() { return kFunctions; }

}  // namespace millrace
