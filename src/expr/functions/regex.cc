// Regular expressions. An invalid pattern gives NULL, FALSE (REGEXP), or an error (SIMILAR TO).
#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/regex.h"
#include "base/utf8.h"
#include "expr/functions/java_pattern.h"
#include "expr/functions/resolve.h"
#include "expr/functions/similar_pattern.h"
#include "expr/text.h"

namespace millrace {
namespace {

// A pattern as Java reads it: compiled, invalid (neither regex nor problem), or not supported.
struct Pattern {
  std::optional<Regex> regex;
  std::string problem;
  bool continues = false;
};
using Patterns = TextCache<Pattern>;
using SimilarPatterns = TextCache<std::optional<Regex>>;

Pattern CompileJava(std::string_view text) {
  JavaPattern java = TranslateJavaPattern(text);
  Pattern pattern;
  pattern.continues = java.continues;
  if (java.kind == JavaPattern::Kind::kNotSupported) pattern.problem = std::move(java.problem);
  if (java.kind != JavaPattern::Kind::kValid) return pattern;
  Regex::Problem problem = Regex::Problem::kInvalid;
  pattern.regex =
      Regex::Compile(java.pattern, Regex::Match::kPart, Regex::Case::kSensitive, &problem);
  if (!pattern.regex && problem == Regex::Problem::kNotSupported) {
    pattern.problem =
        "this regular expression, which is too large or has a (?<= ) of no fixed length";
  }
  return pattern;
}

// The compiled pattern of argument 1; null if it is invalid.
Result<Pattern*> PatternOf(const FunctionCall& call) {
  Pattern& pattern = call.Keep<Patterns>().Get(call.Text(1), CompileJava);
  if (pattern.regex) [[likely]]
    return &pattern;
  if (pattern.problem.empty()) return nullptr;
  return Status::Permanent(
      fmt::format("does not support {}: '{}'", pattern.problem, call.Text(1).substr(0, 60)));
}

// Refuses a constant pattern that would not mean what it means in Flink.
template <Resolution (*resolve)(Arguments)>
Resolution WithPattern(Arguments arguments) {
  if (arguments[1].constant) {
    const Pattern pattern = CompileJava(*arguments[1].constant);
    if (!pattern.problem.empty()) return RejectValue(1, "does not support " + pattern.problem);
  }
  return resolve(arguments);
}

// Where to search for the next match; beyond the end if there can be none.
size_t After(const Pattern& pattern, std::string_view text) {
  const Regex& regex = *pattern.regex;
  if (regex.end() > regex.begin()) return regex.end();
  if (pattern.continues) return text.size() + 1;
  return regex.end() >= text.size() ? text.size() + 1 : regex.end() + Utf8Length(text, regex.end());
}

Status Matches(const FunctionCall& call, Cell* out) {
  *out = Cell::Bool(false);
  if (call.Text(1).empty()) return Status::Ok();
  MR_ASSIGN_OR_RETURN(Pattern* const pattern, PatternOf(call));
  if (pattern == nullptr) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const bool found, pattern->regex->Find(call.Text(0)));
  *out = Cell::Bool(found);
  return Status::Ok();
}

Status Extract(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(Pattern* const pattern, PatternOf(call));
  *out = Cell::Null();
  if (pattern == nullptr) return Status::Ok();
  Regex* const regex = &*pattern->regex;
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(call.Text(0)));
  const int64_t group = call.count() > 2 ? call.Integer(2) : 0;
  if (!found || group < 0) return Status::Ok();
  if (const auto text = regex->Group(static_cast<size_t>(group))) *out = Cell::Text(*text);
  return Status::Ok();
}

Status Replace(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(Pattern* const pattern, PatternOf(call));
  *out = Cell::Null();
  if (pattern == nullptr) return Status::Ok();
  Regex* const regex = &*pattern->regex;
  const std::string_view text = call.Text(0);
  const std::string_view replacement = call.Text(2);
  Joiner joiner(call.arena, "");
  size_t done = 0;
  for (size_t from = 0; from <= text.size(); from = After(*pattern, text)) {
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
  MR_ASSIGN_OR_RETURN(Pattern* const pattern, PatternOf(call));
  *out = Cell::Null();
  if (pattern == nullptr) return Status::Ok();
  Regex* const regex = &*pattern->regex;
  const std::string_view text = call.Text(0);
  int64_t count = 0;
  for (size_t from = 0; from <= text.size(); from = After(*pattern, text)) {
    MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text, from));
    if (!found) break;
    ++count;
  }
  *out = Cell::Int(count);
  return Status::Ok();
}

Status Position(const FunctionCall& call, Cell* out) {
  MR_ASSIGN_OR_RETURN(Pattern* const pattern, PatternOf(call));
  *out = Cell::Null();
  if (pattern == nullptr) return Status::Ok();
  Regex* const regex = &*pattern->regex;
  const std::string_view text = call.Text(0);
  MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text));
  *out = Cell::Int(found ? CountCharacters(text.substr(0, regex->begin())) + 1 : 0);
  return Status::Ok();
}

Status SimilarTo(const FunctionCall& call, Cell* out) {
  const std::string_view escape = call.count() > 2 ? call.Text(2) : std::string_view();
  std::optional<Regex>& regex =
      call.Keep<SimilarPatterns>().Get(call.Text(1), [&](std::string_view pattern) {
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

constexpr auto kMaybeText = WithPattern<ReturnsNullable<kStringType>>;
constexpr auto kMaybeInt = WithPattern<ReturnsNullable<kIntType>>;

constexpr Function kFunctions[] = {
    {"REGEXP", "REGEXP(STRING, STRING) -> BOOLEAN", 2, 2, "t", WithPattern<Returns<kBooleanType>>,
     Op::kCall, Matches, "Whether the pattern is found; FALSE if it is empty or invalid."},
    {"REGEXP_EXTRACT", "REGEXP_EXTRACT(STRING, STRING [, INT]) -> STRING", 2, 3, "tti", kMaybeText,
     Op::kCall, Extract, "A group (0: the whole match) of the first match; NULL if there is none."},
    {"REGEXP_REPLACE", "REGEXP_REPLACE(STRING, STRING, STRING) -> STRING", 3, 3, "t",
     WithPattern<ReplaceType>, Op::kCall, Replace,
     "Every match replaced by the third string, taken literally."},
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
