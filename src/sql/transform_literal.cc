#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
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

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(uint32_t code, std::string* text) {
  if (code < 0x80) {
    *text += static_cast<char>(code);
  } else if (code < 0x800) {
    *text += static_cast<char>(0xC0 | (code >> 6));
    *text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *text += static_cast<char>(0xE0 | (code >> 12));
    *text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *text += static_cast<char>(0xF0 | (code >> 18));
    *text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    *text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The code unit of four hexadecimal digits at `at`, or nothing.
std::optional<uint32_t> CodeUnit(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  uint32_t unit = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<uint32_t>(digit);
  }
  return unit;
}

// \0041 -> A, with `escape` instead of the backslash; two of them are one. Surrogate pairs join.
// Nothing if an escape is broken.
std::optional<std::string> DecodeUnicode(std::string_view text, std::string_view escape) {
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
    if (!code || (*code >= 0xDC00 && *code <= 0xDFFF)) return std::nullopt;
    at += 4;
    if (*code >= 0xD800 && *code <= 0xDBFF) {
      if (!text.substr(at).starts_with(escape)) return std::nullopt;
      const std::optional<uint32_t> low = CodeUnit(text, at + escape.size());
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
      at += escape.size() + 4;
    }
    AppendUtf8(*code, &result);
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

Name NameOf(const Transform& transform, antlr4::tree::TerminalNode* quoted, Span span) {
  const std::string_view text = transform.places.Text(span);
  if (quoted == nullptr) return {std::string(text), span};
  return {Undouble(text.substr(1, text.size() - 2), '`'), span};
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

std::string Transform::ToText(P::TextContext* context) const {
  const Span first = SpanOf(context->getStart());
  const std::string_view written = places.Text(first);
  const size_t quote = written.find('\'');
  std::string text = Undouble(written.substr(quote + 1, written.size() - quote - 2), '\'');
  std::vector<Span> spans = {first};
  std::vector<antlr4::tree::TerminalNode*> nodes = context->STRING();
  std::string escape = "\\";
  if (context->UESCAPE() != nullptr) {
    escape = Unquote(nodes.back());
    if (escape.size() != 1 || HexDigit(escape[0]) >= 0 || escape == "+" || escape == " ") {
      Error(SpanOf(nodes.back()), "UESCAPE takes one character that is no hexadecimal digit");
      return text;
    }
    nodes.pop_back();
  }
  for (antlr4::tree::TerminalNode* node : nodes) {
    if (node->getSymbol() == context->getStart()) continue;
    text += Unquote(node);
    spans.push_back(SpanOf(node));
  }
  CheckLineBreaks(*this, spans);
  if (context->UNICODE_STRING() == nullptr) return text;
  const std::optional<std::string> decoded = DecodeUnicode(text, escape);
  if (!decoded) {
    Error(first, "a broken escape in a Unicode text",
          fmt::format("Write a character as {0} and four hexadecimal digits, {0} itself as {0}{0}.",
                      escape));
  }
  return decoded.value_or("");
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
  P::CallableNameContext* inner = context->callableName();
  return NameOf(*this, inner == nullptr ? nullptr : inner->BACKQUOTED(), SpanOf(context));
}

Name Transform::ToName(P::CallableNameContext* context) const {
  return NameOf(*this, context->BACKQUOTED(), SpanOf(context));
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
  return plain && !digit && IsCallable(name) ? name : QuoteName(name);
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
