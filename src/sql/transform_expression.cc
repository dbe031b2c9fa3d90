#include <fmt/core.h>

#include "base/ascii.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// True, and an error, if there are too many steps as in a.b[1].c: each is one more level.
bool TooNested(const Transform& transform, Span span, size_t steps) {
  if (steps <= kNestingMax) return false;
  transform.NestedTooDeep(span, "Simplify the expression.");
  return true;
}

void AppendText(antlr4::tree::ParseTree& tree, std::string* text) {
  if (auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(&tree)) {
    const std::string word = node->getText();
    const bool quoted = word.find_first_of("'`") != std::string::npos;
    if (!text->empty()) *text += ' ';
    *text += quoted ? word : ToUpper(word);
    return;
  }
  for (antlr4::tree::ParseTree* child : tree.children) AppendText(*child, text);
}

Expression Collection(const Transform& transform, ExpressionKind kind,
                      antlr4::ParserRuleContext* context,
                      const std::vector<P::ExpressionContext*>& items, size_t depth) {
  Expression expression;
  expression.kind = kind;
  expression.span = transform.SpanOf(context);
  expression.text_span = transform.SpanOf(context->getStart());
  expression.children = transform.ToExpressions(items, depth);
  return expression;
}

Expression ToCase(const Transform& transform, P::CaseContext* context, size_t depth) {
  Expression expression;
  expression.kind = ExpressionKind::kCase;
  expression.text = "CASE";
  expression.span = transform.SpanOf(context);
  expression.text_span = transform.SpanOf(context->getStart());
  expression.has_operand = context->otherOperand != nullptr;
  expression.has_else = context->fallback != nullptr;
  if (context->otherOperand != nullptr) {
    expression.children.push_back(transform.ToExpression(context->otherOperand, depth));
  }
  for (P::WhenClauseContext* clause : context->whenClause()) {
    const std::vector<P::ExpressionContext*> parts = clause->expression();
    if (parts.size() > 2 && context->otherOperand == nullptr) {
      transform.SyntaxError(transform.SpanOf(parts[1]),
                            "WHEN with several values needs a value after CASE",
                            "Write CASE x WHEN 1, 2 THEN ..., or join the conditions with OR.");
    }
    // WHEN a, b THEN r means WHEN a THEN r WHEN b THEN r.
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      expression.children.push_back(transform.ToExpression(parts[i], depth));
      expression.children.push_back(transform.ToExpression(parts.back(), depth));
    }
  }
  if (context->fallback != nullptr) {
    expression.children.push_back(transform.ToExpression(context->fallback, depth));
  }
  return expression;
}

Expression AddField(const Transform& transform, Expression operand, P::FieldContext* field) {
  if (field->callArguments() != nullptr) {
    const Span span = {operand.span.begin, transform.SpanOf(field).end};
    return MakeVerbatim("method calls", std::string(transform.source.Text(span)), span);
  }
  const Name name = transform.ToName(field->identifier());
  Expression expression;
  expression.kind = ExpressionKind::kField;
  expression.text = name.text;
  expression.text_span = name.span;
  expression.span = {operand.span.begin, name.span.end};
  expression.children = ListOf(std::move(operand));
  return expression;
}

// a.b.c, a.b.*, or c(...) with the name a.b.c.
Expression ToNameOrCall(const Transform& transform, P::NameOrCallContext* context, size_t depth) {
  const Span first = transform.SpanOf(context->getStart());
  std::vector<Name> names = {context->callableName() != nullptr
                                 ? transform.ToName(context->callableName())
                                 : Name{std::string(transform.source.Text(first)), first}};
  for (P::IdentifierContext* part : context->identifier()) names.push_back(transform.ToName(part));
  const Span name_span = {names.front().span.begin, names.back().span.end};
  if (context->callArguments() != nullptr) {
    Expression call = transform.ToCall(transform.ToFunctionName(names), name_span,
                                       context->callArguments(), depth);
    size_t steps = 0;
    for (P::FieldContext* field : context->field()) {
      if (TooNested(transform, transform.SpanOf(field), ++steps)) return {};
      call = AddField(transform, std::move(call), field);
    }
    return call;
  }
  if (context->STAR() == nullptr) return MakeColumn(std::move(names), name_span);
  Expression star;
  star.kind = ExpressionKind::kStar;
  star.span = star.text_span = transform.SpanOf(context);
  star.qualifier = std::move(names);
  return star;
}

