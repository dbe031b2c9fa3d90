// Predicates: comparisons, IN, BETWEEN, LIKE, IS.
#include <fmt/core.h>

#include <algorithm>

#include "base/ascii.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::string Negatable(bool negated, std::string_view name) {
  return (negated ? "NOT " : "") + std::string(name);
}

// The operator of a comparison as it prints; != is an extension.
std::string Comparison(const Transform& transform, const antlr4::Token* sign) {
  if (sign->getType() != P::BANG_EQUAL) return const_cast<antlr4::Token*>(sign)->getText();
  transform.RequireExtension(transform.SpanOf(sign), "!=", "Write <>.");
  return "<>";
}

// Whether it binds tighter than a comparison: IN, BETWEEN, LIKE, = ANY (...).
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

// Each NOT before the right operand: a = NOT b.
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

// a = NOT b = c: NOT binds less than the operator after it and more than the one before it.
void CheckNegation(const Transform& transform, P::PredicateContext* context) {
  const std::vector<antlr4::tree::TerminalNode*> words = Negations(context);
  if (words.empty()) return;
  transform.SyntaxError(transform.SpanOf(words[0]), "NOT after a comparison is ambiguous here",
                        "Put NOT and its operand in parentheses.");
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

}  // namespace

Expression Transform::ToTest(P::ExpressionContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  if (TooLong(span, depth)) return {};
  if (context->NOT() != nullptr) {
    return MakeCall("NOT", SpanOf(context->NOT()), span,
                    ListOf(ToExpression(context->expression(0), depth + 1)));
  }
  Expression expression = ToValue(context->valueExpression(), depth + 1);
  size_t predicates = 0;
  const std::vector<P::PredicateContext*> all = context->predicate();
  while (predicates < all.size()) {
    P::PredicateContext* predicate = all[predicates];
    if (TooLong(span, depth + ++predicates)) return {};
    Expression right;
    if (P::ValueExpressionContext* operand = RightOperand(predicate)) {
      right = ToValue(operand, depth + 1);
      while (predicates < all.size() && BindsTighter(all[predicates])) {
        if (TooLong(span, depth + predicates + 1)) return {};
        right = ToPredicate(all[predicates++], std::move(right), {}, depth + 1);
      }
      if (predicates < all.size()) CheckNegation(*this, predicate);
    }
    expression = ToPredicate(predicate, std::move(expression), std::move(right), depth + 1);
  }
  return expression;
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
    return MakeVerbatim(MultisetTest(multiset), fmt::format("({})", source.Text(span)), span);
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
  const bool list = !context->expression().empty() && context->queryTail() == nullptr;
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

}  // namespace millrace::sql
