#include "expr/functions/format_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.h"
#include "expr/functions/digits.h"
#include "row/print.h"

namespace millrace {
namespace {

bool IsInteger(const Cell& cell) {
  return cell.kind == CellKind::kInt || cell.kind == CellKind::kUint;
}

std::string_view SignOf(const FormatDirective& directive, bool negative) {
  if (negative) return directive.Has('(') ? "(" : "-";
  return directive.Has('+') ? "+" : directive.Has(' ') ? " " : "";
}

NumberText Signed(const FormatDirective& directive, bool negative, std::string_view body) {
  return {SignOf(directive, negative), body, negative && directive.Has('(') ? ")" : ""};
}

// The number of %d; nothing if the cell is not an integer.
std::optional<NumberText> IntegerText(const FormatDirective& directive, const Cell& cell,
                                      Arena* arena) {
  if (!IsInteger(cell)) return std::nullopt;
  char text[kCellTextMax];
  const Digits digits = ReadDigits({text, PrintCell(text, cell)});
  const NumberLayout layout{.grouped = directive.Has(',')};
  return Signed(directive, digits.negative, LayOutFixed(digits, layout, arena));
}

std::optional<NumberText> BitsText(const FormatDirective& directive, const Cell& cell,
                                   Arena* arena) {
  // Bits have no sign; Java reports these flags only when there is a value.
  const bool has_sign_flag = directive.Has('+') || directive.Has(' ') || directive.Has('(');
  if (!IsInteger(cell) || has_sign_flag) return std::nullopt;
  const bool hexadecimal = directive.letter == 'x';
  constexpr size_t kDigitsMax = 22;  // of 64 bits in octal
  char* const text = arena->Allocate(kDigitsMax);
  char* const end = std::to_chars(text, text + kDigitsMax, cell.u, hexadecimal ? 16 : 8).ptr;
  arena->Shrink(kDigitsMax, static_cast<size_t>(end - text));
  if (directive.upper) {
    std::transform(text, end, text, [](char c) { return ToUpper(c); });
  }
  NumberText number;
  if (directive.Has('#')) number.before = !hexadecimal ? "0" : directive.upper ? "0X" : "0x";
  number.body = {text, static_cast<size_t>(end - text)};
  return number;
}

NumberText SpecialText(const FormatDirective& directive, double value) {
  NumberText number;
  if (std::isnan(value)) {
    number.body = directive.upper ? "NAN" : "NaN";
  } else {
    number = Signed(directive, value < 0, directive.upper ? "INFINITY" : "Infinity");
  }
  number.takes_zeros = false;
  return number;
}

std::optional<NumberText> FractionText(const FormatDirective& directive, const Cell& cell,
                                       Arena* arena) {
  constexpr uint32_t kPlacesDefault = 6;
  char text[kCellTextMax];
  std::string_view digits_text;
  if (cell.kind == CellKind::kFloat || cell.kind == CellKind::kDouble) {
    if (!std::isfinite(cell.f)) return SpecialText(directive, cell.f);
    digits_text = {text, PrintDouble(text, cell.f)};  // a FLOAT is a double to Java, too
  } else if (cell.kind == CellKind::kDecimal) {
    digits_text = cell.view();
  } else {
    return std::nullopt;
  }
  const Digits digits = ReadDigits(digits_text);
  NumberLayout layout{directive.precision.value_or(kPlacesDefault), directive.Has(','),
                      directive.Has('#'), directive.upper};
  std::string_view body;
  if (directive.letter == 'f') {
    body = LayOutFixed(digits, layout, arena);
  } else if (directive.letter == 'e') {
    body = LayOutScientific(digits, layout, arena);
  } else {
    layout.places = std::max<int64_t>(layout.places, 1);
    body = LayOutGeneral(digits, layout, arena);
  }
  // A zero decimal has no sign, a zero double may have one.
  const bool negative = digits.negative && (digits.count > 0 || cell.kind != CellKind::kDecimal);
  return Signed(directive, negative, body);
}

}  // namespace

std::optional<NumberText> FormatNumber(const FormatDirective& directive, const Cell& cell,
                                       Arena* arena) {
  switch (directive.letter) {
    case 'd':
      return IntegerText(directive, cell, arena);
    case 'o':
    case 'x':
      return BitsText(directive, cell, arena);
    default:
      return FractionText(directive, cell, arena);
  }
}

}  // namespace millrace
