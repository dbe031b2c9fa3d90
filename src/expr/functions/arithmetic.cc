// + - * / % and signs: of numbers, and of dates, times and intervals.
#include <fmt/core.h>

#include <algorithm>

#include "expr/functions/resolve.h"

namespace millrace {
namespace {

Type DecimalResult(Op op, const Type& a, const Type& b) {
  const int whole_a = a.precision - a.scale;
  const int whole_b = b.precision - b.scale;
  const int scale = std::max<int>(a.scale, b.scale);
  switch (op) {
    case Op::kMultiply:
      return BoundedDecimal(a.precision + b.precision + 1, a.scale + b.scale);
    case Op::kDivide: {
      const int result_scale = std::max(6, a.scale + b.precision + 1);
      return BoundedDecimal(whole_a + b.scale + result_scale, result_scale);
    }
    case Op::kModulo:
      return BoundedDecimal(std::min(whole_a, whole_b) + scale, scale);
    default:
      return BoundedDecimal(std::max(whole_a, whole_b) + scale + 1, scale);
  }
}

// With dates, times and intervals; nothing if there are none, or they cannot be combined.
std::optional<Resolution> WithInterval(Op op, Arguments arguments) {
  const Type& a = arguments[0].type;
  const Type& b = arguments[1].type;
  const bool nullable = AnyNullable(arguments);
  const auto moves = [](const Type& moment, const Type& interval) {
    return IsTemporal(moment) && interval.is_interval();
  };
  // Its precision stays: finer digits of the interval are cut off.
  if (op == Op::kAdd || op == Op::kSubtract) {
    if (moves(a, b)) return Returns(a, nullable);
    if (moves(b, a) && op == Op::kAdd) return Returns(b, nullable);
    if (a.is_interval() && a.kind == b.kind) return Returns(a, nullable);
  }
  const bool scales = op == Op::kMultiply || op == Op::kDivide;
  if (scales && a.is_interval() && b.is_numeric())
    return Returns(a, nullable, {a, Type::Of(TypeKind::kDouble)});
  if (op == Op::kMultiply && b.is_interval() && a.is_numeric()) {
    return Returns(b, nullable, {Type::Of(TypeKind::kDouble), b});
  }
  return std::nullopt;
}

template <Op op>
Resolution Arithmetic(Arguments arguments) {
  if (auto moved = WithInterval(op, arguments)) return *moved;
  const auto is_time = [](const Argument& argument) {
    return IsTemporal(argument.type) || argument.type.is_interval();
  };
  if (std::any_of(arguments.begin(), arguments.end(), is_time)) {
    const bool two_moments = IsTemporal(arguments[0].type) && IsTemporal(arguments[1].type);
    return Reject(
        1, fmt::format(
               "cannot take {} and {}{}", ToString(arguments[0].type.Nullable()),
               ToString(arguments[1].type.Nullable()),
               two_moments && op == Op::kSubtract ? "; write TIMESTAMPDIFF(unit, from, to)" : ""));
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& type = arguments[i].type;
    if (!type.is_numeric() && !IsNull(type)) {
      return Reject(i, fmt::format("needs numbers, not {}", ToString(type.Nullable())));
    }
  }
  const bool nullable = AnyNullable(arguments);
  const Type a = IsNull(arguments[0].type) ? arguments[1].type : arguments[0].type;
  const Type b = IsNull(arguments[1].type) ? arguments[0].type : arguments[1].type;
  if (IsNull(a)) return Returns(kIntType, true);
  if (IsApproximate(a) || IsApproximate(b)) {
    const bool single = a.kind != TypeKind::kDouble && b.kind != TypeKind::kDouble &&
                        a.kind != TypeKind::kDecimal && b.kind != TypeKind::kDecimal;
    const Type type = Type::Of(single ? TypeKind::kFloat : TypeKind::kDouble);
    return Returns(type, nullable, {type, type});
  }
  if (a.is_integer() && b.is_integer()) {
    // A remainder fits into the type of the divisor.
    return Returns(op == Op::kModulo || b.kind > a.kind ? b : a, nullable);
  }
  // Overflow of a decimal is NULL.
  return MayBeNull(Returns(DecimalResult(op, AsDecimal(a), AsDecimal(b)), nullable));
}

Resolution Sign(Arguments arguments) {
  const Type& type = arguments[0].type;
  if (!type.is_numeric() && !type.is_interval() && !IsNull(type)) {
    return Reject(0, fmt::format("needs a number, not {}", ToString(type.Nullable())));
  }
  return Returns(IsNull(type) ? kIntType : type, type.nullable);
}

constexpr Function kFunctions[] = {
    {"+", "a + b -> NUMERIC", 2, 2, "e", Arithmetic<Op::kAdd>, Op::kAdd, nullptr,
     "Sum. One operand may be a date or time and the other an interval, or both intervals."},
    {"-", "a - b -> NUMERIC", 2, 2, "e", Arithmetic<Op::kSubtract>, Op::kSubtract, nullptr,
     "Difference. An interval can be subtracted from a date, a time or another interval."},
    {"*", "a * b -> NUMERIC", 2, 2, "e", Arithmetic<Op::kMultiply>, Op::kMultiply, nullptr,
     "Product. One operand may be an interval."},
    {"/", "a / b -> NUMERIC", 2, 2, "e", Arithmetic<Op::kDivide>, Op::kDivide, nullptr,
     "Quotient. Integers give an integer, rounded towards zero. Division of an integer or decimal "
     "by zero ends the job."},
    {"%", "a % b -> NUMERIC", 2, 2, "n", Arithmetic<Op::kModulo>, Op::kModulo, nullptr,
     "Remainder, with the sign of the dividend."},
    {"MOD", "MOD(NUMERIC, NUMERIC) -> NUMERIC", 2, 2, "n", Arithmetic<Op::kModulo>, Op::kModulo,
     nullptr, "Remainder, with the sign of the dividend."},
    {"-", "- a -> NUMERIC", 1, 1, "e", Sign, Op::kNegate, nullptr,
     "The number or interval with the opposite sign."},
    {"+", "+ a -> NUMERIC", 1, 1, "e", Sign, Op::kMove, nullptr,
     "The number or interval unchanged."},
    {"ABS", "ABS(NUMERIC) -> NUMERIC", 1, 1, "n", Sign, Op::kAbs, nullptr, "Absolute value."},
};

}  // namespace

std::span<const Function> ArithmeticFunctions() { return kFunctions; }

}  // namespace millrace
