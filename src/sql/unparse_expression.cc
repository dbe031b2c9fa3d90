// Literals, columns, casts, CASE and subqueries back as SQL.
#include <fmt/core.h>

#include "base/quote.h"
#include "sql/unparse_parts.h"

namespace millrace::sql {
namespace {

std::string IntervalLiteral(const Expression& literal) {
  return fmt::format("INTERVAL {} {}", QuoteText(literal.text), Unparse(*literal.interval));
}

std::string Literal(const Expression& literal) {
  switch (literal.literal) {
    case LiteralKind::kNull:
      return "NULL";
    case LiteralKind::kString:
      return QuoteText(literal.text);
    case LiteralKind::kBinary:
      return "X'" + literal.text + "'";
    case LiteralKind::kDate:
      return "DATE " + QuoteText(literal.text);
    case LiteralKind::kTime:
      return "TIME " + QuoteText(literal.text);
    case LiteralKind::kTimestamp:
      return "TIMESTAMP " + QuoteText(literal.text);
    case LiteralKind::kInterval:
      return IntervalLiteral(literal);
    default:
      return literal.text;
  }
}

std::string Case(const Expression& expression) {
  std::string text = "CASE";
  size_t i = 0;
  if (expression.has_operand) text += " " + Unparse(expression.children[i++]);
  const size_t branches_end = expression.children.size() - (expression.has_else ? 1 : 0);
  for (; i < branches_end; i += 2) {
    text += fmt::format(" WHEN {} THEN {}", Unparse(expression.children[i]),
                        Unparse(expression.children[i + 1]));
  }
  if (expression.has_else) text += " ELSE " + Unparse(expression.children.back());
  return text + " END";
}

std::string Subquery(const Expression& expression) {
  const std::string query = "(" + Unparse(*expression.query) + ")";
  const std::string& name = expression.text;
  if (!expression.children.empty()) {
    return fmt::format("({} {} {})", Unparse(expression.children[0]), name, query);
  }
  if (name == "TABLE" && expression.query->body.kind == QueryBodyKind::kTable) {
    return Unparse(*expression.query);
  }
  return name + query;
}

// (`a`).`b` is a field of the column a, `a`.`b` the column b of the table a; and 1. is a number.
std::string Field(const Expression& expression) {
  const Expression& operand = expression.children[0];
  const bool alone =
      operand.kind != ExpressionKind::kColumn && operand.kind != ExpressionKind::kLiteral;
  return fmt::format("{}{}{}.{}", alone ? "" : "(", Unparse(operand), alone ? "" : ")",
                     QuoteIdentifier(expression.text));
}

std::string Column(const Expression& expression, const std::string& last) {
  if (expression.qualifier.empty()) return last;
  return QuoteNames(expression.qualifier, ".") + "." + last;
}

}  // namespace

std::string Unparse(const Interval& interval) {
  std::string text = interval.from;
  const bool fraction_here = interval.to.empty() && interval.fraction_precision >= 0;
  if (interval.precision >= 0) {
    text += fmt::format("({}", interval.precision);
    if (fraction_here) text += fmt::format(", {}", interval.fraction_precision);
    text += ")";
  }
  if (interval.to.empty()) return text;
  text += " TO " + interval.to;
  if (interval.fraction_precision >= 0) text += fmt::format("({})", interval.fraction_precision);
  return text;
}

std::string Unparse(const Window& window) {
  std::vector<std::string> parts;
  if (window.base) parts.push_back(QuoteIdentifier(window.base->text));
  if (!window.partition_by.empty())
    parts.push_back("PARTITION BY " + ItemsText(window.partition_by));
  if (!window.order_by.empty()) parts.push_back(Unparse(window.order_by));
  if (!window.frame.empty()) parts.push_back(window.frame);
  return "(" +
         PrintList(
             parts, [](const std::string& part) { return part; }, " ") +
         ")";
}

std::string Unparse(const std::vector<OrderItem>& items) {
  return "ORDER BY " + PrintList(items, [](const OrderItem& item) {
           std::string text = Unparse(item.expression);
           if (item.descending) text += " DESC";
           if (item.nulls == NullsOrder::kFirst) text += " NULLS FIRST";
           if (item.nulls == NullsOrder::kLast) text += " NULLS LAST";
           return text;
         });
}

std::string Unparse(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kLiteral:
      return Literal(expression);
    case ExpressionKind::kColumn:
      return Column(expression, QuoteIdentifier(expression.text));
    case ExpressionKind::kStar:
      return Column(expression, "*");
    case ExpressionKind::kCall:
      return CallText(expression);
    case ExpressionKind::kCast:
      return fmt::format("{}({} AS {})", expression.text, Unparse(expression.children[0]),
                         Unparse(*expression.type));
    case ExpressionKind::kCase:
      return Case(expression);
    case ExpressionKind::kRow:
      return (expression.children.size() < 2 ? "ROW(" : "(") + ItemsText(expression.children) + ")";
    case ExpressionKind::kArray:
      return "ARRAY[" + ItemsText(expression.children) + "]";
    case ExpressionKind::kMap:
      return "MAP[" + ItemsText(expression.children) + "]";
    case ExpressionKind::kElement:
      return fmt::format("{}[{}]", Unparse(expression.children[0]),
                         Unparse(expression.children[1]));
    case ExpressionKind::kField:
      return Field(expression);
    case ExpressionKind::kSubquery:
      return Subquery(expression);
    case ExpressionKind::kNamedArgument:
      return QuoteIdentifier(expression.text) + " => " + Unparse(expression.children[0]);
    case ExpressionKind::kSymbol:
    case ExpressionKind::kVerbatim:
      break;
  }
  return expression.text;
}

}  // namespace millrace::sql
