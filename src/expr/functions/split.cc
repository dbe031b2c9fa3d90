// Functions that take strings apart into arrays and maps.
#include <fmt/core.h>

#include <algorithm>

#include "base/regex.h"
#include "base/utf8.h"
#include "expr/functions/java_pattern.h"
#include "expr/functions/structures.h"

namespace millrace {
namespace {

// A pattern as Java reads it: compiled, invalid (neither regex nor problem), or not supported.
struct Pattern {
  std::optional<Regex> regex;
  std::string problem;
};
using Patterns = TextCache<Pattern>;

Pattern CompileJava(std::string_view text) {
  JavaPattern java = TranslateJavaPattern(text);
  Pattern pattern;
  if (java.kind == JavaPattern::Kind::kNotSupported) pattern.problem = std::move(java.problem);
  if (java.kind == JavaPattern::Kind::kValid) pattern.regex = Regex::Compile(java.pattern);
  return pattern;
}

struct PatternScratch final : FunctionState {
  StructureScratch structure;
  Patterns patterns;
  std::vector<Cell> parts;
  std::vector<Cell> pair;
};

const Type& ArrayOfStrings() {
  static const Type kType = Type::Array(kStringType);
  return kType;
}

Resolution SplitType(Arguments arguments) {
  return Returns(ArrayOfStrings(), AnyNullable(arguments));
}

Resolution ExtractAllType(Arguments) { return Returns(ArrayOfStrings(), true); }

Resolution StrToMapType(Arguments arguments) {
  if (arguments.size() == 2) return RejectValue(2, "takes 1 or 3 arguments, not 2");
  return Returns(Type::Map(kStringType, kStringType), true);
}

// An empty separator splits into characters; an empty text has no parts.
Status SplitText(const FunctionCall& call, Cell* out) {
  std::string_view text = call.Text(0);
  const std::string_view separator = call.Text(1);
  std::vector<Cell>& cells = EmptyScratch(call).cells;
  while (separator.empty() && !text.empty()) {
    const size_t length = Utf8Length(text, 0);
    cells.push_back(Cell::Text(text.substr(0, length)));
    text.remove_prefix(length);
  }
  while (!separator.empty() && !call.Text(0).empty()) {
    const size_t at = text.find(separator);
    cells.push_back(Cell::Text(text.substr(0, at)));
    if (at == text.npos) break;
    text.remove_prefix(at + separator.size());
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

// Where to search for the next match; beyond the end if there can be none.
size_t After(const Regex& regex, std::string_view text) {
  if (regex.end() > regex.begin()) return regex.end();
  return regex.end() >= text.size() ? text.size() + 1 : regex.end() + Utf8Length(text, regex.end());
}

Status ExtractAll(const FunctionCall& call, Cell* out) {
  auto& scratch = call.Keep<PatternScratch>();
  auto& [regex, problem] = scratch.patterns.Get(call.Text(1), CompileJava);
  if (!problem.empty()) {
    return Status::Permanent(fmt::format("does not support {}: '{}'", problem, call.Text(1)));
  }
  const int64_t group = call.count() > 2 ? call.Integer(2) : 1;
  *out = Cell::Null();
  if (!regex || group < 0 || static_cast<uint64_t>(group) > regex->groups()) return Status::Ok();
  const std::string_view text = call.Text(0);
  std::vector<Cell>& cells = scratch.structure.cells;
  cells.clear();
  for (size_t from = 0; from <= text.size(); from = After(*regex, text)) {
    MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text, from));
    if (!found) break;
    const auto part = regex->Group(static_cast<size_t>(group));
    cells.push_back(part ? Cell::Text(*part) : Cell::Null());
  }
  return PutStructure(call, CellKind::kArray, cells, out);
}

// The parts of `text` between the matches, at most `parts_max` of them, as Java's String.split: no
// empty part before an empty match at the beginning.
Status SplitAt(Regex* regex, std::string_view text, size_t parts_max, std::vector<Cell>* parts) {
  size_t begin = 0;
  parts->clear();
  for (size_t from = 0; from <= text.size() && parts->size() + 1 < parts_max;
       from = After(*regex, text)) {
    MR_ASSIGN_OR_RETURN(const bool found, regex->Find(text, from));
    if (!found || (regex->begin() == text.size() && regex->end() == text.size())) break;
    if (regex->end() == 0) continue;
    parts->push_back(Cell::Text(text.substr(begin, regex->begin() - begin)));
    begin = regex->end();
  }
  parts->push_back(Cell::Text(text.substr(begin)));
  return Status::Ok();
}

// The pattern in an argument of STR_TO_MAP, or the default one.
Result<Regex*> SeparatorOf(const FunctionCall& call, Patterns* patterns, size_t index,
                           std::string_view otherwise) {
  const std::string_view pattern = index < call.count() ? call.Text(index) : otherwise;
  auto& [regex, problem] = patterns->Get(pattern, CompileJava);
  if (!problem.empty()) {
    return Status::Permanent(fmt::format("does not support {}: '{}'", problem, pattern));
  }
  if (!regex) return Status::Permanent(fmt::format("'{}' is not a valid pattern", pattern));
  return &*regex;
}

Status StrToMap(const FunctionCall& call, Cell* out) {
  auto& scratch = call.Keep<PatternScratch>();
  const std::string_view text = call.Text(0);
  *out = Cell::Structure(CellKind::kMap, {});
  if (text.empty()) return Status::Ok();
  MR_ASSIGN_OR_RETURN(Regex * between, SeparatorOf(call, &scratch.patterns, 1, ","));
  std::vector<Cell>& parts = scratch.parts;
  MR_RETURN_IF_ERROR(SplitAt(between, text, SIZE_MAX, &parts));
  while (!parts.empty() && parts.back().size == 0) parts.pop_back();
  MR_ASSIGN_OR_RETURN(Regex * inside, SeparatorOf(call, &scratch.patterns, 2, "="));
  std::vector<Cell>& cells = scratch.structure.cells;
  cells.clear();
  for (const Cell& part : parts) {
    std::vector<Cell>& pair = scratch.pair;
    MR_RETURN_IF_ERROR(SplitAt(inside, part.view(), 2, &pair));
    cells.push_back(pair.size() < 2 ? part : pair[0]);
    cells.push_back(pair.size() < 2 ? Cell::Null() : pair[1]);
  }
  KeepLastValues(&scratch.structure);
  return PutStructure(call, CellKind::kMap, cells, out);
}

constexpr Function kFunctions[] = {
    {"SPLIT", "SPLIT(STRING, STRING) -> ARRAY<STRING>", 2, 2, "t", SplitType, Op::kCall, SplitText,
     "The parts of a string between separators; its characters if the separator is empty."},
    {"STR_TO_MAP", "STR_TO_MAP(STRING [, STRING, STRING]) -> MAP<STRING, STRING>", 1, 3, "t",
     StrToMapType, Op::kCall, StrToMap,
     "A map of entries between which is a match of the second argument (','), each of a key and a "
     "value between which is a match of the third one ('='). Both are regular expressions."},
    {"REGEXP_EXTRACT_ALL", "REGEXP_EXTRACT_ALL(STRING, STRING [, INT]) -> ARRAY<STRING>", 2, 3,
     "tti", ExtractAllType, Op::kCall, ExtractAll,
     "A group (1 if not given, 0: the whole match) of every match."},
};

}  // namespace

std::span<const Function> SplitFunctions() { return kFunctions; }

}  // namespace millrace
