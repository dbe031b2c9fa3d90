#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/quote.h"
#include "base/units.h"
#include "base/utf8.h"
#include "sql/keywords.h"
#include "sql/transform.h"
#include "sql/unparse.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

constexpr size_t kObjectNamePartsMax = 3;

std::string Undouble(std::string_view text, char quote) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == quote) ++i;
  }
  return result;
}

// The character that two surrogates stand for; nothing if the second is none.
std::optional<uint32_t> Joined(uint32_t high, std::optional<uint32_t> low) {
  if (!low || !IsLowSurrogate(*low)) return std::nullopt;
  return 0x10000 + ((high - 0xD800) << 10) + (*low - 0xDC00);
}

// The code unit of four hexadecimal digits at `at`, or nothing.
std::optional<uint32_t> CodeUnit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t unit = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexValue(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<uint32_t>(digit);
  }
  return unit;
}

// \0041 -> A, with `escape` instead of the backslash; two of them are one. Surrogate pairs join.
// Nothing if an escape is broken.
std::optional<std::string> Decode(std::string_view text, std::string_view escape) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (!text.substr(at).starts_with(escape)) {
      result += text[at++];
      continue;
    }
    at += escape.size();
    if (text.substr(at).starts_with(escape)) {
      result += escape;
      at += escape.size();
      continue;
    }
    std::optional<uint32_t> code = CodeUnit(text, at);
    if (!code || IsLowSurrogate(*code)) return std::nullopt;
    at += 4;
    if (IsHighSurrogate(*code)) {
      if (!text.substr(at).starts_with(escape)) return std::nullopt;
      code = Joined(*code, CodeUnit(text, at + escape.size()));
      if (!code) return std::nullopt;
      at += escape.size() + 4;
    }
    AppendUtf8(*code, &result);
  }
  return result;
}

// What stands for the character `c` behind a backslash.
char ControlCharacter(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

// The number of at most `digits_max` digits to the base 2^`bits` at `*at`, which moves behind it.
std::optional<uint32_t> TakeCode(std::string_view text, int bits, size_t digits_max, size_t* at) {
  const size_t from = *at;
  uint32_t code = 0;
  for (; *at < text.size() && *at - from < digits_max; ++*at) {
    const int digit = HexValue(text[*at]);
    if (digit < 0 || digit >= 1 << bits) break;
    code = (code << bits) + static_cast<uint32_t>(digit);
  }
  return *at > from ? std::optional(code) : std::nullopt;
}

// A character as \u0041 or \U00000041 at `*at`, or as two such surrogates.
std::optional<uint32_t> TakeCharacter(std::string_view text, size_t* at) {
  const auto take = [&]() -> std::optional<uint32_t> {
    if (*at + 1 >= text.size() || text[*at] != '\\') return std::nullopt;
    const size_t digits = text[*at + 1] == 'u' ? 4 : 8;
    if (digits == 8 && text[*at + 1] != 'U') return std::nullopt;
    *at += 2;
    const size_t end = *at + digits;
    const std::optional<uint32_t> code = TakeCode(text, 4, digits, at);
    return *at == end ? code : std::nullopt;
  };
  const std::optional<uint32_t> code = take();
  if (!code || *code > 0x10FFFF || IsLowSurrogate(*code)) return std::nullopt;
  return IsHighSurrogate(*code) ? Joined(*code, take()) : code;
}

// The inside of E'...': escapes with a backslash as in C, and '' for a quote. Nothing if an escape
// is broken.
std::optional<std::string> DecodeEscapes(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      at += text[at] == '\'' ? 2 : 1;
      continue;
    }
    const char c = text[at + 1];
    if (c == 'u' || c == 'U') {
      const std::optional<uint32_t> code = TakeCharacter(text, &at);
      if (!code) return std::nullopt;
      AppendUtf8(*code, &result);
      continue;
    }
    const bool hexadecimal = c == 'x';
    at += hexadecimal ? 2 : 1;
    const std::optional<uint32_t> code =
        hexadecimal ? TakeCode(text, 4, 2, &at) : TakeCode(text, 3, 3, &at);
    if (code) {
      AppendUtf8(*code, &result);
    } else if (hexadecimal) {
      result += c;
    } else {
      result += ControlCharacter(text[at++]);
    }
  }
  return result;
}

