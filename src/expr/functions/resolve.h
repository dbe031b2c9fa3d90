// Small parts the rows of the function table are made of: what arguments may be, what results are.
//
// Function::accepts has a letter per argument:
//
//   t text            i integer        n number       b BOOLEAN     y BINARY or BYTES
//   s text or bytes   d DATE, TIMESTAMP or TIMESTAMP_LTZ            T these or TIME
//   v interval        p T or v         e anything     u constant text in the place of a keyword
//
// NULL is accepted everywhere but at u.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "expr/functions/function_table.h"

namespace millrace {

inline bool IsNull(const Type& type) { return type.kind == TypeKind::kNull; }
inline bool IsApproximate(const Type& type) {
  return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble;
}
inline bool IsTemporal(const Type& type) {
  return type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz;
}
inline bool AnyNullable(Arguments arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const Argument& argument) { return argument.type.nullable; });
}

inline Resolution Complain(size_t argument, std::string complaint) {
  Resolution resolution;
  resolution.bad_argument = argument;
  resolution.complaint = std::move(complaint);
  return resolution;
}
inline Resolution Give(Type type, bool nullable, std::vector<Type> arguments = {}) {
  type.nullable = nullable;
  Resolution resolution;
  resolution.result = type;
  resolution.arguments = std::move(arguments);
  return resolution;
}

inline constexpr Type kBooleanType = Type::Of(TypeKind::kBoolean);
inline constexpr Type kIntType = Type::Of(TypeKind::kInt);
inline constexpr Type kBigIntType = Type::Of(TypeKind::kBigInt);
inline constexpr Type kDoubleType = Type::Of(TypeKind::kDouble);
inline constexpr Type kStringType = Type::String();
inline constexpr Type kBytesType{TypeKind::kVarBinary, true, Type::kLengthMax};
inline constexpr Type kDateType = Type::Of(TypeKind::kDate);
inline constexpr Type kTimeType{TypeKind::kTime, true, 0, 0};
inline constexpr Type kTimestamp3Type{TypeKind::kTimestamp, true, 0, 3};
inline constexpr Type kInstant3Type{TypeKind::kTimestampLtz, true, 0, 3};

// Always of one type: NULL only if an argument can be, or (Maybe) of its own accord, or never.
template <Type type>
Resolution Gives(Arguments arguments) {
  return Give(type, AnyNullable(arguments));
}
template <Type type>
Resolution MaybeGives(Arguments) {
  return Give(type, true);
}
template <Type type>
Resolution AlwaysGives(Arguments) {
  return Give(type, false);
}

// Complains about a constant after ESCAPE that is not one character.
std::optional<Resolution> RefuseEscape(Arguments arguments, size_t index);

// The DECIMAL that holds every value of an exact numeric type.
Type AsDecimal(const Type& type);
// Flink's rule for results beyond 38 digits: give up fraction digits, but keep at least six.
Type BoundedDecimal(int precision, int scale);

// The rows of a family, for functions.cc.
std::span<const Function> ComparisonFunctions();
std::span<const Function> ArithmeticFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> TextFunctions();
std::span<const Function> PrintfFunctions();
std::span<const Function> RegexFunctions();
std::span<const Function> ClockFunctions();
std::span<const Function> TimeFunctions();
std::span<const Function> PeriodFunctions();
std::span<const Function> ConditionalFunctions();
std::span<const Function> HashFunctions();
std::span<const Function> UrlFunctions();
std::span<const Function> JsonFunctions();

}  // namespace millrace
