#include <fmt/format.h>

#include "base/text.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// TIMESTAMPADD(DAY, ...): its first argument is a unit, whatever it looks like.
bool TakesUnit(std::string_view name) { return name == "TIMESTAMPADD" || name == "TIMESTAMPDIFF"; }

Expression ToTableArgument(const Transform& transform, P::ArgumentValueContext* context) {
  const Span span = transform.SpanOf(context);
  if (context->partitionOfTable() != nullptr) {
    return MakeVerbatim("a partitioned table argument", transform.TextOf(context), span);
  }
  if (context->query() != nullptr) {
    return MakeSubquery("TABLE", span, transform.ToQuery(context->query()));
  }
  Query query;
  query.span = query.body.span = span;
  query.body.kind = QueryBodyKind::kTable;
  query.body.table = transform.ToObjectName(context->objectName());
  return MakeSubquery("TABLE", span, std::move(query));
}

Expression ToArgumentValue(const Transform& transform, P::ArgumentValueContext* context,
                           size_t depth) {
  const Span span = transform.SpanOf(context);
  if (context->TABLE() != nullptr) return ToTableArgument(transform, context);
  if (context->openQuery() != nullptr) {
    return MakeSubquery("", span, transform.ToQuery(context->openQuery()));
  }
  if (context->expression() != nullptr) {
    return transform.ToExpression(context->expression(), depth + 1);
  }
  return MakeSymbol(ToUpper(transform.TextOf(context)), span);  // DAY
}

Expression ToTrim(const Transform& transform, P::TrimContext* context, size_t depth) {
  const std::string_view name = Has(context, P::LEADING)    ? "LTRIM"
                                : Has(context, P::TRAILING) ? "RTRIM"
                                                            : "TRIM";
  std::vector<Expression> children = transform.ToExpressions(context->expression(), depth);
  // TRIM(characters FROM text), but TRIM(text, characters).
  if (context->FROM() != nullptr && children.size() == 2) std::swap(children[0], children[1]);
  return MakeCall(std::string(name), transform.SpanOf(context->getStart()),
                  transform.SpanOf(context), std::move(children));
}

std::vector<Expression> ToValues(const Transform& transform,
                                 const std::vector<P::ValueExpressionContext*>& contexts,
                                 size_t depth) {
  std::vector<Expression> values;
  for (P::ValueExpressionContext* context : contexts) {
    values.push_back(transform.ToValue(context, depth));
  }
  return values;
}

}  // namespace

Expression Transform::ToArgument(P::ArgumentContext* context, size_t depth) const {
  Expression value = ToArgumentValue(*this, context->argumentValue(), depth);
  if (context->identifier() == nullptr) return value;
  const Name name = ToName(context->identifier());
  Expression named;
  named.kind = ExpressionKind::kNamedArgument;
  named.text = name.text;
  named.text_span = name.span;
  named.span = SpanOf(context);
  named.children = ListOf(std::move(value));
  return named;
}

void Transform::AddTail(P::CallTailContext* context, Expression* call, size_t depth) const {
  if (context->children.empty()) return;
  CallDetails details = call->details == nullptr ? CallDetails{} : *call->details;
  details.span = SpanOf(context);
  call->span.end = details.span.end;
  if (context->nullTreatment() != nullptr) details.nulls = Words(context->nullTreatment());
  if (context->withinGroup() != nullptr) {
    details.within_group = ToOrder(context->withinGroup()->orderBy());
  }
  if (context->filter() != nullptr) {
    details.filter = ListOf(ToExpression(context->filter()->expression(), depth + 1));
  }
  if (P::OverContext* over = context->over()) {
    if (over->identifier() != nullptr) details.over_name = ToName(over->identifier());
    if (over->window() != nullptr) details.over = ToWindow(over->window());
  }
  call->details = std::make_shared<const CallDetails>(std::move(details));
}

void Transform::CheckSymbols(const Expression& call) const {
  for (size_t i = TakesUnit(call.text) ? 1 : 0; i < call.children.size(); ++i) {
    const Expression& child = call.children[i];
    if (child.kind != ExpressionKind::kSymbol) continue;
    Error(child.span, Quoted(child.text) + " is a reserved word",
          "To use it as a name, write it in back-ticks.");
  }
}

