#include "plan/interval_cast.h"

#include <string>
#include <string_view>

#include "plan/rewrite.h"

namespace millrace {
namespace {

constexpr std::string_view kInterval = "INTERVAL ";

// "YEAR", "DAY(3) TO SECOND(6)"
std::string_view QualifierOf(const sql::TypeName& name) {
  std::string_view text = name.name;
  if (!text.starts_with(kInterval)) return {};
  text.remove_prefix(kInterval.size());
  return text;
}

std::string_view FirstUnit(std::string_view qualifier) {
  return qualifier.substr(0, qualifier.find_first_of(" ("));
}

bool HasOneUnit(std::string_view qualifier) {
  return qualifier.find(" TO ") == std::string_view::npos;
}

}  // namespace

std::optional<Type> IntervalTypeOf(const sql::TypeName& name) {
  const std::string_view unit = FirstUnit(QualifierOf(name));
  if (unit.empty()) return std::nullopt;
  const bool months = unit == "YEAR" || unit == "QUARTER" || unit == "MONTH";
  return Type::Of(months ? TypeKind::kIntervalYear : TypeKind::kIntervalDay);
}

std::optional<sql::Expression> CountedInterval(const sql::Expression& cast,
                                               const BoundExpression& operand) {
  const std::string_view qualifier = QualifierOf(*cast.type);
  const bool written = operand.kind == BoundExpression::Kind::kConstant && !operand.is_null &&
                       operand.type.is_integer() && cast.text != "TRY_CAST";
  const bool counts = written || operand.type.kind == TypeKind::kDecimal;
  if (qualifier.empty() || !counts || !HasOneUnit(qualifier)) return std::nullopt;
  sql::Expression unit;
  unit.kind = sql::ExpressionKind::kLiteral;
  unit.literal = sql::LiteralKind::kInterval;
  unit.text = "1";
  unit.interval = sql::Interval{std::string(FirstUnit(qualifier)), ""};
  unit.span = cast.type->span;
  return MakeCall("*", cast, {cast.children[0], std::move(unit)});
}

bool CanCastToInterval(const BoundExpression& operand, const sql::TypeName& name) {
  return !operand.type.is_numeric() || HasOneUnit(QualifierOf(name));
}

}  // namespace millrace
