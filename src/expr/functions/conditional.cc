// Functions that choose among their arguments, and tests of a value.
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/regex.h"
#include "expr/cast.h"
#include "expr/compare.h"
#include "expr/functions/resolve.h"

namespace millrace {
namespace {

// The common type of the arguments from `first` on; strings stay as they are.
Resolution Common(Arguments arguments, size_t first, std::vector<Type> before) {
  Type type = arguments[first].type;
  for (size_t i = first + 1; i < arguments.size(); ++i) {
    const std::optional<Type> common = CommonType(type, arguments[i].type);
    if (!common) {
      return Reject(i, fmt::format("has no common type of {} and {}", ToString(type.Nullable()),
                                   ToString(arguments[i].type.Nullable())));
    }
    type = *common;
  }
  Resolution resolution = Returns(type, AnyNullable(arguments.subspan(first)));
  if (!type.is_text() && !IsNull(type)) {
    resolution.arguments = std::move(before);
    resolution.arguments.resize(arguments.size(), type);
  }
  return resolution;
}

Resolution Coalesce(Arguments arguments) {
  Resolution resolution = Common(arguments, 0, {});
  if (resolution.result) {
    resolution.result->nullable =
        std::all_of(arguments.begin(), arguments.end(),
                    [](const Argument& argument) { return argument.type.nullable; });
  }
  return resolution;
}

// A string that is never NULL keeps its type, whatever the other one is.
Resolution IfNull(Arguments arguments) {
  const Type& first = arguments[0].type;
  Resolution resolution = Coalesce(arguments);
  if (resolution.result && first.is_text() && !first.nullable) resolution.result = first;
  return resolution;
}

Resolution If(Arguments arguments) {
  const Type& condition = arguments[0].type;
  if (condition.kind != TypeKind::kBoolean && !IsNull(condition)) {
    return Reject(0, fmt::format("needs BOOLEAN, not {}", ToString(condition.Nullable())));
  }
  return Common(arguments, 1, {condition});
}

Resolution NullIf(Arguments arguments) {
  const std::optional<Type> common = CommonType(arguments[0].type, arguments[1].type);
  if (!common) {
    return Reject(1,
                  fmt::format("cannot compare {} with {}", ToString(arguments[0].type.Nullable()),
                              ToString(arguments[1].type.Nullable())));
  }
  return Returns(arguments[0].type, true);
}

Resolution Extreme(Arguments arguments) { return Common(arguments, 0, {}); }

template <bool greatest>
Status Choose(const FunctionCall& call, Cell* out) {
  *out = call[0];
  for (const Cell& cell : call.arguments) {
    const int order = CompareCells(cell, *out);
    if (greatest ? order > 0 : order < 0) *out = cell;
  }
  return Status::Ok();
}

// Tests whether a string has only characters of a kind, beyond ASCII by the categories of Unicode.
struct OnlyCharacters final : FunctionState {
  std::optional<Regex> pattern;
};

Result<bool> HasOnly(const FunctionCall& call, bool (*ascii)(char), std::string_view pattern) {
  const std::string_view text = call.Text(0);
  if (text.empty() || std::all_of(text.begin(), text.end(), ascii)) return !text.empty();
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return false;
  std::optional<Regex>& regex = call.Keep<OnlyCharacters>().pattern;
  if (!regex) regex = Regex::Compile(pattern, Regex::Match::kWhole);
  return regex->Find(text);
}

// Letters beyond the first 65536 characters are none in Java, which looks at units of UTF-16.
Status IsAlpha(const FunctionCall& call, Cell* out) {
  *out = Cell::Bool(false);
  if (call[0].kind != CellKind::kText) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const bool is,
                      HasOnly(call, millrace::IsLetter, "(?:(?![\\x{10000}-\\x{10ffff}])\\p{L})+"));
  *out = Cell::Bool(is);
  return Status::Ok();
}

Result<bool> AreDigits(const FunctionCall& call) {
  return HasOnly(call, millrace::IsDigit, "(?:(?![\\x{10000}-\\x{10ffff}])\\p{Nd})+");
}

bool IsNumber(const Cell& cell) {
  return cell.kind >= CellKind::kInt && cell.kind <= CellKind::kDecimal;
}

// A DECIMAL is none, as in Flink.
Status IsDecimalText(const FunctionCall& call, Cell* out) {
  bool is = IsNumber(call[0]) && call[0].kind != CellKind::kDecimal;
  if (call[0].kind == CellKind::kText && call[0].size > 0) {
    Arena arena;
    is = CastCell(call[0], kDoubleType, &arena, call.zone).has_value();
    if (!is) {
      MR_ASSIGN_OR_RETURN(is, AreDigits(call));
    }
  }
  *out = Cell::Bool(is);
  return Status::Ok();
}

Status IsDigits(const FunctionCall& call, Cell* out) {
  bool is = call[0].kind == CellKind::kInt || call[0].kind == CellKind::kUint;
  if (call[0].kind == CellKind::kText) {
    MR_ASSIGN_OR_RETURN(is, AreDigits(call));
  }
  *out = Cell::Bool(is);
  return Status::Ok();
}

constexpr auto kTest = ReturnsNotNull<kBooleanType>;

constexpr Function kFunctions[] = {
    {"COALESCE", "COALESCE(a, b, ...) -> common type", 1, Function::kVariadic, "x", Coalesce,
     Op::kJumpIfNotNull, nullptr,
     "The first argument that is not NULL; later arguments are not computed."},
    {"IFNULL", "IFNULL(a, b) -> common type", 2, 2, "x", IfNull, Op::kJumpIfNotNull, nullptr,
     "The first argument, or the second if the first is NULL."},
    {"IF", "IF(BOOLEAN, a, b) -> common type", 3, 3, "e", If, Op::kJumpUnlessTrue, nullptr,
     "The second argument if the condition is TRUE, else the third."},
    {"NULLIF", "NULLIF(a, b) -> type of a", 2, 2, "x", NullIf, Op::kNullIf, nullptr,
     "The first argument, or NULL if both are equal."},
    {"GREATEST", "GREATEST(a, b, ...) -> common type", 1, Function::kVariadic, "e", Extreme,
     Op::kCall, Choose<true>, "The greatest argument; NULL if one is NULL."},
    {"LEAST", "LEAST(a, b, ...) -> common type", 1, Function::kVariadic, "e", Extreme, Op::kCall,
     Choose<false>, "The smallest argument; NULL if one is NULL."},
    {"IS_ALPHA", "IS_ALPHA(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsAlpha,
     "Whether it is a string of at least one letter and nothing else.", Nulls::kSeen},
    {"IS_DECIMAL", "IS_DECIMAL(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsDecimalText,
     "Whether it is a number other than a DECIMAL, or a string that is a valid number.",
     Nulls::kSeen},
    {"IS_DIGIT", "IS_DIGIT(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsDigits,
     "Whether it is an integer or a string of at least one digit and nothing else.", Nulls::kSeen},
    {"CURRENT_DATABASE", "CURRENT_DATABASE() -> STRING", 0, 0, "e", ReturnsNotNull<kStringType>,
     Op::kTypeOf, nullptr, "The current database of the session."},
    {"TYPEOF", "TYPEOF(a [, BOOLEAN]) -> STRING", 1, 2, "x", ReturnsNullable<kStringType>,
     Op::kTypeOf, nullptr, "The type of the argument as a string."},
};

}  // namespace

std::span<const Function> ConditionalFunctions() { return kFunctions; }

}  // namespace millrace
