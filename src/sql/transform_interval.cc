// INTERVAL and its units.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

constexpr std::array<std::string_view, 8> kUnits = {"YEAR", "QUARTER", "MONTH",  "WEEK",
                                                    "DAY",  "HOUR",    "MINUTE", "SECOND"};

}  // namespace

std::string Transform::ToUnit(P::TimeUnitContext* context, bool plural) const {
  std::string unit = ToUpper(TextOf(context));
  for (const std::string_view known : kUnits) {
    const bool one_more = unit.size() == known.size() + 1 && unit.ends_with('S');
    if (plural && one_more && unit.starts_with(known)) unit.pop_back();
  }
  return unit;
}

Interval Transform::ToInterval(P::IntervalQualifierContext* context) const {
  Interval interval;
  interval.from = ToUnit(context->from, true);
  if (context->to != nullptr) interval.to = ToUnit(context->to, true);
  size_t from_numbers = 0;  // those before TO
  for (antlr4::tree::TerminalNode* node : context->INTEGER()) {
    const bool after_to =
        context->TO() != nullptr && SpanOf(node).begin > SpanOf(context->TO()).begin;
    if (after_to || from_numbers++ > 0) {
      if ((after_to ? interval.to : interval.from) != "SECOND") {
        RequireExtension(SpanOf(node),
                         after_to ? fmt::format("a precision after TO {}", interval.to)
                                  : fmt::format("a second number after {}", interval.from),
                         "Only SECOND takes one.");
      }
      interval.fraction_precision = ToNumber(node);
    } else {
      interval.precision = ToNumber(node);
    }
  }
  for (P::TimeUnitContext* unit : context->timeUnit()) {
    const std::string word = ToUnit(unit, true);
    if (std::find(kUnits.begin(), kUnits.end(), word) == kUnits.end()) {
      SyntaxError(SpanOf(unit), fmt::format("{} is not an interval unit", Quoted(TextOf(unit))),
                  "The units are YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE and SECOND.");
      return interval;
    }
  }
  return interval;
}

Expression Transform::ToIntervalOf(P::IntervalOfValueContext* context, size_t depth) const {
  const Span span = SpanOf(context);
  P::IntervalQualifierContext* qualifier = context->intervalQualifier();
  Interval interval = ToInterval(qualifier);
  if (qualifier->TO() != nullptr) {
    SyntaxError(SpanOf(qualifier),
                "INTERVAL with a value that is not a string literal takes one unit",
                "Put the value in single quotes, as in INTERVAL '1-6' YEAR TO MONTH.");
  }
  const bool negative = context->MINUS() != nullptr;
  Expression unit = MakeLiteral(LiteralKind::kInterval, "1", span);
  unit.interval = std::move(interval);
  Expression value;
  if (P::NumberContext* number = context->number()) {
    const std::string digits = number->getText();
    if (number->INTEGER() != nullptr) {
      unit.text = (negative ? "-" : "") + digits;
      return unit;
    }
    value = MakeLiteral(
        number->DOUBLE_VALUE() != nullptr ? LiteralKind::kDouble : LiteralKind::kDecimal, digits,
        SpanOf(number));
  } else if (context->objectName() != nullptr) {
    value = MakeColumn(ToNames(context->objectName()->identifier()), SpanOf(context->objectName()));
  } else {
    value = ToExpression(context->expression(), depth + 1);
  }
  if (negative) {
    const Span sign = SpanOf(context->MINUS());
    const Span whole = {sign.begin, value.span.end};
    value = IsNumber(value) ? Negative(std::move(value), whole)
                            : MakeCall("-", sign, whole, ListOf(std::move(value)));
  }
  return MakeCall("*", SpanOf(context->INTERVAL()), span,
                  ListOf(std::move(value), std::move(unit)));
}

}  // namespace millrace::sql
