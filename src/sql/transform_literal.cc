#include <fmt/core.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/encode.h"
#include "base/units.h"
#include "base/utf8.h"
#include "sql/string_escape.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// String literals next to each other are one, but only across a line break.
void CheckLineBreaks(const Transform& transform, const std::vector<Span>& spans) {
  for (size_t i = 1; i < spans.size(); ++i) {
    const std::string_view between = transform.source.Text({spans[i - 1].end, spans[i].begin});
    if (between.find_first_of("\r\n") != std::string_view::npos) continue;
    transform.SyntaxError(spans[i], "two string literals next to each other on one line",
                          "Join them with ||, or put the second one on its own line.");
    return;
  }
}

std::string BinaryDigits(const Transform& transform, P::BinaryLiteralContext* context) {
  const Span span = transform.SpanOf(context->BINARY_STRING());
  std::string digits(transform.source.Text({span.begin + 2, span.end - 1}));
  std::vector<Span> spans = {span};
  for (antlr4::tree::TerminalNode* node : context->STRING()) {
    digits += transform.Unquote(node);
    spans.push_back(transform.SpanOf(node));
  }
  CheckLineBreaks(transform, spans);
  digits = ToUpper(digits);
  const auto is_hexadecimal = [](char c) { return HexValue(c) >= 0; };
  if (!std::all_of(digits.begin(), digits.end(), is_hexadecimal)) {
    transform.SyntaxError(transform.SpanOf(context),
                          "a binary literal may contain only hexadecimal digits",
                          "Write bytes as in x'0AFF'.");
  } else if (digits.size() % 2 != 0) {
    transform.SyntaxError(transform.SpanOf(context),
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
  const auto count = std::count_if(digits.begin(), digits.end(), IsDigit);
  const auto points = std::count(digits.begin(), digits.end(), '.');
  if (count == 0 || points > 1 || count + points != static_cast<ptrdiff_t>(digits.size())) {
    transform.Error(DiagnosticCode::kInvalidValue, transform.SpanOf(context->STRING()),
                    "this string is not a decimal number", "Write it as in DECIMAL '1.5'.");
  }
  Expression number =
      MakeLiteral(points > 0 ? LiteralKind::kDecimal : LiteralKind::kInteger, digits, span);
  return negative ? Negative(std::move(number), span) : number;
}

// _name'...' is the text in any of the character sets that Flink knows.
void CheckCharacterSet(const Transform& transform, std::string_view prefix, Span span,
                       std::string_view text) {
  constexpr std::string_view kNames[] = {"BIG5",   "GB2312", "GBK",      "ISO-8859-1",
                                         "LATIN1", "UTF-16", "UTF-16BE", "UTF-16LE",
                                         "UTF-8",  "UTF16",  "UTF8"};
  const std::string name = ToUpper(prefix);
  if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames)) {
    transform.Error(DiagnosticCode::kInvalidValue, span,
                    fmt::format("Unknown character set '{}'", prefix), "Leave it out.");
    return;
  }
  constexpr uint32_t kLatin1Max = 0xff;
  if (name != "LATIN1" && name != "ISO-8859-1") return;
  size_t length = 0;
  for (size_t at = 0; at < text.size(); at += length) {
    if (CodePointOrByte(text, at, &length) <= kLatin1Max) continue;
    transform.Error(DiagnosticCode::kInvalidValue, span,
                    fmt::format("Failed to encode '{}' in character set 'ISO-8859-1'", text),
                    "Leave the character set out.");
    return;
  }
}

}  // namespace

std::string Transform::Unquote(antlr4::tree::TerminalNode* node) const {
  const std::string_view quoted = source.Text(SpanOf(node));
  return Undouble(quoted.substr(1, quoted.size() - 2), '\'');
}

int64_t Transform::ToNumber(antlr4::tree::TerminalNode* node) const {
  const std::optional<int64_t> value = ParseInteger(node->getText());
  if (!value) Error(DiagnosticCode::kInvalidValue, SpanOf(node), "this number is too large");
  return value.value_or(0);
}

int64_t Transform::ToCount(P::CountContext* context, std::string_view word) const {
  if (context->QUESTION_MARK() != nullptr) {
    RejectParameter(SpanOf(context));
    return 0;
  }
  if (context->number()->INTEGER() != nullptr) return ToNumber(context->number()->INTEGER());
  SyntaxError(SpanOf(context), fmt::format("{} needs a whole number", word));
  return 0;
}

