#include "plan/expression_text.h"

#include <utility>

#include "expr/functions.h"
#include "plan/period.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;
using sql::ExpressionKind;
using sql::LiteralKind;

sql::Expression Literal(const BoundExpression& constant) {
  sql::Expression literal;
  if (constant.is_null) return literal;
  literal.text = constant.text;
  switch (constant.type.kind) {
    case TypeKind::kBoolean:
      literal.literal = LiteralKind::kBoolean;
      break;
    case TypeKind::kTinyInt:
    case TypeKind::kSmallInt:
    case TypeKind::kInt:
    case TypeKind::kBigInt:
      literal.literal = LiteralKind::kInteger;
      break;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      literal.literal = LiteralKind::kDouble;
      break;
    case TypeKind::kDecimal:
      literal.literal = LiteralKind::kDecimal;
      break;
    case TypeKind::kDate:
      literal.literal = LiteralKind::kDate;
      break;
    case TypeKind::kTime:
      literal.literal = LiteralKind::kTime;
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      literal.literal = LiteralKind::kTimestamp;
      break;
    case TypeKind::kBinary:
    case TypeKind::kVarBinary: {
      constexpr char kDigits[] = "0123456789ABCDEF";
      literal.literal = LiteralKind::kBinary;
      literal.text.clear();
      for (const char c : constant.text) {
        const auto byte = static_cast<unsigned char>(c);
        literal.text += {kDigits[byte >> 4], kDigits[byte & 15]};
      }
      break;
    }
    default:
      literal.literal = LiteralKind::kString;
      break;
  }
  return literal;
}

sql::Expression ToSql(const BoundExpression& bound, const Schema& source) {
  sql::Expression written;
  switch (bound.kind) {
    case Kind::kConstant:
      return Literal(bound);
    case Kind::kSlot:
      written.kind = ExpressionKind::kColumn;
      written.text = source.columns[bound.slot].name;
      break;
    case Kind::kCall:
      written.kind = ExpressionKind::kCall;
      written.text = bound.function->name;
      break;
    case Kind::kCast: {
      written.kind = ExpressionKind::kCast;
      written.text = bound.try_cast ? "TRY_CAST" : "CAST";
      sql::TypeName type;
      type.name = ToString(bound.type.Nullable());
      written.type = std::move(type);
      break;
    }
    case Kind::kCase:
      written.kind = ExpressionKind::kCase;
      written.has_else = true;
      break;
  }
  for (const BoundExpression& child : bound.children) {
    written.children.push_back(ToSql(child, source));
  }
  const bool tests_periods = bound.kind == Kind::kCall && IsPeriodTest(written.text);
  return tests_periods ? GatherPeriods(std::move(written)) : written;
}

}  // namespace

std::string ToText(const BoundExpression& expression, const Schema& source) {
  return sql::Unparse(ToSql(expression, source));
}

}  // namespace millrace
