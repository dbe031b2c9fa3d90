// Functions that choose among their arguments, and tests of a value.
#include <fmt/core.h>

#include <algorithm>

#include "base/ascii.h"
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

// Nearly all characters beyond ASCII are letters, so all of them count as such.
bool AreLetters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return millrace::IsLetter(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

Status IsAlpha(const FunctionCall& call, Cell* out) {
  const bool text = call[0].kind == CellKind::kText;
  *out = Cell::Bool(text && call[0].size > 0 && AreLetters(call[0].view()));
  return Status::Ok();
}

bool IsNumber(const Cell& cell) {
  return cell.kind >= CellKind::kInt && cell.kind <= CellKind::kDecimal;
}

Status IsDecimalText(const FunctionCall& call, Cell* out) {
  bool is = !call.is_null(0) && IsNumber(call[0]);
  if (call[0].kind == CellKind::kText && call[0].size > 0) {
    Arena arena;
    is = CastCell(call[0], kDoubleType, &arena, call.zone).has_value();
  }
  *out = Cell::Bool(is);
  return Status::Ok();
}

Status IsDigits(const FunctionCall& call, Cell* out) {
  bool is = call[0].kind == CellKind::kInt || call[0].kind == CellKind::kUint;
  if (call[0].kind == CellKind::kText) {
    const std::string_view text = call[0].view();
    is = !text.empty() && std::all_of(text.begin(), text.end(), millrace::IsDigit);
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
     "Whether it is a number or a string that is a valid number.", Nulls::kSeen},
    {"IS_DIGIT", "IS_DIGIT(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsDigits,
     "Whether it is an integer or a string of at least one digit and nothing else.", Nulls::kSeen},
    {"TYPEOF", "TYPEOF(a [, BOOLEAN]) -> STRING", 1, 2, "x", ReturnsNullable<kStringType>,
     Op::kTypeOf, nullptr, "The type of the argument as a string."},
};

}  // namespace

std::span<const Function> ConditionalFunctions() { return kFunctions; }

}  // namespace millrace