// A value, with or without a sign.
Expression ToSigned(const Transform& transform, P::ValueExpressionContext* context, size_t depth) {
  const Span span = transform.SpanOf(context);
  if (transform.TooLong(span, depth)) return {};
  if (auto* primary = dynamic_cast<P::PrimaryValueContext*>(context)) {
    return transform.ToPrimary(primary->primaryExpression(), depth + 1);
  }
  auto& sign = dynamic_cast<P::SignContext&>(*context);
  Expression value = transform.ToValue(sign.valueExpression(), depth + 1);
  if (sign.op->getType() == P::MINUS && IsNumber(value)) return Negative(std::move(value), span);
  return MakeCall(sign.op->getText(), transform.SpanOf(sign.op), span, ListOf(std::move(value)));
}

}  // namespace

std::string Words(antlr4::tree::ParseTree* tree) {
  std::string text;
  AppendText(*tree, &text);
  return text;
}

std::vector<Expression> Transform::ToExpressions(const std::vector<P::ExpressionContext*>& contexts,
                                                 size_t depth) const {
  std::vector<Expression> expressions;
  expressions.reserve(contexts.size());
  for (P::ExpressionContext* context : contexts) {
    expressions.push_back(ToExpression(context, depth));
  }
  return expressions;
}

bool Transform::TooLong(Span span, size_t depth) const {
  if (depth <= kExpressionDepthMax) return false;
  if (diagnostics->empty() || diagnostics->back().code != DiagnosticCode::kTooComplex) {
    Error(DiagnosticCode::kTooComplex, span,
          fmt::format("the expression has more than {} operators in a chain", kExpressionDepthMax),
          "Split it into parts.");
  }
  return true;
}

// The left operands of AND and OR are nested in each other, a thousand levels and more, so a loop
// goes down to the first one. The same holds for ToValue.
Expression Transform::ToExpression(P::ExpressionContext* context, size_t depth) const {
  std::vector<P::ExpressionContext*> chain;
  while (context->valueExpression() == nullptr && context->NOT() == nullptr) {
    if (TooLong(SpanOf(context), depth + chain.size())) return {};
    chain.push_back(context);
    context = context->expression(0);
  }
  Expression left = ToTest(context, depth + chain.size());
  for (size_t i = chain.size(); i-- > 0;) {
    const bool both = chain[i]->AND() != nullptr;
    const Span word = SpanOf(both ? chain[i]->AND() : chain[i]->OR());
    Expression right = ToExpression(chain[i]->expression(1), depth + i + 1);
    left = MakeCall(both ? "AND" : "OR", word, SpanOf(chain[i]),
                    ListOf(std::move(left), std::move(right)));
  }
  return left;
}

Expression Transform::ToParenthesis(P::ListOrQueryContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  if (context->openQuery() != nullptr) return MakeSubquery("", span, ToQuery(context->openQuery()));
  std::vector<P::ExpressionContext*> items = context->expression();
  if (items.size() > 1) {
    return Collection(*this, ExpressionKind::kRow, context, items, depth + 1);
  }
  Expression inner = ToExpression(items[0], depth + 1);
  inner.span = span;
  if (context->queryTail() == nullptr) return inner;
  if (inner.kind != ExpressionKind::kSubquery || !inner.text.empty()) {
    SyntaxError(SpanOf(context->queryTail()->getStart()),
                fmt::format("{} must follow a query, not an expression",
                            ToUpper(context->queryTail()->getStart()->getText())));
    return inner;
  }
  QueryBody body;
  body.kind = QueryBodyKind::kQuery;
  body.query = inner.query;
  body.span = SpanOf(items[0]);
  return MakeSubquery("", span, ToQuery(std::move(body), context->queryTail()));
}

Expression Transform::ToValue(P::ValueExpressionContext* context, size_t depth) const {
  std::vector<P::ArithmeticContext*> chain;
  while (auto* arithmetic = dynamic_cast<P::ArithmeticContext*>(context)) {
    if (TooLong(SpanOf(context), depth + chain.size())) return {};
    chain.push_back(arithmetic);
    context = arithmetic->valueExpression(0);
  }
  Expression left = ToSigned(*this, context, depth + chain.size());
  for (size_t i = chain.size(); i-- > 0;) {
    Expression right = ToValue(chain[i]->valueExpression(1), depth + i + 1);
    left = MakeCall(chain[i]->op->getText(), SpanOf(chain[i]->op), SpanOf(chain[i]),
                    ListOf(std::move(left), std::move(right)));
  }
  return left;
}

