// Operands of Flink's grammar that are parsed and, except for a few of them, never run.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// {d '2020-01-31'}, {t '12:00:00'} and {ts '...'} are literals; {fn ...} is kept.
Expression ToEscape(const Transform& transform, P::EscapeContext* context) {
  const Span span = transform.SpanOf(context);
  const std::string word = ToUpper(transform.TextOf(context->callableName()));
  const std::vector<P::EscapePartContext*> parts = context->escapePart();
  antlr4::tree::TerminalNode* text = parts.size() == 1 ? parts[0]->getToken(P::STRING, 0) : nullptr;
  if (text == nullptr || (word != "D" && word != "T" && word != "TS")) {
    return MakeVerbatim("JDBC escapes", transform.TextOf(context), span);
  }
  const LiteralKind kind = word == "D"   ? LiteralKind::kDate
                           : word == "T" ? LiteralKind::kTime
                                         : LiteralKind::kTimestamp;
  return MakeLiteral(kind, transform.Unquote(text), span);
}

// ARRAY(SELECT ...), ARRAY(1, 2), ARRAY().
Expression ToCollection(const Transform& transform, P::CollectedListContext* context,
                        size_t depth) {
  const Span span = transform.SpanOf(context);
  const std::string name = ToUpper(context->getStart()->getText());
  if (context->listOrQuery() != nullptr) {
    Expression inside = transform.ToParenthesis(context->listOrQuery(), depth);
    if (inside.kind == ExpressionKind::kSubquery && inside.text.empty()) {
      inside.text = name;
      inside.span = inside.text_span = span;
      return inside;
    }
  }
  return MakeVerbatim(name + "(...)", transform.TextOf(context), span);
}

Expression ToSubquery(const Transform& transform, P::ExistsContext* context) {
  const Span span = transform.SpanOf(context);
  if (context->UNIQUE() != nullptr) {
    return MakeVerbatim("UNIQUE", transform.TextOf(context), span);
  }
  Expression expression = MakeSubquery("EXISTS", span, transform.ToQuery(context->query()));
  expression.text_span = transform.SpanOf(context->getStart());
  return expression;
}

}  // namespace

std::optional<Expression> Transform::ToUnsupportedOperand(P::OperandContext* context,
                                                          size_t depth) const {
  const Span span = SpanOf(context);
  if (auto* exists = dynamic_cast<P::ExistsContext*>(context)) return ToSubquery(*this, exists);
  if (auto* escape = dynamic_cast<P::EscapeContext*>(context)) return ToEscape(*this, escape);
  if (auto* list = dynamic_cast<P::CollectedListContext*>(context)) {
    return ToCollection(*this, list, depth);
  }
  if (auto* modified = dynamic_cast<P::ModifiedCallContext*>(context)) {
    return MakeVerbatim(ToUpper(modified->getStart()->getText()), TextOf(context), span);
  }
  if (dynamic_cast<P::ConversionContext*>(context) != nullptr) {
    return MakeVerbatim("CONVERT to a type", TextOf(context), span);
  }
  if (dynamic_cast<P::SequenceContext*>(context) != nullptr) {
    return MakeVerbatim(ToUpper(context->getStart()->getText()) + " VALUE FOR", TextOf(context),
                        span);
  }
  if (dynamic_cast<P::DefaultValueContext*>(context) != nullptr) {
    return MakeVerbatim("DEFAULT", "DEFAULT", span);
  }
  if (dynamic_cast<P::ParameterContext*>(context) != nullptr) {
    RejectParameter(span);
    return MakeVerbatim("parameters", "?", span);
  }
  if (dynamic_cast<P::CursorContext*>(context) != nullptr) {
    return MakeVerbatim("CURSOR", TextOf(context), span);
  }
  return std::nullopt;
}

Expression Transform::ToDifference(P::ParenthesisContext* context, size_t depth) const {
  Expression inside = ToParenthesis(context->listOrQuery(), depth);
  P::DifferenceUnitContext* unit = context->differenceUnit();
  if (unit == nullptr) return inside;
  const bool difference =
      inside.kind == ExpressionKind::kCall && inside.text == "-" && inside.children.size() == 2;
  if (!difference) {
    const std::string word = TextOf(unit->reservedUnit(0));
    SyntaxError(SpanOf(unit),
                fmt::format("{} is a time unit, which can only follow a difference", Quoted(word)),
                fmt::format("To use it as a name, write `{}`.", word));
  }
  return MakeVerbatim("differences in a unit", TextOf(context), SpanOf(context));
}

Expression Transform::ToFormat(P::FormatJsonContext* context, Expression left, Span span) const {
  const Span words = {SpanOf(context).begin, SpanOf(context->JSON()).end};
  if (context->ENCODING() == nullptr) {
    return MakeCall("FORMAT JSON", words, span, ListOf(std::move(left)));
  }
  const std::string encoding = ToUpper(TextOf(context->identifier()));
  if (encoding != "UTF8" && encoding != "UTF16" && encoding != "UTF32") {
    SyntaxError(SpanOf(context->identifier()),
                fmt::format("{} is not a JSON encoding", Quoted(TextOf(context->identifier()))),
                "The encodings are UTF8, UTF16 and UTF32.");
  }
  return MakeVerbatim("FORMAT JSON with ENCODING", fmt::format("({})", source.Text(span)), span);
}

std::string Transform::ToFrame(P::TimeFrameContext* context) const {
  constexpr std::array<std::string_view, 7> kDays = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                                     "FRIDAY", "SATURDAY", "SUNDAY"};
  std::string unit = ToUnit(context->timeUnit());
  if (context->identifier() == nullptr) return unit;
  const std::string day = ToUpper(TextOf(context->identifier()));
  if (unit != "WEEK" || std::find(kDays.begin(), kDays.end(), day) == kDays.end()) {
    SyntaxError(SpanOf(context), fmt::format("{} is not a time unit", Quoted(TextOf(context))),
                "Only WEEK takes a day: WEEK(MONDAY).");
  }
  return fmt::format("{}({})", unit, day);
}

}  // namespace millrace::sql
