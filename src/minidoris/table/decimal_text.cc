#include "minidoris/table/decimal_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::minidoris {
namespace {

constexpr int kExponentMax = 10'000;  // beyond it a number is certainly too large or zero
constexpr int kEveryDigit = 1 << 20;

// Sign, integer digits and fraction digits of a number that is known to be well-formed.
struct Sides {
  bool negative = false;
  std::string integer;
  std::string fraction;
};

Sides SidesOf(const DecimalParts& parts) {
  Sides sides;
  sides.negative = parts.negative;
  const auto size = static_cast<int>(parts.digits.size());
  if (parts.point <= 0) {
    sides.fraction = std::string(static_cast<size_t>(-parts.point), '0') + parts.digits;
  } else if (parts.point >= size) {
    sides.integer = parts.digits + std::string(static_cast<size_t>(parts.point - size), '0');
  } else {
    sides.integer = parts.digits.substr(0, static_cast<size_t>(parts.point));
    sides.fraction = parts.digits.substr(static_cast<size_t>(parts.point));
  }
  if (parts.digits.empty()) sides = Sides();
  return sides;
}

// Adds one in the last place; may grow by a digit.
void Increment(std::string* digits) {
  for (size_t i = digits->size(); i > 0; --i) {
    char& digit = (*digits)[i - 1];
    if (digit != '9') {
      ++digit;
      return;
    }
    digit = '0';
  }
  digits->insert(digits->begin(), '1');
}

int CompareMagnitude(const Sides& a, const Sides& b) {
  if (a.integer.size() != b.integer.size()) return a.integer.size() < b.integer.size() ? -1 : 1;
  if (const int order = a.integer.compare(b.integer); order != 0) return order;
  const size_t width = std::max(a.fraction.size(), b.fraction.size());
  std::string x = a.fraction;
  std::string y = b.fraction;
  x.resize(width, '0');
  y.resize(width, '0');
  return x.compare(y);
}

// Sum or difference of two digit strings of the same width, the first not smaller than the second.
std::string Combine(const std::string& a, const std::string& b, bool subtract) {
  std::string result(a.size(), '0');
  int carry = 0;
  for (size_t i = a.size(); i > 0; --i) {
    const int x = a[i - 1] - '0';
    const int y = b[i - 1] - '0';
    int digit = subtract ? x - y - carry : x + y + carry;
    carry = 0;
    if (digit > 9) {
      digit -= 10;
      carry = 1;
    } else if (digit < 0) {
      digit += 10;
      carry = 1;
    }
    result[i - 1] = static_cast<char>('0' + digit);
  }
  if (carry != 0) result.insert(result.begin(), '1');
  return result;
}

}  // namespace

std::optional<DecimalParts> ReadDecimal(std::string_view text) {
  text = Trim(text);
  DecimalParts parts;
  size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) parts.negative = text[at++] == '-';
  bool any = false;
  bool after_point = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!IsDigit(c)) break;
    any = true;
    if (parts.digits.empty() && c == '0') {
      if (after_point) --parts.point;
      continue;
    }
    parts.digits += c;
    if (!after_point) ++parts.point;
  }
  if (!any) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::string_view exponent_text = text.substr(at + 1);
    const std::optional<int64_t> exponent =
        ParseInteger(exponent_text.starts_with('+') ? exponent_text.substr(1) : exponent_text);
    if (!exponent) return std::nullopt;
    parts.point += static_cast<int>(std::clamp<int64_t>(*exponent, -kExponentMax, kExponentMax));
    at = text.size();
  }
  if (at != text.size()) return std::nullopt;
  return parts;
}

std::optional<std::string> WriteDecimal(const DecimalParts& parts, int integer_digits, int scale) {
  if (!parts.digits.empty() && parts.point > integer_digits) return std::nullopt;
  Sides sides = SidesOf(parts);
  std::string& fraction = sides.fraction;
  const auto width = static_cast<size_t>(scale);
  const bool round_up = fraction.size() > width && fraction[width] >= '5';
  fraction.resize(width, '0');
  if (round_up) {
    std::string all = sides.integer + fraction;
    Increment(&all);
    sides.integer = all.substr(0, all.size() - width);
    fraction = all.substr(all.size() - width);
    if (static_cast<int>(sides.integer.size()) > integer_digits) return std::nullopt;
  }
  const bool zero = sides.integer.empty() && fraction.find_first_not_of('0') == std::string::npos;
  std::string text = sides.negative && !zero ? "-" : "";
  text += sides.integer.empty() ? "0" : sides.integer;
  if (scale > 0) text += "." + fraction;
  return text;
}

int CompareDecimalText(std::string_view a, std::string_view b) {
  const std::optional<DecimalParts> x = ReadDecimal(a);
  const std::optional<DecimalParts> y = ReadDecimal(b);
  if (!x || !y) return a.compare(b);
  const bool x_negative = x->negative && !x->digits.empty();
  const bool y_negative = y->negative && !y->digits.empty();
  if (x_negative != y_negative) return x_negative ? -1 : 1;
  const int order = CompareMagnitude(SidesOf(*x), SidesOf(*y));
  return x_negative ? -order : order;
}

std::string AddDecimalText(std::string_view a, std::string_view b) {
  Sides x = SidesOf(ReadDecimal(a).value_or(DecimalParts()));
  Sides y = SidesOf(ReadDecimal(b).value_or(DecimalParts()));
  if (CompareMagnitude(x, y) < 0) std::swap(x, y);
  const size_t scale_of_a = a.find('.') == a.npos ? 0 : a.size() - a.find('.') - 1;
  const size_t scale_of_b = b.find('.') == b.npos ? 0 : b.size() - b.find('.') - 1;
  const size_t scale = std::max(scale_of_a, scale_of_b);
  const size_t width = std::max({scale, x.fraction.size(), y.fraction.size()});
  x.fraction.resize(width, '0');
  y.fraction.resize(width, '0');
  std::string lower = y.integer + y.fraction;
  const std::string upper = x.integer + x.fraction;
  lower.insert(0, upper.size() - lower.size(), '0');
  const std::string sum = Combine(upper, lower, x.negative != y.negative);
  DecimalParts parts;
  parts.negative = x.negative;
  const size_t zeros = std::min(sum.find_first_not_of('0'), sum.size());
  parts.digits = sum.substr(zeros);
  parts.point = static_cast<int>(sum.size() - width) - static_cast<int>(zeros);
  return WriteDecimal(parts, kEveryDigit, static_cast<int>(scale)).value_or("0");
}

}  // namespace millrace::minidoris
