#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::string Negatable(bool negated, std::string_view name) {
  return (negated ? "NOT " : "") + std::string(name);
}

// True, and an error, where a chain is too long; both operands of the last operator are: one error.
bool TooLong(const Transform& transform, Span span, size_t depth) {
  if (depth <= kExpressionDepthMax) return false;
  const std::string message =
      fmt::format("the expression has more than {} operators in a chain", kExpressionDepthMax);
  const Diagnostics& others = *transform.diagnostics;
  if (others.empty() || others.back().message != message) {
    transform.Error(span, message, "Split it into parts.");
  }
  return true;
}

// The same for a.b[1].c: every step nests.
bool TooNested(const Transform& transform, Span span, size_t steps) {
  if (steps <= kNestingMax) return false;
  transform.Error(span,
                  fmt::format("the statement is nested more than {} levels deep", kNestingMax),
                  "Simplify the expression.");
  return true;
}

// The sign of a comparison as it prints; != is ours.
std::string Comparison(const Transform& transform, const antlr4::Token* sign) {
  if (sign->getType() != P::BANG_EQUAL) return const_cast<antlr4::Token*>(sign)->getText();
  transform.Ours(transform.SpanOf(sign), "!=", "Write <>.");
  return "<>";
}

// What binds tighter than a comparison: IN, BETWEEN, LIKE and the like, = ANY (...).
bool BindsTighter(P::PredicateContext* context) {
  return dynamic_cast<P::QuantifiedComparisonContext*>(context) != nullptr ||
         dynamic_cast<P::BetweenContext*>(context) != nullptr ||
         dynamic_cast<P::InContext*>(context) != nullptr ||
         dynamic_cast<P::MatchingContext*>(context) != nullptr;
}

// The right operand of a comparison, nothing for all other predicates.
P::ValueExpressionContext* RightOperand(P::PredicateContext* context) {
  if (auto* comparison = dynamic_cast<P::ComparisonContext*>(context)) {
    return comparison->valueExpression();
  }
  if (auto* distinct = dynamic_cast<P::IsDistinctContext*>(context)) {
    return distinct->valueExpression();
  }
  if (auto* period = dynamic_cast<P::PeriodTestContext*>(context)) return period->valueExpression();
  return nullptr;
}

// Each NOT in front of the right operand: a = NOT b.
std::vector<antlr4::tree::TerminalNode*> Negations(P::PredicateContext* context) {
  if (auto* comparison = dynamic_cast<P::ComparisonContext*>(context)) return comparison->NOT();
  auto* distinct = dynamic_cast<P::IsDistinctContext*>(context);
  if (distinct == nullptr) return {};
  std::vector<antlr4::tree::TerminalNode*> words = distinct->NOT();
  const size_t from = distinct->FROM()->getSymbol()->getTokenIndex();
  std::erase_if(words, [&](auto* word) { return word->getSymbol()->getTokenIndex() < from; });
  return words;
}

Expression Negate(const Transform& transform, P::PredicateContext* context, Expression compared) {
  const std::vector<antlr4::tree::TerminalNode*> words = Negations(context);
  for (size_t i = words.size(); i-- > 0;) {
    const Span word = transform.SpanOf(words[i]);
    const Span span = {word.begin, compared.span.end};
    compared = MakeCall("NOT", word, span, ListOf(std::move(compared)));
  }
  return compared;
}

// a = NOT b = c: NOT binds less than what follows it, and more than what stands before it.
void CheckNegation(const Transform& transform, P::PredicateContext* context) {
  const std::vector<antlr4::tree::TerminalNode*> words = Negations(context);
  if (words.empty()) return;
  transform.Error(transform.SpanOf(words[0]),
                  "it is not clear how far this NOT behind a comparison reaches",
                  "Put NOT and what it negates into parentheses.");
}

// The words of it, without NOT: "IS A SET", "MEMBER OF", "MULTISET UNION".
std::string MultisetTest(P::MultisetTestContext* context) {
  if (context->IS_A_SET() != nullptr) return "IS A SET";
  if (context->EMPTY() != nullptr) return "IS EMPTY";
  if (context->MEMBER() != nullptr) return "MEMBER OF";
  if (context->SUBMULTISET() != nullptr) return "SUBMULTISET OF";
  if (context->UNION() != nullptr) return "MULTISET UNION";
  return context->EXCEPT() != nullptr ? "MULTISET EXCEPT" : "MULTISET INTERSECT";
}

