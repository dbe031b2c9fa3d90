#include "plan/literal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encode.h"
#include "base/units.h"
#include "base/utf8.h"
#include "expr/interval.h"
#include "expr/temporal_text.h"
#include "row/print.h"

namespace millrace {
namespace {

using sql::LiteralKind;

constexpr size_t kDecimalDigitsMax = 38;
constexpr size_t kFractionDigitsMax = 9;

BoundExpression ConstantOf(const Type& type, std::string text) {
  BoundExpression constant;
  constant.type = type.NotNull();
  constant.text = std::move(text);
  return constant;
}

std::optional<BoundExpression> Reject(Diagnostics* diagnostics, Span span, std::string message,
                                      std::string hint = "") {
  diagnostics->emplace_back(DiagnosticCode::kInvalidValue, span, std::move(message),
                            std::move(hint));
  return std::nullopt;
}

// The type has the length of Java's string, which counts a character above U+FFFF as two; the value
// has no more than its characters.
BoundExpression Text(const std::string& text) {
  constexpr size_t kBytesOfPair = 4;
  uint32_t characters = 0;
  uint32_t pairs = 0;
  for (size_t at = 0; at < text.size(); ++characters) {
    const size_t bytes = Utf8Length(text, at);
    pairs += bytes == kBytesOfPair ? 1 : 0;
    at += bytes;
  }
  Type type = Type::Of(TypeKind::kChar);
  type.length = characters;
  BoundExpression constant = ConstantOf(type, text);
  constant.type.length += pairs;
  return constant;
}

BoundExpression Binary(const std::string& digits) {
  const std::string_view pairs = std::string_view(digits).substr(0, digits.size() / 2 * 2);
  const std::string bytes = FromHex(pairs).value_or("");
  Type type = Type::Of(TypeKind::kBinary);
  type.length = static_cast<uint32_t>(bytes.size());
  return ConstantOf(type, bytes);
}

// `text` is the literal without a point at its end.
std::optional<BoundExpression> Integer(const sql::Expression& literal, const std::string& text,
                                       Diagnostics* diagnostics) {
  const std::optional<int64_t> value = ParseInteger(text);
  if (!value) {
    return Reject(diagnostics, literal.span, "this number is too large for BIGINT",
                  "Write it as a decimal: append a point.");
  }
  const bool is_int = *value <= INT32_MAX && *value >= INT32_MIN;
  return ConstantOf(Type::Of(is_int ? TypeKind::kInt : TypeKind::kBigInt), text);
}

std::optional<BoundExpression> Decimal(const sql::Expression& literal, Diagnostics* diagnostics) {
  const size_t point = literal.text.find('.');
  const size_t scale = point == std::string::npos ? 0 : literal.text.size() - point - 1;
  const std::string whole = literal.text.substr(0, point);
  if (scale == 0 && ParseInteger(whole)) return Integer(literal, whole, diagnostics);
  std::string digits = literal.text;
  if (point != std::string::npos) digits.erase(point, 1);
  digits.erase(0, std::min(digits.find_first_not_of("-0"), digits.size()));
  // One digit before the point, as in Flink: 0.1 is a DECIMAL(2, 1).
  const size_t precision = std::max(digits.size(), std::min(scale + 1, kDecimalDigitsMax));
  if (precision > kDecimalDigitsMax) {
    return Reject(diagnostics, literal.span, "this number has more than 38 digits");
  }
  return ConstantOf(Type::Decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale)),
                    literal.text);
}

// A literal has no negative zero, as in Flink.
BoundExpression Double(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_first_of("eE"));
  const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
  if (is_zero && text.starts_with('-')) text.remove_prefix(1);
  return ConstantOf(Type::Of(TypeKind::kDouble), std::string(text));
}

std::optional<BoundExpression> Temporal(const sql::Expression& literal, TypeKind kind,
                                        Diagnostics* diagnostics) {
  Type type = Type::Of(kind);
  const size_t point = literal.text.find('.');
  if (point != std::string::npos && kind != TypeKind::kDate) {
    type.precision =
        static_cast<uint8_t>(std::min(literal.text.size() - point - 1, kFractionDigitsMax));
  }
  const std::optional<int64_t> value = ParseLiteral(kind, literal.text);
  if (!value) {
    return Reject(diagnostics, literal.span,
                  fmt::format("'{}' is not a valid {}", literal.text, ToString(type)),
                  fmt::format("Write it as {}.", kind == TypeKind::kDate ? "DATE '2024-02-29'"
                                                 : kind == TypeKind::kTime
                                                     ? "TIME '12:34:56'"
                                                     : "TIMESTAMP '2024-02-29 12:34:56'"));
  }
  const CellKind cell = kind == TypeKind::kDate   ? CellKind::kDate
                        : kind == TypeKind::kTime ? CellKind::kTime
                                                  : CellKind::kTimestamp;
  std::string text;
  AppendCell(&text, Cell::Temporal(cell, *value, type.precision), TimeZone());
  return ConstantOf(type, std::move(text));
}

}  // namespace

BoundExpression NullConstant() {
  BoundExpression constant;
  constant.is_null = true;
  return constant;
}

std::optional<BoundExpression> LiteralConstant(const sql::Expression& literal,
                                               Diagnostics* diagnostics) {
  BoundExpression null = NullConstant();
  switch (literal.literal) {
    case LiteralKind::kNull:
      return null;
    case LiteralKind::kBoolean:
      null.type = Type::Of(TypeKind::kBoolean);
      if (literal.text == "UNKNOWN") return null;
      return ConstantOf(null.type, literal.text);
    case LiteralKind::kInteger:
      return Integer(literal, literal.text, diagnostics);
    case LiteralKind::kDecimal:
      return Decimal(literal, diagnostics);
    case LiteralKind::kDouble:
      return Double(literal.text);
    case LiteralKind::kString:
      return Text(literal.text);
    case LiteralKind::kBinary:
      return Binary(literal.text);
    case LiteralKind::kDate:
      return Temporal(literal, TypeKind::kDate, diagnostics);
    case LiteralKind::kTime:
      return Temporal(literal, TypeKind::kTime, diagnostics);
    case LiteralKind::kTimestamp:
      return Temporal(literal, TypeKind::kTimestamp, diagnostics);
    case LiteralKind::kInterval:
      break;
  }
  const sql::Interval& interval = *literal.interval;
  const std::optional<IntervalLiteral> value =
      ParseInterval(literal.text, interval.from, interval.to);
  if (!value) {
    return Reject(diagnostics, literal.span,
                  fmt::format("'{}' is not an INTERVAL of {}{}{}", literal.text, interval.from,
                              interval.to.empty() ? "" : " TO ", interval.to));
  }
  return ConstantOf(value->type, value->text);
}

}  // namespace millrace
