// Which types values can be read as without a CAST: common types of several values, and implicit
// casts.
#pragma once

#include <optional>

#include "row/type.h"

namespace millrace {

inline bool IsNull(const Type& type) { return type.kind == TypeKind::kNull; }
inline bool IsApproximate(const Type& type) {
  return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble;
}
inline bool IsTemporal(const Type& type) {
  return type.kind >= TypeKind::kDate && type.kind <= TypeKind::kTimestampLtz;
}

// The type that both can be read as without loss of meaning (CASE, COALESCE, comparisons); nothing
// if there is none.
std::optional<Type> CommonType(const Type& a, const Type& b);
// True if an INSERT may put `from` into a column of type `to` by an implicit cast.
bool CanAssign(const Type& from, const Type& to);

// Whether every value of one type is one of the other as it is: they differ at most in what is
// nullable and, inside of a structure, in names of fields and lengths of strings.
bool IsAlready(const Type& from, const Type& to);

// The DECIMAL that holds every value of an exact numeric type.
Type AsDecimal(const Type& type);
// Flink's rule for results beyond 38 digits: reduce the fraction digits, but keep at least six.
Type BoundedDecimal(int precision, int scale);

}  // namespace millrace