void AppendText(antlr4::tree::ParseTree* tree, std::string* text) {
  if (auto* node = dynamic_cast<antlr4::tree::TerminalNode*>(tree)) {
    const std::string word = node->getText();
    const bool quoted = word.find_first_of("'`") != std::string::npos;
    if (!text->empty()) *text += ' ';
    *text += quoted ? word : ToUpper(word);
    return;
  }
  for (antlr4::tree::ParseTree* child : tree->children) AppendText(child, text);
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
  expression.has_else = context->otherwise != nullptr;
  if (context->otherOperand != nullptr) {
    expression.children.push_back(transform.ToExpression(context->otherOperand, depth));
  }
  for (P::WhenClauseContext* clause : context->whenClause()) {
    const std::vector<P::ExpressionContext*> parts = clause->expression();
    if (parts.size() > 2 && context->otherOperand == nullptr) {
      transform.Error(transform.SpanOf(parts[1]), "several values in a WHEN need CASE with a value",
                      "Write CASE x WHEN 1, 2 THEN ..., or join the conditions with OR.");
    }
    // WHEN a, b THEN r means WHEN a THEN r WHEN b THEN r.
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      expression.children.push_back(transform.ToExpression(parts[i], depth));
      expression.children.push_back(transform.ToExpression(parts.back(), depth));
    }
  }
  if (context->otherwise != nullptr) {
    expression.children.push_back(transform.ToExpression(context->otherwise, depth));
  }
  return expression;
}

Expression AddField(const Transform& transform, Expression operand, P::FieldContext* field) {
  if (field->callArguments() != nullptr) {
    const Span span = {operand.span.begin, transform.SpanOf(field).end};
    return MakeVerbatim("a method", std::string(transform.places.Text(span)), span);
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
                                 : Name{std::string(transform.places.Text(first)), first}};
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
  Expression expression;
  if (context->STAR() != nullptr) {
    expression.kind = ExpressionKind::kStar;
    expression.span = expression.text_span = transform.SpanOf(context);
    expression.qualifier = std::move(names);
    return expression;
  }
  expression.kind = ExpressionKind::kColumn;
  expression.text = names.back().text;
  expression.text_span = names.back().span;
  expression.span = name_span;
  names.pop_back();
  expression.qualifier = std::move(names);
  return expression;
}

}  // namespace