// Texts that stand behind each other are one, but only across a line break.
void CheckLineBreaks(const Transform& transform, const std::vector<Span>& spans) {
  for (size_t i = 1; i < spans.size(); ++i) {
    const std::string_view between = transform.places.Text({spans[i - 1].end, spans[i].begin});
    if (between.find_first_of("\r\n") != std::string_view::npos) continue;
    transform.Error(spans[i], "two texts behind each other on one line",
                    "Join them with ||, or write the second one on a line of its own.");
    return;
  }
}

Expression Literal(LiteralKind kind, std::string text, Span span) {
  Expression expression;
  expression.literal = kind;
  expression.text = std::move(text);
  expression.span = expression.text_span = span;
  return expression;
}

std::string BinaryDigits(const Transform& transform, P::BinaryLiteralContext* context) {
  const Span span = transform.SpanOf(context->BINARY_STRING());
  std::string digits(transform.places.Text({span.begin + 2, span.end - 1}));
  std::vector<Span> spans = {span};
  for (antlr4::tree::TerminalNode* node : context->STRING()) {
    digits += transform.Unquote(node);
    spans.push_back(transform.SpanOf(node));
  }
  CheckLineBreaks(transform, spans);
  digits = ToUpper(digits);
  if (digits.find_first_not_of("0123456789ABCDEF") != std::string::npos) {
    transform.Error(transform.SpanOf(context), "a binary literal holds hexadecimal digits only",
                    "Write bytes as in x'0AFF'.");
  } else if (digits.size() % 2 != 0) {
    transform.Error(transform.SpanOf(context),
                    "a binary literal needs an even number of hexadecimal digits");
  }
  return digits;
}

// DECIMAL '-1.5' is -1.5.
Expression QuotedDecimal(const Transform& transform, P::QuotedDecimalLiteralContext* context) {
  const Span span = transform.SpanOf(context);
  std::string digits = transform.Unquote(context->STRING());
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.erase(0, 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto count = std::count_if(digits.begin(), digits.end(), is_digit);
  const auto points = std::count(digits.begin(), digits.end(), '.');
  if (count == 0 || points > 1 || count + points != static_cast<ptrdiff_t>(digits.size())) {
    transform.Error(transform.SpanOf(context->STRING()), "this text is not a decimal number",
                    "Write it as in DECIMAL '1.5'.");
  }
  Expression number =
      Literal(points > 0 ? LiteralKind::kDecimal : LiteralKind::kInteger, digits, span);
  if (!negative) return number;
  return MakeCall("-", span, span, ListOf(std::move(number)));
}

Name NameOf(const Transform& transform, P::CallableNameContext* name, Span span) {
  const std::string_view text = transform.places.Text(span);
  if (name == nullptr) return {std::string(text), span};
  if (name->BACKQUOTED() != nullptr) return {Undouble(text.substr(1, text.size() - 2), '`'), span};
  if (name->UNICODE_NAME() == nullptr) return {std::string(text), span};
  const std::string_view quoted = transform.places.Text(transform.SpanOf(name->UNICODE_NAME()));
  const std::string inside = Undouble(quoted.substr(3, quoted.size() - 4), '"');
  return {transform.DecodeUnicode(inside, name->STRING(), span), span};
}

}  // namespace

std::string Transform::Unquote(antlr4::tree::TerminalNode* node) const {
  const std::string_view quoted = places.Text(SpanOf(node));
  return Undouble(quoted.substr(1, quoted.size() - 2), '\'');
}

int64_t Transform::ToNumber(antlr4::tree::TerminalNode* node) const {
  const std::optional<int64_t> value = ParseInteger(node->getText());
  if (!value) Error(SpanOf(node), "this number is too large");
  return value.value_or(0);
}

int64_t Transform::ToCount(P::NumberContext* context, std::string_view word) const {
  if (context->INTEGER() != nullptr) return ToNumber(context->INTEGER());
  Error(SpanOf(context), fmt::format("{} takes a whole number", word));
  return 0;
}

std::string Transform::DecodeUnicode(const std::string& text, antlr4::tree::TerminalNode* uescape,
                                     Span span) const {
  const std::string escape = uescape == nullptr ? "\\" : Unquote(uescape);
  if (escape.size() != 1 || HexValue(escape[0]) >= 0 || escape == "+" || escape == " ") {
    Error(SpanOf(uescape), "UESCAPE takes one character that is no hexadecimal digit");
    return text;
  }
  const std::optional<std::string> decoded = Decode(text, escape);
  if (!decoded) {
    Error(span, "a broken escape in a Unicode text",
          fmt::format("Write a character as {0} and four hexadecimal digits, {0} itself as {0}{0}.",
                      escape));
  }
  return decoded.value_or("");
}

