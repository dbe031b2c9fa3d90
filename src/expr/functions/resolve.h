// Helpers for the functions that resolve a call: what arguments are possible, and the result type.
//
// Function::accepts has a letter per argument:
//
//   t string             i integer        n number       b BOOLEAN     y BINARY or BYTES
//   s string or bytes    d DATE, TIMESTAMP or TIMESTAMP_LTZ            T these or TIME
//   v interval           p T or v         u a constant string in place of a keyword
//   A ARRAY              M MAP            r ROW          c ARRAY or MAP
//   e anything but ARRAY, MAP and ROW     x anything
//
// NULL is accepted everywhere except at u, A, M, r and c.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expr/coercion.h"
#include "expr/functions/function_table.h"

namespace millrace {

bool AnyNullable(Arguments arguments);

// The argument has a type that is not possible.
Resolution Reject(size_t argument, std::string problem);
// The argument is a constant, and its value is not possible.
Resolution RejectValue(size_t argument, std::string problem);
// The call is possible and returns `type`; `arguments` as in Resolution.
Resolution Returns(Type type, bool nullable, std::vector<Type> arguments = {});

inline const Type kBooleanType = Type::Of(TypeKind::kBoolean);
inline const Type kIntType = Type::Of(TypeKind::kInt);
inline const Type kBigIntType = Type::Of(TypeKind::kBigInt);
inline const Type kDoubleType = Type::Of(TypeKind::kDouble);
inline const Type kStringType = Type::String();
inline const Type kBytesType{TypeKind::kVarBinary, true, Type::kLengthMax};
inline const Type kDateType = Type::Of(TypeKind::kDate);
inline const Type kTimeType{TypeKind::kTime, true, 0, 0};
inline const Type kTimestamp3Type{TypeKind::kTimestamp, true, 0, 3};
inline const Type kInstant3Type{TypeKind::kTimestampLtz, true, 0, 3};

// The same, where NULL is possible beside the type: NOT NULL is checked when it is written.
inline Resolution MayBeNull(Resolution resolution) {
  resolution.may_be_null = true;
  return resolution;
}

// A string or bytes of at most the length of `type`: VARCHAR or VARBINARY.
Type Varying(const Type& type);

// For Function::resolve, where the result always has one type. It is NULL only if an argument is,
// or (Nullable) for other reasons too, or never.
template <const Type& type>
Resolution Returns(Arguments arguments) {
  return Returns(type, AnyNullable(arguments));
}
template <const Type& type>
Resolution ReturnsNullable(Arguments) {
  return Returns(type, true);
}
template <const Type& type>
Resolution ReturnsNotNull(Arguments) {
  return Returns(type, false);
}

// Rejects a constant after ESCAPE that is not one character.
std::optional<Resolution> RejectEscape(Arguments arguments, size_t index);

// The rows of each family, for function_table.cc.
std::span<const Function> ComparisonFunctions();
std::span<const Function> ArithmeticFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> TextFunctions();
std::span<const Function> SearchFunctions();
std::span<const Function> PrintfFunctions();
std::span<const Function> RegexFunctions();
std::span<const Function> ClockFunctions();
std::span<const Function> TimeFunctions();
std::span<const Function> PeriodFunctions();
std::span<const Function> ConditionalFunctions();
std::span<const Function> HashFunctions();
std::span<const Function> EncodingFunctions();
std::span<const Function> UrlFunctions();
std::span<const Function> JsonFunctions();
std::span<const Function> JsonBuildFunctions();
std::span<const Function> JsonStructureFunctions();
std::span<const Function> StructureFunctions();
std::span<const Function> HiddenStructureFunctions();
std::span<const Function> ArrayFunctions();
std::span<const Function> MapFunctions();
std::span<const Function> SplitFunctions();

}  // namespace millrace