std::string Words(antlr4::tree::ParseTree* tree) {
  std::string text;
  AppendText(tree, &text);
  return text;
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

std::vector<Expression> Transform::ToExpressions(const std::vector<P::ExpressionContext*>& contexts,
                                                 size_t depth) const {
  std::vector<Expression> expressions;
  expressions.reserve(contexts.size());
  for (P::ExpressionContext* context : contexts) {
    expressions.push_back(ToExpression(context, depth));
  }
  return expressions;
}

Expression Transform::ToExpression(P::ExpressionContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  if (TooLong(*this, span, depth)) return {};
  if (context->valueExpression() != nullptr) {
    Expression expression = ToValue(context->valueExpression(), depth + 1);
    size_t predicates = 0;
    const std::vector<P::PredicateContext*> all = context->predicate();
    while (predicates < all.size()) {
      P::PredicateContext* predicate = all[predicates];
      if (TooLong(*this, span, depth + ++predicates)) return {};
      Expression right;
      if (P::ValueExpressionContext* operand = RightOperand(predicate)) {
        right = ToValue(operand, depth + 1);
        while (predicates < all.size() && BindsTighter(all[predicates])) {
          if (TooLong(*this, span, depth + predicates + 1)) return {};
          right = ToPredicate(all[predicates++], std::move(right), {}, depth + 1);
        }
        if (predicates < all.size()) CheckNegation(*this, predicate);
      }
      expression = ToPredicate(predicate, std::move(expression), std::move(right), depth + 1);
    }
    return expression;
  }
  const std::vector<P::ExpressionContext*> operands = context->expression();
  if (context->NOT() != nullptr) {
    return MakeCall("NOT", SpanOf(context->NOT()), span,
                    ListOf(ToExpression(operands[0], depth + 1)));
  }
  antlr4::tree::TerminalNode* word = context->AND() != nullptr ? context->AND() : context->OR();
  const std::string_view name = context->AND() != nullptr ? "AND" : "OR";
  return MakeCall(
      std::string(name), SpanOf(word), span,
      ListOf(ToExpression(operands[0], depth + 1), ToExpression(operands[1], depth + 1)));
}

Expression Transform::ToPredicate(P::PredicateContext* context, Expression left, Expression right,
                                  size_t depth) const {
  const Span span = {left.span.begin, std::max(right.span.end, SpanOf(context).end)};
  const Span word = SpanOf(context->getStart());
  const bool negated = Has(context, P::NOT);
  if (auto* comparison = dynamic_cast<P::ComparisonContext*>(context)) {
    return MakeCall(Comparison(*this, comparison->op), word, span,
                    ListOf(std::move(left), Negate(*this, context, std::move(right))));
  }
  if (auto* quantified = dynamic_cast<P::QuantifiedComparisonContext*>(context)) {
    const std::string_view quantifier = Has(context, P::ALL) ? " ALL" : " ANY";
    std::string name = Comparison(*this, quantified->op) + std::string(quantifier);
    return AddListOrQuery(std::move(name), word, std::move(left), quantified->listOrQuery(), depth);
  }
  if (auto* between = dynamic_cast<P::BetweenContext*>(context)) {
    const std::string_view name = Has(context, P::SYMMETRIC) ? "BETWEEN SYMMETRIC" : "BETWEEN";
    return MakeCall(Negatable(negated, name), word, span,
                    ListOf(std::move(left), ToValue(between->valueExpression(0), depth),
                           ToValue(between->valueExpression(1), depth)));
  }
  if (auto* in = dynamic_cast<P::InContext*>(context)) {
    return AddListOrQuery(Negatable(negated, "IN"), word, std::move(left), in->listOrQuery(),
                          depth);
  }
  if (auto* matching = dynamic_cast<P::MatchingContext*>(context)) {
    const std::string_view name = Has(context, P::LIKE)    ? "LIKE"
                                  : Has(context, P::ILIKE) ? "ILIKE"
                                  : Has(context, P::RLIKE) ? "RLIKE"
                                                           : "SIMILAR TO";
    std::vector<Expression> children = ListOf(std::move(left));
    for (P::ValueExpressionContext* part : matching->valueExpression()) {
      children.push_back(ToValue(part, depth));
    }
    return MakeCall(Negatable(negated, name), word, span, std::move(children));
  }
  if (auto* distinct = dynamic_cast<P::IsDistinctContext*>(context)) {
    const bool same = distinct->NOT().size() > Negations(context).size();
    return MakeCall(same ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", word, span,
                    ListOf(std::move(left), Negate(*this, context, std::move(right))));
  }
  if (dynamic_cast<P::PeriodTestContext*>(context) != nullptr) {
    std::string name = ToUpper(TextOf(context).substr(0, word.end - word.begin));
    if (Has(context, P::IMMEDIATELY)) {
      name += Has(context, P::PRECEDES) ? " PRECEDES" : " SUCCEEDS";
    }
    return MakeCall(std::move(name), word, span, ListOf(std::move(left), std::move(right)));
  }
  if (auto* multiset = dynamic_cast<P::MultisetTestContext*>(context)) {
    return MakeVerbatim(MultisetTest(multiset), fmt::format("({})", places.Text(span)), span);
  }
  if (auto* format = dynamic_cast<P::FormatJsonContext*>(context)) {
    return ToFormat(format, std::move(left), span);
  }
  return MakeCall(Words(context), word, span, ListOf(std::move(left)));  // IS ...
}

Expression Transform::AddListOrQuery(std::string name, Span word, Expression left,
                                     P::ListOrQueryContext* context, size_t depth) const {
  const Span span = {left.span.begin, SpanOf(context).end};
  Expression right = ToParenthesis(context, depth);
  const bool query = right.kind == ExpressionKind::kSubquery && right.text.empty();
  // ((SELECT ...)) is a list of one value.
  const bool list = context->expression().size() > 0 && context->queryTail() == nullptr;
  if (query && !list) {
    right.text = std::move(name);
    right.text_span = word;
    right.span = span;
    right.children = ListOf(std::move(left));
    return right;
  }
  std::vector<Expression> children = ListOf(std::move(left));
  if (context->expression().size() > 1) {
    for (Expression& item : right.children) children.push_back(std::move(item));
  } else {
    children.push_back(std::move(right));
  }
  return MakeCall(std::move(name), word, span, std::move(children));
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
    Error(SpanOf(context->queryTail()->getStart()),
          fmt::format("{} stands behind an expression, not behind a query",
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
  const Span span = SpanOf(context);
  if (TooLong(*this, span, depth)) return {};
  if (auto* primary = dynamic_cast<P::PrimaryValueContext*>(context)) {
    return ToPrimary(primary->primaryExpression(), depth + 1);
  }
  if (auto* sign = dynamic_cast<P::SignContext*>(context)) {
    return MakeCall(sign->op->getText(), SpanOf(sign->op), span,
                    ListOf(ToValue(sign->valueExpression(), depth + 1)));
  }
  auto* arithmetic = dynamic_cast<P::ArithmeticContext*>(context);
  return MakeCall(arithmetic->op->getText(), SpanOf(arithmetic->op), span,
                  ListOf(ToValue(arithmetic->valueExpression(0), depth + 1),
                         ToValue(arithmetic->valueExpression(1), depth + 1)));
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
      index = MakeVerbatim("OFFSET", std::string(places.Text(span)), span);
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
    Expression fields =
        Collection(*this, ExpressionKind::kRow, row, row->expression(), depth + 1);
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
      Error(span, "MAP[...] needs a value for every key", "Write MAP[key, value, key, value].");
    }
    return Collection(*this, ExpressionKind::kMap, map, map->expression(), depth + 1);
  }
  if (auto* interval = dynamic_cast<P::IntervalOfValueContext*>(context)) {
    return ToIntervalOf(interval, depth);
  }
  if (std::optional<Expression> rare = ToRareOperand(context, depth)) return std::move(*rare);
  return ToSpecialCall(context, depth + 1);
}

}  // namespace millrace::sql