std::string Transform::ToText(P::TextContext* context) const {
  const Span first = SpanOf(context->getStart());
  const std::string_view written = places.Text(first);
  const size_t quote = written.find('\'');
  if (context->ESCAPED_STRING() != nullptr) {
    const auto text = DecodeEscapes(written.substr(quote + 1, written.size() - quote - 2));
    if (!text) {
      Error(first, "a broken escape in a text",
            "Write a character as \\u and four hexadecimal digits, or \\U and eight.");
    }
    return text.value_or("");
  }
  std::string text = Undouble(written.substr(quote + 1, written.size() - quote - 2), '\'');
  std::vector<Span> spans = {first};
  std::vector<antlr4::tree::TerminalNode*> nodes = context->STRING();
  antlr4::tree::TerminalNode* escape = nullptr;
  if (context->UESCAPE() != nullptr) {
    escape = nodes.back();
    nodes.pop_back();
  }
  for (antlr4::tree::TerminalNode* node : nodes) {
    if (node->getSymbol() == context->getStart()) continue;
    text += Unquote(node);
    spans.push_back(SpanOf(node));
  }
  CheckLineBreaks(*this, spans);
  if (context->UNICODE_STRING() == nullptr) return text;
  return DecodeUnicode(text, escape, first);
}

std::string Transform::ToUnit(P::TimeUnitContext* context, bool plural) const {
  constexpr std::array<std::string_view, 8> kUnits = {"YEAR", "QUARTER", "MONTH",  "WEEK",
                                                      "DAY",  "HOUR",    "MINUTE", "SECOND"};
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
  size_t from_numbers = 0;  // those that stand before TO
  for (antlr4::tree::TerminalNode* node : context->INTEGER()) {
    const bool behind =
        context->TO() != nullptr && SpanOf(node).begin > SpanOf(context->TO()).begin;
    if (behind || from_numbers++ > 0) {
      if ((behind ? interval.to : interval.from) != "SECOND") {
        Ours(SpanOf(node),
             behind ? fmt::format("a precision behind TO {}", interval.to)
                    : fmt::format("a second number behind {}", interval.from),
             "Only SECOND takes one there.");
      }
      interval.fraction_precision = ToNumber(node);
    } else {
      interval.precision = ToNumber(node);
    }
  }
  constexpr std::array<std::string_view, 8> kUnits = {"YEAR", "QUARTER", "MONTH",  "WEEK",
                                                      "DAY",  "HOUR",    "MINUTE", "SECOND"};
  for (P::TimeUnitContext* unit : context->timeUnit()) {
    const std::string word = ToUnit(unit, true);
    if (std::find(kUnits.begin(), kUnits.end(), word) == kUnits.end()) {
      Error(SpanOf(unit), fmt::format("{} is not a unit of an interval", Quoted(TextOf(unit))),
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
    Error(SpanOf(qualifier), "INTERVAL with a value that is no text takes one unit",
          "Put the value into single quotes, as in INTERVAL '1-6' YEAR TO MONTH.");
  }
  const bool negative = context->MINUS() != nullptr;
  Expression unit = Literal(LiteralKind::kInterval, "1", span);
  unit.interval = std::move(interval);
  Expression value;
  if (P::NumberContext* number = context->number()) {
    const std::string digits = number->getText();
    if (number->INTEGER() != nullptr) {
      unit.text = (negative ? "-" : "") + digits;
      return unit;
    }
    value =
        Literal(number->DOUBLE_VALUE() != nullptr ? LiteralKind::kDouble : LiteralKind::kDecimal,
                digits, SpanOf(number));
  } else if (context->objectName() != nullptr) {
    value = MakeColumn(ToNames(context->objectName()->identifier()), SpanOf(context->objectName()));
  } else {
    value = ToExpression(context->expression(), depth + 1);
  }
  if (negative) {
    const Span sign = SpanOf(context->MINUS());
    value = MakeCall("-", sign, {sign.begin, value.span.end}, ListOf(std::move(value)));
  }
  return MakeCall("*", SpanOf(context->INTERVAL()), span,
                  ListOf(std::move(value), std::move(unit)));
}

Expression Transform::ToLiteral(P::LiteralContext* context) const {
  const Span span = SpanOf(context);
  if (auto* text = dynamic_cast<P::StringLiteralContext*>(context)) {
    return Literal(LiteralKind::kString, ToText(text->text()), span);
  }
  if (auto* binary = dynamic_cast<P::BinaryLiteralContext*>(context)) {
    return Literal(LiteralKind::kBinary, BinaryDigits(*this, binary), span);
  }
  if (auto* temporal = dynamic_cast<P::TemporalLiteralContext*>(context)) {
    const LiteralKind kind = temporal->DATE() != nullptr   ? LiteralKind::kDate
                             : temporal->TIME() != nullptr ? LiteralKind::kTime
                                                           : LiteralKind::kTimestamp;
    return Literal(kind, Unquote(temporal->STRING()), span);
  }
  if (dynamic_cast<P::ZonedLiteralContext*>(context) != nullptr) {
    return MakeVerbatim("a literal TIMESTAMP WITH LOCAL TIME ZONE", TextOf(context), span);
  }
  if (auto* decimal = dynamic_cast<P::QuotedDecimalLiteralContext*>(context)) {
    return QuotedDecimal(*this, decimal);
  }
  if (auto* node = dynamic_cast<P::IntervalLiteralContext*>(context)) {
    P::IntervalContext* interval = node->interval();
    Expression expression = Literal(LiteralKind::kInterval, Unquote(interval->STRING()), span);
    if (interval->MINUS() != nullptr) {
      const bool negative = expression.text.starts_with('-');
      expression.text = negative ? expression.text.substr(1) : "-" + expression.text;
    }
    expression.interval = ToInterval(interval->intervalQualifier());
    return expression;
  }
  const std::string word = ToUpper(context->getText());
  if (dynamic_cast<P::IntegerLiteralContext*>(context) != nullptr) {
    return Literal(LiteralKind::kInteger, word, span);
  }
  if (dynamic_cast<P::DecimalLiteralContext*>(context) != nullptr) {
    return Literal(LiteralKind::kDecimal, word, span);
  }
  if (dynamic_cast<P::DoubleLiteralContext*>(context) != nullptr) {
    return Literal(LiteralKind::kDouble, context->getText(), span);
  }
  if (dynamic_cast<P::BooleanLiteralContext*>(context) != nullptr) {
    return Literal(LiteralKind::kBoolean, word, span);
  }
  return Literal(LiteralKind::kNull, "", span);
}

Name Transform::ToName(P::IdentifierContext* context) const {
  return NameOf(*this, context->callableName(), SpanOf(context));
}

Name Transform::ToName(P::CallableNameContext* context) const {
  return NameOf(*this, context, SpanOf(context));
}

std::vector<Name> Transform::ToNames(const std::vector<P::IdentifierContext*>& contexts) const {
  std::vector<Name> names;
  names.reserve(contexts.size());
  for (P::IdentifierContext* context : contexts) names.push_back(ToName(context));
  return names;
}

std::vector<Name> Transform::ToNames(P::NamesContext* context) const {
  return context == nullptr ? std::vector<Name>() : ToNames(context->identifier());
}

std::vector<Name> Transform::ToNames(P::ColumnNameContext* context) const {
  return ToNames(context->identifier());
}

Name Transform::ToSimpleName(P::ColumnNameContext* context) const {
  if (context->identifier().size() > 1) {
    Error(SpanOf(context), "the name of a column has one part",
          "If the dot belongs to the name, write the whole name in back-ticks.");
  }
  return ToName(context->identifier(0));
}

std::string Transform::ToFunctionName(const std::vector<Name>& parts) const {
  if (parts.size() > 1) return QuoteNames(parts, ".");
  const std::string name = ToUpper(parts[0].text);
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  const bool digit = name[0] >= '0' && name[0] <= '9';
  return plain && !digit && IsCallable(name) ? name : QuoteIdentifier(name);
}

ObjectName Transform::ToObjectName(P::ObjectNameContext* context) const {
  ObjectName name;
  name.parts = ToNames(context->identifier());
  name.span = SpanOf(context);
  if (name.parts.size() > kObjectNamePartsMax) {
    Error(name.span, "a name has at most three parts", "Write `catalog`.`database`.`table`.");
  }
  return name;
}

}  // namespace millrace::sql
