#include <fmt/format.h>

#include "base/text.h"
#include "sql/parser.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

Expression Call(std::string name, Span name_span, Span span, std::vector<Expression> children) {
  Expression expression;
  expression.kind = ExpressionKind::kCall;
  expression.text = std::move(name);
  expression.text_span = name_span;
  expression.span = span;
  expression.children = std::move(children);
  return expression;
}

Expression NotRun(std::string what, Span span) {
  Expression expression;
  expression.kind = ExpressionKind::kUnsupported;
  expression.text = std::move(what);
  expression.span = expression.text_span = span;
  return expression;
}

template <typename... Children>
std::vector<Expression> List(Children&&... children) {
  std::vector<Expression> list;
  (list.push_back(std::forward<Children>(children)), ...);
  return list;
}

std::string Negatable(bool negated, std::string_view name) {
  return (negated ? "NOT " : "") + std::string(name);
}

}  // namespace

Expression Transform::ToExpression(P::ExpressionContext* context, size_t depth) const {
  return ToBoolean(context->booleanExpression(), depth + 1);
}

Expression Transform::ToBoolean(P::BooleanExpressionContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  if (depth > kExpressionDepthMax) {
    Error(span,
          fmt::format("the expression has more than {} operators in a chain", kExpressionDepthMax),
          "Split it into parts.");
    return {};
  }
  if (auto* negation = dynamic_cast<P::LogicalNotContext*>(context)) {
    return Call("NOT", SpanOf(negation->NOT()), span,
                List(ToBoolean(negation->booleanExpression(), depth + 1)));
  }
  if (auto* conjunction = dynamic_cast<P::LogicalAndContext*>(context)) {
    return Call("AND", SpanOf(conjunction->AND()), span,
                List(ToBoolean(conjunction->booleanExpression(0), depth + 1),
                     ToBoolean(conjunction->booleanExpression(1), depth + 1)));
  }
  if (auto* disjunction = dynamic_cast<P::LogicalOrContext*>(context)) {
    return Call("OR", SpanOf(disjunction->OR()), span,
                List(ToBoolean(disjunction->booleanExpression(0), depth + 1),
                     ToBoolean(disjunction->booleanExpression(1), depth + 1)));
  }
  auto* predicated = dynamic_cast<P::PredicatedContext*>(context);
  Expression expression = ToValue(predicated->valueExpression(), depth + 1);
  for (P::PredicateContext* predicate : predicated->predicate()) {
    expression = ToPredicate(predicate, std::move(expression), depth + 1);
  }
  return expression;
}

Expression Transform::ToPredicate(P::PredicateContext* context, Expression left,
                                  size_t depth) const {
  const Span span = {left.span.begin, SpanOf(context).end};
  const Span word = SpanOf(context->getStart());
  if (auto* comparison = dynamic_cast<P::ComparisonContext*>(context)) {
    return Call(comparison->op->getText(), SpanOf(comparison->op), span,
                List(std::move(left), ToValue(comparison->valueExpression(), depth)));
  }
  if (auto* between = dynamic_cast<P::BetweenContext*>(context)) {
    const std::string_view name = between->SYMMETRIC() != nullptr ? "BETWEEN SYMMETRIC" : "BETWEEN";
    return Call(
        Negatable(between->NOT() != nullptr, name), word, span,
        List(std::move(left), ToValue(between->lower, depth), ToValue(between->upper, depth)));
  }
  if (auto* list = dynamic_cast<P::InListContext*>(context)) {
    std::vector<Expression> children = List(std::move(left));
    for (P::ExpressionContext* item : list->expression()) {
      children.push_back(ToExpression(item, depth));
    }
    return Call(Negatable(list->NOT() != nullptr, "IN"), word, span, std::move(children));
  }
  if (auto* like = dynamic_cast<P::LikeContext*>(context)) {
    if (like->LIKE() == nullptr) return NotRun(ToUpper(TextOf(like).substr(0, 5)), span);
    std::vector<Expression> children = List(std::move(left), ToValue(like->pattern, depth));
    if (like->escape != nullptr) children.push_back(ToValue(like->escape, depth));
    return Call(Negatable(like->NOT() != nullptr, "LIKE"), word, span, std::move(children));
  }
  if (auto* test = dynamic_cast<P::IsTestContext*>(context)) {
    const std::string what = ToUpper(test->getStop()->getText());
    return Call((test->NOT() != nullptr ? "IS NOT " : "IS ") + what, word, span,
                List(std::move(left)));
  }
  if (auto* distinct = dynamic_cast<P::DistinctFromContext*>(context)) {
    return Call(distinct->NOT() != nullptr ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", word,
                span, List(std::move(left), ToValue(distinct->valueExpression(), depth)));
  }
  return NotRun("IN with a subquery", SpanOf(context));
}

