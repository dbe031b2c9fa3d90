#include "sql/make_expression.h"

#include <memory>

namespace millrace::sql {

Expression MakeLiteral(LiteralKind kind, std::string text, Span span) {
  Expression expression;
  expression.literal = kind;
  expression.text = std::move(text);
  expression.span = expression.text_span = span;
  return expression;
}

Expression MakeCall(std::string name, Span name_span, Span span, std::vector<Expression> children) {
  Expression expression;
  expression.kind = ExpressionKind::kCall;
  expression.text = std::move(name);
  expression.text_span = name_span;
  expression.span = span;
  expression.children = std::move(children);
  return expression;
}

Expression MakeColumn(std::vector<Name> names, Span span) {
  Expression expression;
  expression.kind = ExpressionKind::kColumn;
  expression.text = std::move(names.back().text);
  expression.text_span = names.back().span;
  expression.span = span;
  names.pop_back();
  expression.qualifier = std::move(names);
  return expression;
}

Expression MakeSymbol(std::string text, Span span) {
  Expression expression;
  expression.kind = ExpressionKind::kSymbol;
  expression.text = std::move(text);
  expression.span = expression.text_span = span;
  return expression;
}

Expression MakeSubquery(std::string text, Span span, Query query) {
  Expression expression;
  expression.kind = ExpressionKind::kSubquery;
  expression.text = std::move(text);
  expression.span = expression.text_span = span;
  expression.query = std::make_shared<const Query>(std::move(query));
  return expression;
}

Expression MakeVerbatim(std::string what, std::string text, Span span) {
  Expression expression;
  expression.kind = ExpressionKind::kVerbatim;
  expression.what = std::move(what);
  expression.text = std::move(text);
  expression.span = expression.text_span = span;
  return expression;
}

bool IsNumber(const Expression& expression) {
  return expression.kind == ExpressionKind::kLiteral &&
         (expression.literal == LiteralKind::kInteger ||
          expression.literal == LiteralKind::kDecimal ||
          expression.literal == LiteralKind::kDouble);
}

Expression Negative(Expression number, Span span) {
  const bool negative = number.text.starts_with('-');
  number.text = negative ? number.text.substr(1) : "-" + number.text;
  number.span = span;
  return number;
}

}  // namespace millrace::sql