std::string Transform::DecodeUnicode(const std::string& text, antlr4::tree::TerminalNode* uescape,
                                     Span span) const {
  std::string escape = "\\";
  if (uescape != nullptr) {
    escape = Unquote(uescape);
    const bool one = !escape.empty() && Utf8Length(escape, 0) == escape.size();
    if (!one || HexValue(escape[0]) >= 0 || escape == "+" || IsBlank(escape[0])) {
      SyntaxError(SpanOf(uescape), "UESCAPE needs one character that is not a hexadecimal digit");
      return text;
    }
  }
  const std::optional<std::string> decoded = DecodeUnicodeEscapes(text, escape);
  if (!decoded) {
    SyntaxError(span, "invalid escape in a Unicode string",
                fmt::format("Write a character as {0} and four hexadecimal digits, and {0} itself "
                            "as {0}{0}.",
                            escape));
  }
  return decoded.value_or("");
}

std::string Transform::ToText(P::TextContext* context) const {
  const Span first = SpanOf(context->getStart());
  const std::string_view written = source.Text(first);
  const size_t quote = written.find('\'');
  if (context->ESCAPED_STRING() != nullptr) {
    const auto text = DecodeBackslashEscapes(written.substr(quote + 1, written.size() - quote - 2));
    if (!text) {
      SyntaxError(first, "invalid escape in a string",
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
  if (written.starts_with('_')) CheckCharacterSet(*this, written.substr(1, quote - 1), first, text);
  if (context->UNICODE_STRING() == nullptr) return text;
  return DecodeUnicode(text, escape, first);
}

Expression Transform::ToLiteral(P::LiteralContext* context) const {
  const Span span = SpanOf(context);
  const std::string written = context->getText();
  if (auto* text = dynamic_cast<P::StringLiteralContext*>(context)) {
    return MakeLiteral(LiteralKind::kString, ToText(text->text()), span);
  }
  if (auto* binary = dynamic_cast<P::BinaryLiteralContext*>(context)) {
    return MakeLiteral(LiteralKind::kBinary, BinaryDigits(*this, binary), span);
  }
  if (auto* temporal = dynamic_cast<P::TemporalLiteralContext*>(context)) {
    const LiteralKind kind = temporal->DATE() != nullptr   ? LiteralKind::kDate
                             : temporal->TIME() != nullptr ? LiteralKind::kTime
                                                           : LiteralKind::kTimestamp;
    return MakeLiteral(kind, Unquote(temporal->STRING()), span);
  }
  if (dynamic_cast<P::ZonedLiteralContext*>(context) != nullptr) {
    return MakeVerbatim("TIMESTAMP WITH LOCAL TIME ZONE literals", TextOf(context), span);
  }
  if (auto* decimal = dynamic_cast<P::QuotedDecimalLiteralContext*>(context)) {
    return QuotedDecimal(*this, decimal);
  }
  if (auto* node = dynamic_cast<P::IntervalLiteralContext*>(context)) {
    P::IntervalContext* interval = node->interval();
    Expression expression = MakeLiteral(LiteralKind::kInterval, Unquote(interval->STRING()), span);
    if (interval->MINUS() != nullptr) {
      const bool negative = expression.text.starts_with('-');
      expression.text = negative ? expression.text.substr(1) : "-" + expression.text;
    }
    expression.interval = ToInterval(interval->intervalQualifier());
    return expression;
  }
  const std::string word = ToUpper(written);
  if (dynamic_cast<P::IntegerLiteralContext*>(context) != nullptr) {
    return MakeLiteral(LiteralKind::kInteger, word, span);
  }
  if (dynamic_cast<P::DecimalLiteralContext*>(context) != nullptr) {
    return MakeLiteral(LiteralKind::kDecimal, word, span);
  }
  if (dynamic_cast<P::DoubleLiteralContext*>(context) != nullptr) {
    return MakeLiteral(LiteralKind::kDouble, written, span);
  }
  if (dynamic_cast<P::BooleanLiteralContext*>(context) != nullptr) {
    return MakeLiteral(LiteralKind::kBoolean, word, span);
  }
  return MakeLiteral(LiteralKind::kNull, "", span);
}

}  // namespace millrace::sql