Expression Transform::ToValue(P::ValueExpressionContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  if (depth > kExpressionDepthMax) {
    Error(span,
          fmt::format("the expression has more than {} operators in a chain", kExpressionDepthMax),
          "Split it into parts.");
    return {};
  }
  if (auto* primary = dynamic_cast<P::PrimaryValueContext*>(context)) {
    return ToPrimary(primary->primaryExpression(), depth + 1);
  }
  if (auto* sign = dynamic_cast<P::SignContext*>(context)) {
    return Call(sign->op->getText(), SpanOf(sign->op), span,
                List(ToValue(sign->valueExpression(), depth + 1)));
  }
  auto* arithmetic = dynamic_cast<P::ArithmeticContext*>(context);
  return Call(arithmetic->op->getText(), SpanOf(arithmetic->op), span,
              List(ToValue(arithmetic->valueExpression(0), depth + 1),
                   ToValue(arithmetic->valueExpression(1), depth + 1)));
}

Expression Transform::ToCase(P::CaseContext* context, size_t depth) const {
  Expression expression;
  expression.kind = ExpressionKind::kCase;
  expression.text = "CASE";
  expression.span = SpanOf(context);
  expression.text_span = SpanOf(context->getStart());
  expression.has_operand = context->operand != nullptr;
  expression.has_else = context->otherwise != nullptr;
  if (context->operand != nullptr)
    expression.children.push_back(ToExpression(context->operand, depth));
  for (P::WhenClauseContext* clause : context->whenClause()) {
    expression.children.push_back(ToExpression(clause->expression(0), depth));
    expression.children.push_back(ToExpression(clause->expression(1), depth));
  }
  if (context->otherwise != nullptr) {
    expression.children.push_back(ToExpression(context->otherwise, depth));
  }
  return expression;
}

Expression Transform::ToCall(P::FunctionCallContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span name_span = SpanOf(context->functionName());
  P::IdentifierContext* identifier = context->functionName()->identifier();
  const std::string name =
      ToUpper(identifier != nullptr ? ToName(identifier).text : TextOf(context->functionName()));
  if (context->DISTINCT() != nullptr) return NotRun(name + " DISTINCT", span);
  if (context->STAR() != nullptr) return NotRun(name + "(*)", span);
  std::vector<Expression> children;
  for (P::ExpressionContext* argument : context->expression()) {
    children.push_back(ToExpression(argument, depth));
  }
  return Call(name, name_span, span, std::move(children));
}

