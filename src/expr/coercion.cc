#include "expr/coercion.h"

#include <algorithm>

#include "expr/decimal.h"

namespace millrace {
namespace {

Type CommonNumber(const Type& a, const Type& b) {
  if (IsApproximate(a) || IsApproximate(b)) {
    // FLOAT and an integer have the common type FLOAT, FLOAT and a DECIMAL the type DOUBLE.
    const auto wide = [](const Type& type) {
      return type.kind == TypeKind::kDouble || type.kind == TypeKind::kDecimal;
    };
    const bool single = !wide(a) && !wide(b);
    return Type::Of(single ? TypeKind::kFloat : TypeKind::kDouble);
  }
  if (a.is_integer() && b.is_integer()) return a.kind > b.kind ? a : b;
  const Type left = AsDecimal(a);
  const Type right = AsDecimal(b);
  const int scale = std::max<int>(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  // The digits before the point are kept, those after it as far as they fit.
  const int kept = std::min(scale, kDecimalDigitsMax - whole);
  return Type::Decimal(static_cast<uint8_t>(whole + kept), static_cast<uint8_t>(kept));
}

// Of two structures of one kind: child by child; a ROW keeps the names of the first one.
std::optional<Type> CommonStructure(const Type& a, const Type& b) {
  if (a.children().size() != b.children().size()) return std::nullopt;
  std::vector<Type> types;
  for (size_t i = 0; i < a.children().size(); ++i) {
    std::optional<Type> common = CommonType(a.children()[i], b.children()[i]);
    if (!common) return std::nullopt;
    types.push_back(std::move(*common));
  }
  if (a.kind == TypeKind::kArray) return Type::Array(std::move(types[0]));
  if (a.kind == TypeKind::kMap) return Type::Map(std::move(types[0]), std::move(types[1]));
  return Type::Row(std::move(types), {a.field_names().begin(), a.field_names().end()});
}

bool CanAssignChildren(const Type& from, const Type& to) {
  if (from.kind != to.kind || from.children().size() != to.children().size()) return false;
  for (size_t i = 0; i < from.children().size(); ++i) {
    const Type& child = from.children()[i];
    const Type& target = to.children()[i];
    if ((child.nullable && !target.nullable) || !CanAssign(child, target)) return false;
  }
  return true;
}

bool IsTimestamp(TypeKind kind) {
  return kind == TypeKind::kTimestamp || kind == TypeKind::kTimestampLtz;
}

}  // namespace

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

Type BoundedDecimal(int precision, int scale) {
  constexpr int kScaleKept = 6;
  if (precision > kDecimalDigitsMax) {
    const int whole = precision - scale;
    scale = std::max(kDecimalDigitsMax - whole, std::min(scale, kScaleKept));
    precision = kDecimalDigitsMax;
  }
  return Type::Decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale));
}

std::optional<Type> CommonType(const Type& a, const Type& b) {
  const bool nullable = a.nullable || b.nullable;
  const auto with = [&](Type type) {
    type.nullable = nullable;
    return type;
  };
  if (IsNull(a) || IsNull(b)) return IsNull(a) ? b.Nullable() : a.Nullable();
  if (a.is_numeric() && b.is_numeric()) return with(CommonNumber(a, b));
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
  if (a.is_structured() && a.kind == b.kind) {
    const std::optional<Type> common = CommonStructure(a, b);
    return common ? std::optional(with(*common)) : std::nullopt;
  }
  const bool date_and_time = (a.kind == TypeKind::kDate && IsTimestamp(b.kind)) ||
                             (b.kind == TypeKind::kDate && IsTimestamp(a.kind));
  const bool two_timestamps = IsTimestamp(a.kind) && IsTimestamp(b.kind);
  if (a.kind != b.kind && !date_and_time && !two_timestamps) return std::nullopt;
  // The common type of TIMESTAMP and TIMESTAMP_LTZ is TIMESTAMP_LTZ.
  Type type = a.kind >= b.kind ? a : b;
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
      return IsTimestamp(from.kind);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
      return CanAssignChildren(from, to);
    default:
      return from.kind == to.kind;
  }
}

bool IsAlready(const Type& from, const Type& to) {
  if (!from.is_structured() || from.kind != to.kind) return from.Nullable() == to.Nullable();
  if (from.children().size() != to.children().size()) return false;
  for (size_t i = 0; i < from.children().size(); ++i) {
    const Type& child = from.children()[i];
    const Type& target = to.children()[i];
    const bool longer = child.is_text() && target.kind == TypeKind::kVarChar;
    if (longer ? child.length > target.length : !IsAlready(child, target)) return false;
  }
  return true;
}

}  // namespace millrace
