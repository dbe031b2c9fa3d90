#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// TIMESTAMPADD(DAY, ...): the first argument is a time unit, even if it looks like a column.
bool TakesUnit(std::string_view name) { return name == "TIMESTAMPADD" || name == "TIMESTAMPDIFF"; }

// DATE_TRUNC(d, DAY): the last argument is a time unit. Flink parses such calls, but has no such
// functions.
bool EndsWithUnit(std::string_view name) {
  constexpr std::array<std::string_view, 8> kNames = {
      "DATE_DIFF",  "DATETIME_DIFF",  "TIMESTAMP_DIFF",  "TIME_DIFF",
      "DATE_TRUNC", "DATETIME_TRUNC", "TIMESTAMP_TRUNC", "TIME_TRUNC"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// DAY or WEEK(MONDAY) where a time unit is expected.
Expression AsUnit(Expression argument) {
  const auto plain = [](const Expression& expression) {
    return expression.kind == ExpressionKind::kColumn && expression.qualifier.empty();
  };
  if (plain(argument)) return MakeSymbol(ToUpper(argument.text), argument.span);
  const bool week = argument.kind == ExpressionKind::kCall && argument.text == "WEEK" &&
                    argument.details == nullptr && argument.children.size() == 1;
  if (!week || !plain(argument.children[0])) return argument;
  return MakeSymbol(fmt::format("WEEK({})", ToUpper(argument.children[0].text)), argument.span);
}

Expression ToTableArgument(const Transform& transform, P::ArgumentValueContext* context) {
  const Span span = transform.SpanOf(context);
  if (context->partitionOfTable() != nullptr || context->orderOfTable() != nullptr) {
    return MakeVerbatim("partitioned table arguments", transform.TextOf(context), span);
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
  const char* never = context->MODEL() != nullptr              ? "model arguments"
                      : context->partitionOfTable() != nullptr ? "partitioned table arguments"
                                                               : nullptr;
  if (never != nullptr) return MakeVerbatim(never, transform.TextOf(context), span);
  if (context->expression() != nullptr) {
    return transform.ToExpression(context->expression(), depth + 1);
  }
  return MakeSymbol(ToUpper(transform.TextOf(context)), span);  // DAY
}

Expression ToTrim(const Transform& transform, P::TrimContext* context, size_t depth) {
  const std::string_view name = Has(context, P::LEADING)    ? "TRIM LEADING"
                                : Has(context, P::TRAILING) ? "TRIM TRAILING"
                                                            : "TRIM";
  if (context->COMMA() != nullptr) {
    transform.RequireExtension(transform.SpanOf(context), "TRIM with a comma",
                               "Write TRIM('x' FROM s), or BTRIM(s, 'x').");
  }
  std::vector<Expression> children = transform.ToExpressions(context->expression(), depth);
  // TRIM(characters FROM s), but TRIM(s, characters).
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

// `value`, or name => value.
Expression WithName(const Transform& transform, P::IdentifierContext* context, Expression value) {
  if (context == nullptr) return value;
  const Name name = transform.ToName(context);
  Expression named;
  named.kind = ExpressionKind::kNamedArgument;
  named.text = name.text;
  named.text_span = name.span;
  named.span = {name.span.begin, value.span.end};
  named.children = ListOf(std::move(value));
  return named;
}

// One name, literal or call: all that Flink accepts before IN in POSITION.
bool IsAtom(P::ValueExpressionContext* context) {
  auto* value = dynamic_cast<P::PrimaryValueContext*>(context);
  if (value == nullptr) return false;
  P::PrimaryExpressionContext* primary = value->primaryExpression();
  if (!primary->field().empty() || !primary->subscript().empty()) return false;
  return dynamic_cast<P::ParenthesisContext*>(primary->operand()) == nullptr;
}

Expression ToPosition(const Transform& transform, P::PositionContext* context, size_t depth) {
  const std::vector<P::ValueExpressionContext*> parts = context->valueExpression();
  if (!IsAtom(parts[0])) {
    transform.RequireExtension(transform.SpanOf(parts[0]), "an operator or parenthesis before IN",
                               "Write LOCATE(part, s).");
  }
  return MakeCall("POSITION", transform.SpanOf(context->getStart()), transform.SpanOf(context),
                  ToValues(transform, parts, depth));
}

Expression ToOverlay(const Transform& transform, P::OverlayContext* context, size_t depth) {
  if (context->PLACING() == nullptr) {
    transform.RequireExtension(transform.SpanOf(context), "OVERLAY with commas",
                               "Write OVERLAY(s PLACING part FROM 1).");
  }
  return MakeCall("OVERLAY", transform.SpanOf(context->getStart()), transform.SpanOf(context),
                  ToValues(transform, context->valueExpression(), depth));
}

// CURRENT_DATE, CURRENT_DATE(), LOCALTIMESTAMP(3).
Expression ToVariable(const Transform& transform, P::VariableContext* context, size_t depth) {
  const Span word = transform.SpanOf(context->contextVariable());
  const std::string name = ToUpper(transform.source.Text(word));
  P::CallArgumentsContext* arguments = context->callArguments();
  if (arguments == nullptr) return MakeCall(name, word, word, {});
  return transform.ToCall(name, word, arguments, depth);
}

}  // namespace

Expression Transform::ToArgument(P::ArgumentContext* context, size_t depth) const {
  Expression value = ToArgumentValue(*this, context->argumentValue(), depth);
  return WithName(*this, context->identifier(), std::move(value));
}

std::vector<Expression> Transform::ToArguments(P::QueryArgumentContext* query,
                                               const std::vector<P::ArgumentContext*>& others,
                                               size_t depth) const {
  std::vector<Expression> arguments;
  if (query != nullptr) {
    P::OpenQueryContext* open = query->openQuery();
    Expression value = MakeSubquery("", SpanOf(open), ToQuery(open));
    if (query->partitionOfTable() != nullptr) {
      const Span span = {SpanOf(open).begin, SpanOf(query->partitionOfTable()).end};
      value = MakeVerbatim("partitioned table arguments", std::string(source.Text(span)), span);
    }
    arguments.push_back(WithName(*this, query->identifier(), std::move(value)));
  }
  for (P::ArgumentContext* argument : query != nullptr ? query->argument() : others) {
    arguments.push_back(ToArgument(argument, depth));
  }
  return arguments;
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
  if (context->withinDistinct() != nullptr) {
    *call = MakeVerbatim("WITHIN DISTINCT", std::string(source.Text(call->span)), call->span);
  }
}

void Transform::ResolveSymbols(Expression* call) const {
  if (TakesUnit(call->text) && !call->children.empty()) {
    Expression& unit = call->children[0];
    unit = AsUnit(std::move(unit));
    if (unit.kind != ExpressionKind::kSymbol) {
      SyntaxError(unit.span,
                  fmt::format("the first argument of {} must be a time unit", call->text),
                  fmt::format("Write {}(DAY, ...).", call->text));
    }
  }
  const size_t unit_at = TakesUnit(call->text)      ? 0
                         : EndsWithUnit(call->text) ? call->children.size() - 1
                                                    : call->children.size();
  for (size_t i = 0; i < call->children.size(); ++i) {
    const Expression& child = call->children[i];
    if (i == unit_at) continue;
    if (child.kind != ExpressionKind::kSymbol) continue;
    SyntaxError(child.span, Quoted(child.text) + " is a reserved word",
                "To use it as a name, put it in backticks.");
  }
}

Expression Transform::ToCall(std::string name, Span name_span, P::CallArgumentsContext* context,
                             size_t depth) const {
  const Span arguments = SpanOf(context);
  if (context->orderBy() != nullptr || context->SEPARATOR() != nullptr) {
    const Span span = {name_span.begin, arguments.end};
    return MakeVerbatim(
        context->orderBy() != nullptr ? "ORDER BY in a call" : "SEPARATOR in a call",
        std::string(source.Text(span)), span);
  }
  Expression call = MakeCall(std::move(name), name_span, {name_span.begin, arguments.end}, {});
  call.children = ToArguments(context->queryArgument(), context->argument(), depth + 1);
  ResolveSymbols(&call);
  if (context->STAR() != nullptr || context->quantifier() != nullptr ||
      context->nullTreatment() != nullptr) {
    CallDetails details;
    details.star = context->STAR() != nullptr;
    if (context->quantifier() != nullptr) details.quantifier = Words(context->quantifier());
    if (context->nullTreatment() != nullptr) details.nulls = Words(context->nullTreatment());
    details.span = details.star                       ? SpanOf(context->STAR())
                   : context->quantifier() != nullptr ? SpanOf(context->quantifier())
                                                      : SpanOf(context->nullTreatment());
    call.details = std::make_shared<const CallDetails>(std::move(details));
  }
  AddTail(context->callTail(), &call, depth);
  return call;
}

// The functions with a syntax of their own.
Expression Transform::ToSpecialCall(P::OperandContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  const Span word = SpanOf(context->getStart());
  const std::string name = ToUpper(source.Text(word));
  if (auto* call = dynamic_cast<P::ReservedCallContext*>(context)) {
    if (call->reservedFunction()->looseFunction() != nullptr) {
      RequireExtension(word, fmt::format("{} as a function name", name));
    }
    return ToCall(name, word, call->callArguments(), depth);
  }
  if (auto* transcoding = dynamic_cast<P::TranscodingContext*>(context)) {
    if (transcoding->USING() != nullptr) {
      return MakeVerbatim(name + " with USING", TextOf(context), span);
    }
    return MakeCall(name, word, span, ToExpressions(transcoding->expression(), depth));
  }
  if (auto* json = dynamic_cast<P::JsonContext*>(context)) return ToJsonCall(json, depth);
  if (auto* extract = dynamic_cast<P::ExtractContext*>(context)) {
    return MakeCall(name, word, span,
                    ListOf(MakeSymbol(ToFrame(extract->timeFrame()), SpanOf(extract->timeFrame())),
                           ToExpression(extract->expression(), depth)));
  }
  if (auto* round = dynamic_cast<P::RoundContext*>(context)) {
    std::vector<Expression> children = ListOf(ToExpression(round->expression(), depth));
    if (round->timeFrame() != nullptr) {
      children.push_back(MakeSymbol(ToFrame(round->timeFrame()), SpanOf(round->timeFrame())));
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
    return ToPosition(*this, position, depth);
  }
  if (auto* overlay = dynamic_cast<P::OverlayContext*>(context)) {
    return ToOverlay(*this, overlay, depth);
  }
  if (auto* collected = dynamic_cast<P::CollectedQueryContext*>(context)) {
    return MakeSubquery(name, span, ToQuery(collected->query()));
  }
  return ToVariable(*this, dynamic_cast<P::VariableContext*>(context), depth);
}

}  // namespace millrace::sql
