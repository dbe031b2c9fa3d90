#include "plan/expression_text.h"

#include <algorithm>
#include <utility>

#include "base/encode.h"
#include "base/units.h"
#include "expr/functions/function_table.h"
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
      literal.literal = LiteralKind::kBinary;
      literal.text = ToUpperHex(constant.text);
      break;
    }
    case TypeKind::kIntervalYear:
    case TypeKind::kIntervalDay: {
      const bool months = constant.type.kind == TypeKind::kIntervalYear;
      literal.literal = LiteralKind::kInterval;
      literal.text.erase(0, literal.text.starts_with('+') ? 1 : 0);
      literal.interval = sql::Interval{months ? "YEAR" : "DAY", months ? "MONTH" : "SECOND"};
      break;
    }
    default:
      literal.literal = LiteralKind::kString;
      break;
  }
  return literal;
}

// Units and other words of the syntax are bound as constants, a type too.
void RestoreSyntax(std::string_view accepts, sql::Expression* call) {
  std::vector<sql::Expression>& children = call->children;
  for (size_t i = 0; i < children.size(); ++i) {
    const bool word = accepts[std::min(i, accepts.size() - 1)] == 'u';
    if (word && children[i].kind == ExpressionKind::kLiteral) {
      children[i].kind = ExpressionKind::kSymbol;
    }
  }
  constexpr size_t kJsonValueArguments = 7;
  constexpr size_t kReturning = 2;
  if (call->text != "JSON_VALUE" || children.size() != kJsonValueArguments) return;
  if (!children[kReturning].text.empty()) {
    call->type.emplace();
    call->type->name = children[kReturning].text;
  }
  children.erase(children.begin() + kReturning);
}

// What was written for a function that the binder has put around a call or an argument of one.
sql::Expression WithoutHidden(sql::Expression call) {
  const bool from_json = call.text == "STRUCTURES FROM JSON";
  sql::Expression written = std::move(call.children[0]);
  if (from_json) {
    written.type.emplace();
    written.type->name = "ARRAY<STRING>";
  }
  return written;
}

// ARRAY[...], MAP[...], rows, elements and fields are bound as calls.
bool RestoreStructure(const BoundExpression& bound, sql::Expression* call) {
  constexpr std::pair<std::string_view, ExpressionKind> kKinds[] = {
      {"ARRAY[]", ExpressionKind::kArray},
      {"MAP[]", ExpressionKind::kMap},
      {"ROW()", ExpressionKind::kRow},
      {"[]", ExpressionKind::kElement},
      {".", ExpressionKind::kField}};
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const auto& known) { return known.first == call->text; });
  if (kind == std::end(kKinds)) return false;
  call->kind = kind->second;
  if (call->kind != ExpressionKind::kField) return true;
  const auto index = static_cast<size_t>(ParseInteger(bound.children[1].text).value_or(0));
  call->text = bound.children[0].type.field_names()[index];
  call->children.pop_back();
  return true;
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
  if (bound.kind != Kind::kCall) return written;
  if (bound.function->family == Family::kHidden) return WithoutHidden(std::move(written));
  if (RestoreStructure(bound, &written)) return written;
  RestoreSyntax(bound.function->accepts, &written);
  return IsPeriodTest(written.text) ? GatherPeriods(std::move(written)) : written;
}

}  // namespace

std::string ToText(const BoundExpression& expression, const Schema& source) {
  return sql::Unparse(ToSql(expression, source));
}

}  // namespace millrace
