// Decimal numbers of any size as text: [-]digits[.digits]. DECIMAL and LARGEINT values are kept
// this way, so that not a digit is lost.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// The parts of a number. Its value is 0.<digits> * 10^point, negated if `negative`.
struct DecimalParts {
  bool negative = false;
  std::string digits;  // no leading zeros; empty for zero
  int point = 0;       // position of the decimal point, counted from the start of `digits`
};

// Reads [+-]digits[.digits][e[+-]digits] between optional blanks. Nothing if it is not a number.
std::optional<DecimalParts> ReadDecimal(std::string_view text);

// The number with exactly `scale` digits after the point, rounded half away from zero; nothing if
// it then has more than `integer_digits` before the point.
std::optional<std::string> WriteDecimal(const DecimalParts& parts, int integer_digits, int scale);

// <0, 0, >0. Texts that are not numbers compare by their bytes.
int CompareDecimalText(std::string_view a, std::string_view b);

// The sum, with the longer fraction of the two. Both must be numbers.
std::string AddDecimalText(std::string_view a, std::string_view b);

}  // namespace millrace::minidoris
