#include "expr/functions.h"

#include <fmt/format.h>

#include <algorithm>

#include "expr/decimal.h"

namespace millrace {
namespace {

using Types = std::span<const Type>;

Type Bool(bool nullable) {
  Type type = Type::Of(TypeKind::kBoolean);
  type.nullable = nullable;
  return type;
}

bool AnyNullable(Types types) {
  return std::any_of(types.begin(), types.end(), [](const Type& type) { return type.nullable; });
}

Resolution Complain(size_t argument, std::string complaint) {
  Resolution resolution;
  resolution.bad_argument = argument;
  resolution.complaint = std::move(complaint);
  return resolution;
}

Resolution Give(Type type, bool nullable, std::vector<Type> arguments = {}) {
  type.nullable = nullable;
  Resolution resolution;
  resolution.result = type;
  resolution.arguments = std::move(arguments);
  return resolution;
}

bool IsNull(const Type& type) { return type.kind == TypeKind::kNull; }
bool IsApproximate(const Type& type) {
  return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble;
}

// The DECIMAL that holds every value of an exact numeric type.
Type AsDecimal(const Type& type) {
  switch (type.kind) {
    case TypeKind::kTinyInt:
      return Type::Decimal(3, 0);
    case TypeKind::kSmallInt:
      return Type::Decimal(5, 0);
    case TypeKind::kInt:
      return Type::Decimal(10, 0);
    case TypeKind::kBigInt:
      return Type::Decimal(19, 0);
    default:
      return type;
  }
}

// Flink's rule for results beyond 38 digits: give up fraction digits, but keep at least six.
Type BoundedDecimal(int precision, int scale) {
  if (precision > kDecimalDigitsMax) {
    const int whole = precision - scale;
    scale = std::max(kDecimalDigitsMax - whole, std::min(scale, 6));
    precision = kDecimalDigitsMax;
  }
  return Type::Decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

Type DecimalResult(Op op, const Type& a, const Type& b) {
  const int whole_a = a.precision - a.scale;
  const int whole_b = b.precision - b.scale;
  const int scale = std::max<int>(a.scale, b.scale);
  switch (op) {
    case Op::kMultiply:
      return BoundedDecimal(a.precision + b.precision, a.scale + b.scale);
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

template <Op op>
Resolution Arithmetic(Types types) {
  for (size_t i = 0; i < types.size(); ++i) {
    if (!types[i].is_numeric() && !IsNull(types[i])) {
      return Complain(i, fmt::format("needs numbers, not {}", ToString(types[i])));
    }
  }
  const bool nullable = AnyNullable(types);
  const Type a = IsNull(types[0]) ? types[1] : types[0];
  const Type b = IsNull(types[1]) ? types[0] : types[1];
  if (IsNull(a)) return Give(Type::Of(TypeKind::kInt), true);
  if (IsApproximate(a) || IsApproximate(b)) {
    const bool single = a.kind != TypeKind::kDouble && b.kind != TypeKind::kDouble &&
                        a.kind != TypeKind::kDecimal && b.kind != TypeKind::kDecimal;
    const Type type = Type::Of(single ? TypeKind::kFloat : TypeKind::kDouble);
    return Give(type, nullable, {type, type});
  }
  if (a.is_integer() && b.is_integer()) return Give(a.kind > b.kind ? a : b, nullable);
  // Overflow of a decimal is NULL.
  return Give(DecimalResult(op, AsDecimal(a), AsDecimal(b)), true);
}

Resolution Sign(Types types) {
  if (!types[0].is_numeric()) {
    return Complain(0, fmt::format("needs a number, not {}", ToString(types[0])));
  }
  return Give(types[0], types[0].nullable);
}

Resolution Compare(Types types) {
  const std::optional<Type> common = CommonType(types[0], types[1]);
  if (!common) {
    return Complain(1, fmt::format("cannot compare {} with {}", ToString(types[0].Nullable()),
                                   ToString(types[1].Nullable())));
  }
  // Numbers of any kind are compared as they are; dates become timestamps first.
  if (common->is_numeric() || common->is_text()) return Give(Bool(true), AnyNullable(types));
  return Give(Bool(true), AnyNullable(types), {*common, *common});
}

Resolution Distinct(Types types) {
  Resolution resolution = Compare(types);
  if (resolution.result) resolution.result->nullable = false;
  return resolution;
}

Resolution Logic(Types types) {
  for (size_t i = 0; i < types.size(); ++i) {
    if (types[i].kind != TypeKind::kBoolean && !IsNull(types[i])) {
      return Complain(i, fmt::format("needs BOOLEAN, not {}", ToString(types[i].Nullable())));
    }
  }
  return Give(Bool(true), AnyNullable(types));
}

Resolution NullTest(Types) { return Give(Bool(false), false); }

Resolution TruthTest(Types types) {
  Resolution resolution = Logic(types);
  if (resolution.result) resolution.result->nullable = false;
  return resolution;
}

std::optional<Resolution> RefuseOtherThanText(Types types, size_t from, size_t to) {
  for (size_t i = from; i < std::min(to, types.size()); ++i) {
    if (!types[i].is_text() && !IsNull(types[i])) {
      return Complain(i, fmt::format("needs text, not {}; write CAST(... AS STRING)",
                                     ToString(types[i].Nullable())));
    }
  }
  return std::nullopt;
}

std::optional<Resolution> RefuseOtherThanIntegers(Types types, size_t from) {
  for (size_t i = from; i < types.size(); ++i) {
    if (!types[i].is_integer() && !IsNull(types[i])) {
      return Complain(i, fmt::format("needs an integer, not {}", ToString(types[i].Nullable())));
    }
  }
  return std::nullopt;
}

Resolution Text(Types types) {
  if (auto refused = RefuseOtherThanText(types, 0, types.size())) return *refused;
  return Give(Type::String(), AnyNullable(types));
}

Resolution ConcatWs(Types types) {
  if (auto refused = RefuseOtherThanText(types, 0, types.size())) return *refused;
  return Give(Type::String(), types[0].nullable);
}

Resolution Like(Types types) {
  if (auto refused = RefuseOtherThanText(types, 0, types.size())) return *refused;
  return Give(Bool(true), AnyNullable(types));
}

Resolution Substring(Types types) {
  if (auto refused = RefuseOtherThanText(types, 0, 1)) return *refused;
  if (auto refused = RefuseOtherThanIntegers(types, 1)) return *refused;
  return Give(Type::String(), true);
}

Resolution CharLength(Types types) {
  if (auto refused = RefuseOtherThanText(types, 0, 1)) return *refused;
  return Give(Type::Of(TypeKind::kInt), types[0].nullable);
}

Resolution NullIf(Types types) {
  Resolution resolution = Compare(types);
  if (!resolution.result) return resolution;
  return Give(types[0], true);
}

constexpr Function kFunctions[] = {
    {"+", Op::kAdd, 2, 2, Arithmetic<Op::kAdd>, "Sum."},
    {"-", Op::kSubtract, 2, 2, Arithmetic<Op::kSubtract>, "Difference."},
    {"*", Op::kMultiply, 2, 2, Arithmetic<Op::kMultiply>, "Product."},
    {"/", Op::kDivide, 2, 2, Arithmetic<Op::kDivide>, "Quotient; of integers cut to an integer."},
    {"%", Op::kModulo, 2, 2, Arithmetic<Op::kModulo>, "Remainder, with the sign of the dividend."},
    {"MOD", Op::kModulo, 2, 2, Arithmetic<Op::kModulo>,
     "Remainder, with the sign of the dividend."},
    {"-", Op::kNegate, 1, 1, Sign, "The number with the other sign."},
    {"+", Op::kMove, 1, 1, Sign, "The number itself."},
    {"ABS", Op::kAbs, 1, 1, Sign, "The number without its sign."},
    {"=", Op::kEqual, 2, 2, Compare, "Equal."},
    {"<>", Op::kNotEqual, 2, 2, Compare, "Not equal."},
    {"!=", Op::kNotEqual, 2, 2, Compare, "Not equal; not in Flink SQL."},
    {"<", Op::kLess, 2, 2, Compare, "Less."},
    {"<=", Op::kLessEqual, 2, 2, Compare, "Less or equal."},
    {">", Op::kGreater, 2, 2, Compare, "Greater."},
    {">=", Op::kGreaterEqual, 2, 2, Compare, "Greater or equal."},
    {"IS DISTINCT FROM", Op::kIsDistinct, 2, 2, Distinct, "Not equal, where two NULLs are equal."},
    {"IS NOT DISTINCT FROM", Op::kIsNotDistinct, 2, 2, Distinct, "Equal, or both NULL."},
    {"AND", Op::kAnd, 2, 2, Logic, "Both TRUE."},
    {"OR", Op::kOr, 2, 2, Logic, "One of them TRUE."},
    {"NOT", Op::kNot, 1, 1, Logic, "The opposite; of NULL NULL."},
    {"IS NULL", Op::kIsNull, 1, 1, NullTest, "Whether it is NULL."},
    {"IS NOT NULL", Op::kIsNotNull, 1, 1, NullTest, "Whether it is not NULL."},
    {"IS TRUE", Op::kIsTrue, 1, 1, TruthTest, "Whether it is TRUE."},
    {"IS NOT TRUE", Op::kIsNotTrue, 1, 1, TruthTest, "Whether it is FALSE or NULL."},
    {"IS FALSE", Op::kIsFalse, 1, 1, TruthTest, "Whether it is FALSE."},
    {"IS NOT FALSE", Op::kIsNotFalse, 1, 1, TruthTest, "Whether it is TRUE or NULL."},
    {"IS UNKNOWN", Op::kIsNull, 1, 1, TruthTest, "Whether it is NULL."},
    {"IS NOT UNKNOWN", Op::kIsNotNull, 1, 1, TruthTest, "Whether it is TRUE or FALSE."},
    {"LIKE", Op::kLike, 2, 3, Like, "Matches a pattern of % and _."},
    {"||", Op::kConcat, 2, 2, Text, "One text after the other; NULL if one is NULL."},
    {"CONCAT", Op::kConcat, 1, Function::kVariadic, Text,
     "All texts in a row; NULL if one is NULL."},
    {"CONCAT_WS", Op::kConcatWs, 2, Function::kVariadic, ConcatWs,
     "All texts but NULLs, with the first argument between them."},
    {"UPPER", Op::kUpper, 1, 1, Text, "In upper case."},
    {"LOWER", Op::kLower, 1, 1, Text, "In lower case."},
    {"TRIM", Op::kTrim, 1, 2, Text, "Without blanks (or the second argument) at both ends."},
    {"BTRIM", Op::kTrim, 1, 2, Text, "Without blanks (or the second argument) at both ends."},
    {"LTRIM", Op::kTrimLeft, 1, 2, Text, "Without blanks (or the second argument) at the front."},
    {"RTRIM", Op::kTrimRight, 1, 2, Text, "Without blanks (or the second argument) at the end."},
    {"SUBSTRING", Op::kSubstring, 2, 3, Substring,
     "From a position (1-based), so many characters."},
    {"SUBSTR", Op::kSubstring, 2, 3, Substring, "From a position (1-based), so many characters."},
    {"CHAR_LENGTH", Op::kCharLength, 1, 1, CharLength, "Number of characters."},
    {"CHARACTER_LENGTH", Op::kCharLength, 1, 1, CharLength, "Number of characters."},
    {"REPLACE", Op::kReplace, 3, 3, Text, "Every second text in the first replaced by the third."},
    {"NULLIF", Op::kNullIf, 2, 2, NullIf, "The first, or NULL if both are equal."},
};

}  // namespace

std::span<const Function> Functions() { return kFunctions; }

const Function* FindFunction(std::string_view name, size_t arguments) {
  const Function* by_name = nullptr;
  for (const Function& function : kFunctions) {
    if (function.name != name) continue;
    by_name = &function;
    const bool enough = arguments >= function.arguments_min;
    const bool variadic = function.arguments_max == Function::kVariadic;
    if (enough && (variadic || arguments <= function.arguments_max)) return &function;
  }
  return by_name;
}

std::optional<Type> CommonType(const Type& a, const Type& b) {
  const bool nullable = a.nullable || b.nullable;
  const auto with = [&](Type type) {
    type.nullable = nullable;
    return type;
  };
  if (IsNull(a) || IsNull(b)) return IsNull(a) ? b.Nullable() : a.Nullable();
  if (a.is_numeric() && b.is_numeric()) {
    if (IsApproximate(a) || IsApproximate(b)) {
      const bool single = a.kind == TypeKind::kFloat && b.kind == TypeKind::kFloat;
      return with(Type::Of(single ? TypeKind::kFloat : TypeKind::kDouble));
    }
    if (a.is_integer() && b.is_integer()) return with(a.kind > b.kind ? a : b);
    const Type left = AsDecimal(a);
    const Type right = AsDecimal(b);
    const int scale = std::max<int>(left.scale, right.scale);
    const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
    return with(BoundedDecimal(whole + scale, scale));
  }
  if (a.is_text() && b.is_text()) {
    Type type = a;
    const bool same_char =
        a.kind == TypeKind::kChar && b.kind == TypeKind::kChar && a.length == b.length;
    type.kind = same_char ? TypeKind::kChar : TypeKind::kVarChar;
    type.length = std::max(a.length, b.length);
    return with(type);
  }
  if (a.is_binary() && b.is_binary()) {
    Type type = a;
    type.kind = a == b ? a.kind : TypeKind::kVarBinary;
    type.length = std::max(a.length, b.length);
    return with(type);
  }
  const bool date_and_time = (a.kind == TypeKind::kDate && b.kind == TypeKind::kTimestamp) ||
                             (b.kind == TypeKind::kDate && a.kind == TypeKind::kTimestamp);
  if (a.kind != b.kind && !date_and_time) return std::nullopt;
  Type type = b.kind == TypeKind::kTimestamp ? b : a;
  type.precision = std::max(a.precision, b.precision);
  return with(type);
}

bool CanAssign(const Type& from, const Type& to) {
  if (IsNull(from)) return true;
  switch (to.kind) {
    case TypeKind::kChar:
      return from.kind == TypeKind::kChar;
    case TypeKind::kVarChar:
      return from.is_text();
    case TypeKind::kBinary:
      return from.kind == TypeKind::kBinary;
    case TypeKind::kVarBinary:
      return from.is_binary();
    case TypeKind::kDecimal:
    case TypeKind::kDouble:
      return from.is_numeric();
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt:
      return from.is_integer() && from.kind <= to.kind;
    case TypeKind::kFloat:
      return from.is_integer() || from.kind == TypeKind::kFloat || from.kind == TypeKind::kDecimal;
    case TypeKind::kDate:
      return from.kind == TypeKind::kDate || from.kind == TypeKind::kTimestamp;
    case TypeKind::kTime:
      return from.kind == TypeKind::kTime || from.kind == TypeKind::kTimestamp;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return from.kind == TypeKind::kTimestamp || from.kind == TypeKind::kTimestampLtz;
    default:
      return from.kind == to.kind;
  }
}

}  // namespace millrace