Expression Transform::ToCall(std::string name, Span name_span, P::CallArgumentsContext* context,
                             size_t depth) const {
  const Span arguments = SpanOf(context);
  if (context->orderBy() != nullptr || context->SEPARATOR() != nullptr) {
    const Span span = {name_span.begin, arguments.end};
    return MakeVerbatim(
        context->orderBy() != nullptr ? "ORDER BY in a call" : "SEPARATOR in a call",
        std::string(places.Text(span)), span);
  }
  Expression call = MakeCall(std::move(name), name_span, {name_span.begin, arguments.end}, {});
  for (P::ArgumentContext* argument : context->argument()) {
    call.children.push_back(ToArgument(argument, depth + 1));
  }
  if (TakesUnit(call.text) && !call.children.empty()) {
    Expression& unit = call.children[0];
    if (unit.kind == ExpressionKind::kColumn && unit.qualifier.empty()) {
      unit = MakeSymbol(ToUpper(unit.text), unit.span);
    }
    if (unit.kind != ExpressionKind::kSymbol) {
      Error(unit.span, call.text + " takes a unit first",
            fmt::format("Write {}(DAY, ...).", call.text));
    }
  }
  CheckSymbols(call);
  if (context->STAR() != nullptr || context->quantifier() != nullptr) {
    CallDetails details;
    details.star = context->STAR() != nullptr;
    if (context->quantifier() != nullptr) details.quantifier = Words(context->quantifier());
    details.span = details.star ? SpanOf(context->STAR()) : SpanOf(context->quantifier());
    call.details = std::make_shared<const CallDetails>(std::move(details));
  }
  AddTail(context->callTail(), &call, depth);
  return call;
}

// The functions with a syntax of their own.
Expression Transform::ToSpecialCall(P::OperandContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span word = SpanOf(context->getStart());
  const std::string name = ToUpper(places.Text(word));
  if (auto* call = dynamic_cast<P::ReservedCallContext*>(context)) {
    if (call->reservedFunction()->looseFunction() != nullptr) {
      Ours(word, fmt::format("{} as the name of a function", name));
    }
    return ToCall(name, word, call->callArguments(), depth);
  }
  if (auto* transcoding = dynamic_cast<P::TranscodingContext*>(context)) {
    if (transcoding->USING() != nullptr) {
      return MakeVerbatim(name + " with USING", TextOf(context), span);
    }
    return MakeCall(name, word, span, ToExpressions(transcoding->expression(), depth));
  }
  if (dynamic_cast<P::SequenceContext*>(context) != nullptr) {
    return MakeVerbatim(name + " VALUE FOR", TextOf(context), span);
  }
  if (dynamic_cast<P::EscapeContext*>(context) != nullptr) {
    return MakeVerbatim("an escape of JDBC", TextOf(context), span);
  }
  if (dynamic_cast<P::DefaultValueContext*>(context) != nullptr) {
    return MakeVerbatim("DEFAULT", name, span);
  }
  if (auto* json = dynamic_cast<P::JsonContext*>(context)) return ToJsonCall(json, depth);
  if (auto* extract = dynamic_cast<P::ExtractContext*>(context)) {
    return MakeCall(name, word, span,
                    ListOf(MakeSymbol(ToUnit(extract->timeUnit()), SpanOf(extract->timeUnit())),
                           ToExpression(extract->expression(), depth)));
  }
  if (auto* round = dynamic_cast<P::RoundContext*>(context)) {
    std::vector<Expression> children = ListOf(ToExpression(round->expression(), depth));
    if (round->timeUnit() != nullptr) {
      children.push_back(MakeSymbol(ToUnit(round->timeUnit()), SpanOf(round->timeUnit())));
    }
    Expression call = MakeCall(name, word, span, std::move(children));
    AddTail(round->callTail(), &call, depth);
    return call;
  }
  if (auto* substring = dynamic_cast<P::SubstringContext*>(context)) {
    return MakeCall(name, word, span, ToExpressions(substring->expression(), depth));
  }
  if (auto* trim = dynamic_cast<P::TrimContext*>(context)) return ToTrim(*this, trim, depth);
  if (auto* position = dynamic_cast<P::PositionContext*>(context)) {
    return MakeCall(name, word, span, ToValues(*this, position->valueExpression(), depth));
  }
  if (auto* overlay = dynamic_cast<P::OverlayContext*>(context)) {
    return MakeCall(name, word, span, ToValues(*this, overlay->valueExpression(), depth));
  }
  if (auto* collected = dynamic_cast<P::CollectedQueryContext*>(context)) {
    return MakeSubquery(name, span, ToQuery(collected->query()));
  }
  auto* variable = dynamic_cast<P::VariableContext*>(context);
  Expression call = MakeCall(name, word, span, {});
  if (variable->INTEGER() != nullptr) {
    Expression precision;
    precision.literal = LiteralKind::kInteger;
    precision.text = variable->INTEGER()->getText();
    precision.span = precision.text_span = SpanOf(variable->INTEGER());
    call.children.push_back(std::move(precision));
  }
  return call;
}

}  // namespace millrace::sql
