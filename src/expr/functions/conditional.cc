// Functions that choose among their arguments, and what tells about a value.
#include <algorithm>

#include "expr/cast.h"
#include "expr/machine.h"
#include "expr/resolve.h"

namespace millrace {
namespace {

// The common type of the arguments from `first` on; texts are taken as they are.
Resolution Common(Arguments arguments, size_t first, std::vector<Type> before) {
  Type type = arguments[first].type;
  for (size_t i = first + 1; i < arguments.size(); ++i) {
    const std::optional<Type> common = CommonType(type, arguments[i].type);
    if (!common) {
      return Complain(i, fmt::format("has no common type of {} and {}", ToString(type.Nullable()),
                                     ToString(arguments[i].type.Nullable())));
    }
    type = *common;
  }
  // Texts of several lengths are no CHAR that would have to be padded.
  if (type.kind == TypeKind::kChar) type.kind = TypeKind::kVarChar;
  Resolution resolution = Give(type, AnyNullable(arguments.subspan(first)));
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

Resolution If(Arguments arguments) {
  const Type& condition = arguments[0].type;
  if (condition.kind != TypeKind::kBoolean && !IsNull(condition)) {
    return Complain(0, fmt::format("needs BOOLEAN, not {}", ToString(condition.Nullable())));
  }
  return Common(arguments, 1, {condition});
}

Resolution NullIf(Arguments arguments) {
  const std::optional<Type> common = CommonType(arguments[0].type, arguments[1].type);
  if (!common) {
    return Complain(1,
                    fmt::format("cannot compare {} with {}", ToString(arguments[0].type.Nullable()),
                                ToString(arguments[1].type.Nullable())));
  }
  return Give(arguments[0].type, true);
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

bool IsLetter(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    // Beyond ASCII nearly everything that names are made of is a letter.
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  });
}

Status IsAlpha(const FunctionCall& call, Cell* out) {
  const bool text = call[0].kind == CellKind::kText;
  *out = Cell::Bool(text && call[0].size > 0 && IsLetter(call[0].view()));
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

Status IsDigit(const FunctionCall& call, Cell* out) {
  bool is = call[0].kind == CellKind::kInt || call[0].kind == CellKind::kUint;
  if (call[0].kind == CellKind::kText) {
    const std::string_view text = call[0].view();
    is = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  }
  *out = Cell::Bool(is);
  return Status::Ok();
}

constexpr auto kTest = AlwaysGives<kBooleanType>;

constexpr Function kFunctions[] = {
    {"COALESCE", "COALESCE(a, b, ...) -> common type", 1, Function::kVariadic, "e", Coalesce,
     Op::kJumpIfNotNull, nullptr,
     "The first argument that is not NULL; those after it are not computed."},
    {"IFNULL", "IFNULL(a, b) -> common type", 2, 2, "e", Coalesce, Op::kJumpIfNotNull, nullptr,
     "The first, or the second if that is NULL."},
    {"IF", "IF(BOOLEAN, a, b) -> common type", 3, 3, "e", If, Op::kJumpUnlessTrue, nullptr,
     "The second if the condition is TRUE, else the third."},
    {"NULLIF", "NULLIF(a, b) -> type of a", 2, 2, "e", NullIf, Op::kNullIf, nullptr,
     "The first, or NULL if both are equal."},
    {"GREATEST", "GREATEST(a, b, ...) -> common type", 1, Function::kVariadic, "e", Extreme,
     Op::kCall, Choose<true>, "The greatest; NULL if one is NULL."},
    {"LEAST", "LEAST(a, b, ...) -> common type", 1, Function::kVariadic, "e", Extreme, Op::kCall,
     Choose<false>, "The least; NULL if one is NULL."},
    {"IS_ALPHA", "IS_ALPHA(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsAlpha,
     "Whether it is a text of letters only, at least one.", Nulls::kSeen},
    {"IS_DECIMAL", "IS_DECIMAL(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsDecimalText,
     "Whether it is a number or a text that says one.", Nulls::kSeen},
    {"IS_DIGIT", "IS_DIGIT(a) -> BOOLEAN", 1, 1, "e", kTest, Op::kCall, IsDigit,
     "Whether it is an integer or a text of digits only, at least one.", Nulls::kSeen},
    {"TYPEOF", "TYPEOF(a [, BOOLEAN]) -> STRING", 1, 2, "e", AlwaysGives<kStringType>, Op::kTypeOf,
     nullptr, "The type of the argument as text."},
};

}  // namespace

std::span<const Function> ConditionalFunctions() { return kFunctions; }

}  // namespace millrace
