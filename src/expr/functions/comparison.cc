// Comparison, logic and tests.
#include <fmt/core.h>

#include <algorithm>

#include "expr/functions/resolve.h"

namespace millrace {
namespace {

// Whether values other than NULL can be neither equal nor different: rows with fields that are
// NULL.
bool MayBeUnknown(const Type& type) {
  return type.kind == TypeKind::kRow &&
         std::any_of(type.children().begin(), type.children().end(),
                     [](const Type& field) { return field.nullable || MayBeUnknown(field); });
}

Resolution Compare(Arguments arguments) {
  const Type& a = arguments[0].type;
  const Type& b = arguments[1].type;
  std::optional<Type> common = CommonType(a, b);
  // Dates and times are compared with strings that are valid ones.
  if (!common && IsTemporal(a) && b.is_text()) common = a;
  if (!common && IsTemporal(b) && a.is_text()) common = b;
  if (!common) {
    return Reject(1, fmt::format("cannot compare {} with {}", ToString(a.Nullable()),
                                 ToString(b.Nullable())));
  }
  // Numbers of any kind are compared as they are; dates become timestamps first.
  if (common->is_numeric() || common->is_text())
    return Returns(kBooleanType, AnyNullable(arguments));
  return Returns(kBooleanType, AnyNullable(arguments) || MayBeUnknown(*common), {*common, *common});
}

Resolution Distinct(Arguments arguments) {
  Resolution resolution = Compare(arguments);
  if (resolution.result) resolution.result->nullable = false;
  return resolution;
}

constexpr auto kTest = ReturnsNotNull<kBooleanType>;
constexpr auto kLogic = Returns<kBooleanType>;

constexpr Function kFunctions[] = {
    {"=", "a = b -> BOOLEAN", 2, 2, "x", Compare, Op::kEqual, nullptr, "Equal."},
    {"<>", "a <> b -> BOOLEAN", 2, 2, "x", Compare, Op::kNotEqual, nullptr, "Not equal."},
    {"!=", "a != b -> BOOLEAN", 2, 2, "x", Compare, Op::kNotEqual, nullptr,
     "Not equal. Not part of Flink SQL."},
    {"<", "a < b -> BOOLEAN", 2, 2, "e", Compare, Op::kLess, nullptr, "Less."},
    {"<=", "a <= b -> BOOLEAN", 2, 2, "e", Compare, Op::kLessEqual, nullptr, "Less or equal."},
    {">", "a > b -> BOOLEAN", 2, 2, "e", Compare, Op::kGreater, nullptr, "Greater."},
    {">=", "a >= b -> BOOLEAN", 2, 2, "e", Compare, Op::kGreaterEqual, nullptr,
     "Greater or equal."},
    {"IS DISTINCT FROM", "a IS DISTINCT FROM b -> BOOLEAN", 2, 2, "x", Distinct, Op::kIsDistinct,
     nullptr, "Not equal; NULL equals NULL."},
    {"IS NOT DISTINCT FROM", "a IS NOT DISTINCT FROM b -> BOOLEAN", 2, 2, "x", Distinct,
     Op::kIsNotDistinct, nullptr, "Equal; NULL equals NULL."},
    {"AND", "BOOLEAN AND BOOLEAN -> BOOLEAN", 2, 2, "b", kLogic, Op::kAnd, nullptr,
     "TRUE if both are TRUE."},
    {"OR", "BOOLEAN OR BOOLEAN -> BOOLEAN", 2, 2, "b", kLogic, Op::kOr, nullptr,
     "TRUE if at least one is TRUE."},
    {"NOT", "NOT BOOLEAN -> BOOLEAN", 1, 1, "b", kLogic, Op::kNot, nullptr,
     "The opposite; NULL for NULL."},
    {"IS NULL", "a IS NULL -> BOOLEAN", 1, 1, "x", kTest, Op::kIsNull, nullptr,
     "Whether it is NULL."},
    {"IS NOT NULL", "a IS NOT NULL -> BOOLEAN", 1, 1, "x", kTest, Op::kIsNotNull, nullptr,
     "Whether it is not NULL."},
    {"IS TRUE", "BOOLEAN IS TRUE -> BOOLEAN", 1, 1, "b", kTest, Op::kIsTrue, nullptr,
     "Whether it is TRUE."},
    {"IS NOT TRUE", "BOOLEAN IS NOT TRUE -> BOOLEAN", 1, 1, "b", kTest, Op::kIsNotTrue, nullptr,
     "Whether it is FALSE or NULL."},
    {"IS FALSE", "BOOLEAN IS FALSE -> BOOLEAN", 1, 1, "b", kTest, Op::kIsFalse, nullptr,
     "Whether it is FALSE."},
    {"IS NOT FALSE", "BOOLEAN IS NOT FALSE -> BOOLEAN", 1, 1, "b", kTest, Op::kIsNotFalse, nullptr,
     "Whether it is TRUE or NULL."},
    {"IS UNKNOWN", "BOOLEAN IS UNKNOWN -> BOOLEAN", 1, 1, "b", kTest, Op::kIsNull, nullptr,
     "Whether it is NULL."},
    {"IS NOT UNKNOWN", "BOOLEAN IS NOT UNKNOWN -> BOOLEAN", 1, 1, "b", kTest, Op::kIsNotNull,
     nullptr, "Whether it is TRUE or FALSE."},
};

}  // namespace

std::span<const Function> ComparisonFunctions() { return kFunctions; }

}  // namespace millrace
