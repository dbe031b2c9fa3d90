#include "expr/functions/function_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "expr/functions/resolve.h"

namespace millrace {
namespace {

struct Accepted {
  char letter;
  bool (*fits)(const Type& type);
  std::string_view what;  // "needs <what>, not INT"
};

bool IsMoment(const Type& type) {
  return type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp ||
         type.kind == TypeKind::kTimestampLtz;
}

constexpr std::array<Accepted, 16> kAccepted = {{
    {'t', [](const Type& type) { return type.is_text(); }, "a string"},
    {'i', [](const Type& type) { return type.is_integer(); }, "an integer"},
    {'n', [](const Type& type) { return type.is_numeric(); }, "a number"},
    {'b', [](const Type& type) { return type.kind == TypeKind::kBoolean; }, "BOOLEAN"},
    {'y', [](const Type& type) { return type.is_binary(); }, "BINARY or BYTES"},
    {'s', [](const Type& type) { return type.is_text() || type.is_binary(); }, "a string or bytes"},
    {'d', IsMoment, "a DATE or TIMESTAMP"},
    {'T', [](const Type& type) { return IsMoment(type) || type.kind == TypeKind::kTime; },
     "a DATE, TIME or TIMESTAMP"},
    {'p',
     [](const Type& type) {
       return IsMoment(type) || type.kind == TypeKind::kTime || type.is_interval();
     },
     "a DATE, TIME, TIMESTAMP or INTERVAL"},
    {'v', [](const Type& type) { return type.is_interval(); }, "an INTERVAL"},
    {'A', [](const Type& type) { return type.kind == TypeKind::kArray; }, "an ARRAY"},
    {'M', [](const Type& type) { return type.kind == TypeKind::kMap; }, "a MAP"},
    {'c',
     [](const Type& type) { return type.kind == TypeKind::kArray || type.kind == TypeKind::kMap; },
     "an ARRAY or a MAP"},
    {'r', [](const Type& type) { return type.kind == TypeKind::kRow; }, "a ROW"},
    {'x', [](const Type&) { return true; }, "a value"},
    {'e', [](const Type& type) { return !type.is_structured(); },
     "a value that is not an ARRAY, MAP or ROW"},
}};

const Accepted& AcceptedBy(char letter) {
  return *std::find_if(kAccepted.begin(), kAccepted.end() - 1,
                       [&](const Accepted& accepted) { return accepted.letter == letter; });
}

// Nothing if the argument is possible.
std::optional<Resolution> CheckArgument(char letter, size_t index, const Argument& argument) {
  if (letter == 'u') {
    if (argument.constant) return std::nullopt;
    return RejectValue(index, "needs a constant here");
  }
  const Type& type = argument.type;
  const Accepted& accepted = AcceptedBy(letter);
  const bool wants_type = letter == 'A' || letter == 'M' || letter == 'c' || letter == 'r';
  if (accepted.fits(type) || (IsNull(type) && !wants_type)) return std::nullopt;
  return Reject(index, fmt::format("needs {}, not {}{}", accepted.what, ToString(type.Nullable()),
                                   letter == 't' ? "; write CAST(... AS STRING)" : ""));
}

std::string WrongCount(const Function& function, size_t count) {
  const int min = function.arguments_min;
  const int max = function.arguments_max;
  std::string takes;
  if (max == Function::kVariadic) {
    takes = fmt::format("at least {} argument{}", min, min == 1 ? "" : "s");
  } else if (min == max) {
    takes = min == 0 ? "no arguments" : fmt::format("{} argument{}", min, min == 1 ? "" : "s");
  } else {
    takes = fmt::format("{} to {} arguments", min, max);
  }
  return fmt::format("takes {}, not {}", takes, count);
}

std::vector<Function> Collect() {
  struct Rows {
    Family family;
    std::span<const Function> functions;
  };
  const Rows all_rows[] = {{Family::kComparison, ComparisonFunctions()},
                           {Family::kArithmetic, ArithmeticFunctions()},
                           {Family::kArithmetic, MathFunctions()},
                           {Family::kText, TextFunctions()},
                           {Family::kText, SearchFunctions()},
                           {Family::kText, PrintfFunctions()},
                           {Family::kRegex, RegexFunctions()},
                           {Family::kTime, ClockFunctions()},
                           {Family::kTime, TimeFunctions()},
                           {Family::kTime, PeriodFunctions()},
                           {Family::kConditional, ConditionalFunctions()},
                           {Family::kHash, HashFunctions()},
                           {Family::kHash, EncodingFunctions()},
                           {Family::kHash, UrlFunctions()},
                           {Family::kJson, JsonFunctions()},
                           {Family::kJson, JsonBuildFunctions()},
                           {Family::kStructure, StructureFunctions()},
                           {Family::kStructure, ArrayFunctions()},
                           {Family::kStructure, MapFunctions()},
                           {Family::kStructure, SplitFunctions()},
                           {Family::kHidden, HiddenStructureFunctions()},
                           {Family::kHidden, JsonStructureFunctions()}};
  std::vector<Function> all;
  for (const Rows& rows : all_rows) {
    for (const Function& function : rows.functions) {
      all.push_back(function);
      all.back().family = rows.family;
    }
  }
  return all;
}

}  // namespace

std::string_view ToString(Family family) {
  constexpr std::array<std::string_view, 10> kNames = {
      "Comparison and logic", "Arithmetic",        "Text", "Regular expressions",   "Date and time",
      "Conditions",           "Hash and encoding", "JSON", "Arrays, maps and rows", ""};
  return kNames[static_cast<size_t>(family)];
}

std::span<const Function> Functions() {
  static const std::vector<Function> kAll = Collect();
  return kAll;
}

const Function* FindFunction(std::string_view name, size_t arguments) {
  const Function* by_name = nullptr;
  for (const Function& function : Functions()) {
    if (function.name != name) continue;
    if (function.Takes(arguments)) return &function;
    by_name = &function;
  }
  return by_name;
}

Resolution Resolve(const Function& function, Arguments arguments) {
  if (!function.Takes(arguments.size())) {
    return RejectValue(arguments.size(), WrongCount(function, arguments.size()));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const char letter = function.accepts[std::min(i, function.accepts.size() - 1)];
    if (auto rejected = CheckArgument(letter, i, arguments[i])) return *rejected;
  }
  Resolution resolution = function.resolve(arguments);
  if (resolution.result && IsTooComplex(*resolution.result)) {
    return RejectValue(0, fmt::format("makes a type of more than {} structures in each other or "
                                      "more than {} parts",
                                      kTypeDepthMax, kTypeNodesMax));
  }
  return resolution;
}

}  // namespace millrace