Expression Transform::ToPrimary(P::PrimaryExpressionContext* context, size_t depth) const {
  Expression expression = context->nameOrCall() != nullptr
                              ? ToNameOrCall(*this, context->nameOrCall(), depth)
                              : ToOperand(context->operand(), depth);
  size_t steps = 0;
  for (P::FieldContext* field : context->field()) {
    if (TooNested(*this, SpanOf(field), ++steps)) return {};
    expression = AddField(*this, std::move(expression), field);
  }
  for (P::SubscriptContext* subscript : context->subscript()) {
    if (TooNested(*this, SpanOf(subscript), ++steps)) return {};
    Expression element;
    element.kind = ExpressionKind::kElement;
    element.span = {expression.span.begin, SpanOf(subscript->RIGHT_BRACKET()).end};
    element.text_span = SpanOf(subscript);
    Expression index = ToExpression(subscript->expression(), depth + 1);
    if (subscript->OFFSET() != nullptr) {
      const Span span = {SpanOf(subscript->OFFSET()).begin, SpanOf(subscript->RIGHT_PAREN()).end};
      index = MakeVerbatim("OFFSET", std::string(source.Text(span)), span);
    }
    element.children = ListOf(std::move(expression), std::move(index));
    expression = std::move(element);
    for (P::FieldContext* field : subscript->field()) {
      if (TooNested(*this, SpanOf(field), ++steps)) return {};
      expression = AddField(*this, std::move(expression), field);
    }
  }
  return expression;
}

Expression Transform::ToOperand(P::OperandContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span word = SpanOf(context->getStart());
  if (auto* literal = dynamic_cast<P::LiteralValueContext*>(context)) {
    return ToLiteral(literal->literal());
  }
  if (auto* parenthesis = dynamic_cast<P::ParenthesisContext*>(context)) {
    return ToDifference(parenthesis, depth);
  }
  if (auto* cast = dynamic_cast<P::CastContext*>(context)) {
    Expression expression = MakeCall(cast->CAST() != nullptr ? "CAST" : "TRY_CAST", word, span,
                                     ListOf(ToExpression(cast->expression(), depth + 1)));
    expression.kind = ExpressionKind::kCast;
    expression.type = ToType(cast->castType());
    if (cast->SAFE_CAST() != nullptr) return MakeVerbatim("SAFE_CAST", TextOf(cast), span);
    if (cast->FORMAT() == nullptr) return expression;
    return MakeVerbatim(expression.text + " with FORMAT", TextOf(cast), span);
  }
  if (auto* branches = dynamic_cast<P::CaseContext*>(context)) {
    return ToCase(*this, branches, depth + 1);
  }
  if (auto* row = dynamic_cast<P::RowContext*>(context)) {
    Expression fields = Collection(*this, ExpressionKind::kRow, row, row->expression(), depth + 1);
    if (P::OpenQueryContext* query = row->openQuery()) {
      fields.children.push_back(MakeSubquery("", SpanOf(query), ToQuery(query)));
    }
    return fields;
  }
  if (auto* array = dynamic_cast<P::ArrayValueContext*>(context)) {
    if (array->MULTISET() != nullptr) return MakeVerbatim("MULTISET", TextOf(array), span);
    return Collection(*this, ExpressionKind::kArray, array, array->expression(), depth + 1);
  }
  if (auto* map = dynamic_cast<P::MapValueContext*>(context)) {
    if (map->expression().size() % 2 != 0) {
      SyntaxError(span, "MAP[...] needs a value for every key",
                  "Write MAP[key, value, key, value].");
    }
    return Collection(*this, ExpressionKind::kMap, map, map->expression(), depth + 1);
  }
  if (auto* interval = dynamic_cast<P::IntervalOfValueContext*>(context)) {
    return ToIntervalOf(interval, depth);
  }
  if (std::optional<Expression> unsupported = ToUnsupportedOperand(context, depth)) {
    return std::move(*unsupported);
  }
  return ToSpecialCall(context, depth + 1);
}

}  // namespace millrace::sql