Expression Transform::ToPrimary(P::PrimaryExpressionContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span word = SpanOf(context->getStart());
  if (auto* literal = dynamic_cast<P::LiteralValueContext*>(context))
    return ToLiteral(literal->literal());
  if (auto* column = dynamic_cast<P::ColumnContext*>(context)) {
    Expression expression;
    expression.kind = ExpressionKind::kColumn;
    expression.qualifier = ToNames(column->columnName()->identifier());
    expression.text = expression.qualifier.back().text;
    expression.text_span = expression.qualifier.back().span;
    expression.qualifier.pop_back();
    expression.span = span;
    return expression;
  }
  if (auto* cast = dynamic_cast<P::CastContext*>(context)) {
    Expression expression = Call(cast->CAST() != nullptr ? "CAST" : "TRY_CAST", word, span,
                                 List(ToExpression(cast->expression(), depth)));
    expression.kind = ExpressionKind::kCast;
    expression.type = ToType(cast->dataType());
    return expression;
  }
  if (auto* branches = dynamic_cast<P::CaseContext*>(context)) return ToCase(branches, depth);
  if (auto* parenthesis = dynamic_cast<P::ParenthesisContext*>(context)) {
    Expression inner = ToExpression(parenthesis->expression(), depth);
    inner.span = span;
    return inner;
  }
  if (auto* call = dynamic_cast<P::CallContext*>(context)) {
    if (call->over() != nullptr) return NotRun("OVER", SpanOf(call->over()));
    return ToCall(call->functionCall(), depth);
  }
  if (auto* substring = dynamic_cast<P::SubstringFromContext*>(context)) {
    std::vector<Expression> children;
    for (P::ExpressionContext* part : substring->expression()) {
      children.push_back(ToExpression(part, depth));
    }
    return Call("SUBSTRING", word, span, std::move(children));
  }
  if (auto* trim = dynamic_cast<P::TrimFromContext*>(context)) {
    const std::string name = trim->LEADING() != nullptr    ? "LTRIM"
                             : trim->TRAILING() != nullptr ? "RTRIM"
                                                           : "TRIM";
    std::vector<Expression> children = List(ToExpression(trim->expression().back(), depth));
    if (trim->expression().size() == 2)
      children.push_back(ToExpression(trim->expression(0), depth));
    return Call(name, word, span, std::move(children));
  }
  if (auto* time = dynamic_cast<P::TimeFunctionContext*>(context)) {
    return Call(ToUpper(TextOf(time)), span, span, {});
  }
  if (dynamic_cast<P::PositionInContext*>(context) != nullptr) return NotRun("POSITION", span);
  if (dynamic_cast<P::ExtractContext*>(context) != nullptr) return NotRun("EXTRACT", span);
  if (dynamic_cast<P::SubscriptContext*>(context) != nullptr)
    return NotRun("a subscript", span);
  if (dynamic_cast<P::RowContext*>(context) != nullptr) return NotRun("a row value", span);
  return NotRun("a subquery", span);
}

Expression Transform::ToLiteral(P::LiteralContext* context) const {
  Expression expression;
  expression.span = expression.text_span = SpanOf(context);
  if (auto* text = dynamic_cast<P::StringLiteralContext*>(context)) {
    expression.literal = LiteralKind::kString;
    expression.text = Unquote(text->STRING());
  } else if (auto* binary = dynamic_cast<P::BinaryLiteralContext*>(context)) {
    expression.literal = LiteralKind::kBinary;
    const std::string digits = binary->getText();
    expression.text = ToUpper(std::string_view(digits).substr(2, digits.size() - 3));
    if (expression.text.size() % 2 != 0) {
      Error(expression.span, "a binary literal needs an even number of hexadecimal digits");
    }
  } else if (auto* integer = dynamic_cast<P::IntegerLiteralContext*>(context)) {
    expression.literal = LiteralKind::kInteger;
    expression.text = integer->getText();
  } else if (auto* decimal = dynamic_cast<P::DecimalLiteralContext*>(context)) {
    expression.literal = LiteralKind::kDecimal;
    expression.text = decimal->getText();
  } else if (auto* floating = dynamic_cast<P::DoubleLiteralContext*>(context)) {
    expression.literal = LiteralKind::kDouble;
    expression.text = floating->getText();
  } else if (auto* boolean = dynamic_cast<P::BooleanLiteralContext*>(context)) {
    expression.literal = LiteralKind::kBoolean;
    expression.text = ToUpper(boolean->getText());
  } else if (auto* temporal = dynamic_cast<P::TemporalLiteralContext*>(context)) {
    expression.literal = temporal->DATE() != nullptr   ? LiteralKind::kDate
                         : temporal->TIME() != nullptr ? LiteralKind::kTime
                                                       : LiteralKind::kTimestamp;
    expression.text = Unquote(temporal->STRING());
  } else if (dynamic_cast<P::NullLiteralContext*>(context) == nullptr) {
    return NotRun(dynamic_cast<P::IntervalLiteralContext*>(context) != nullptr
                           ? "an INTERVAL"
                           : "a unicode literal",
                       expression.span);
  }
  return expression;
}

}  // namespace millrace::sql
