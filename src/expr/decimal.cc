#include "expr/decimal.h"

#include <algorithm>
#include <array>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <limits>

#include "base/ascii.h"
#include "base/units.h"
#include "row/print.h"

namespace millrace {
namespace {

using Wide = boost::multiprecision::int256_t;
__extension__ typedef unsigned __int128 Unsigned;

constexpr int kExponentMax = 10'000;
constexpr int kParsedDigitsMax = 70;  // fit into 256 bits, with room to round

constexpr auto kPowers = [] {
  std::array<Int128, kDecimalDigitsMax + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Wide Widen(Int128 value) {
  const bool negative = value < 0;
  const Unsigned magnitude =
      negative ? 0 - static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  Wide wide = static_cast<uint64_t>(magnitude >> 64);
  wide = (wide << 64) + static_cast<uint64_t>(magnitude);
  return negative ? Wide(-wide) : wide;
}

Wide PowerOfTen(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// value * 10^from as units of 10^-to, rounded half up; nothing beyond `precision` digits.
std::optional<Decimal> Fit(Wide units, int from, int precision, int to) {
  if (to >= from) {
    if (units != 0 && to - from > kParsedDigitsMax) return std::nullopt;
    units *= PowerOfTen(to - from);
  } else {
    const Wide divisor = PowerOfTen(from - to);
    const Wide half = divisor / 2;
    units = units < 0 ? Wide((units - half) / divisor) : Wide((units + half) / divisor);
  }
  const Wide limit = PowerOfTen(precision);
  if (units >= limit || units <= -limit) return std::nullopt;
  const bool negative = units < 0;
  if (negative) units = -units;
  const Wide low_mask = (Wide(1) << 64) - 1;
  const auto low = static_cast<uint64_t>(Wide(units & low_mask));
  const auto high = static_cast<uint64_t>(Wide(units >> 64));
  const auto magnitude = static_cast<Int128>(static_cast<Unsigned>(high) << 64 | low);
  return Decimal{negative ? -magnitude : magnitude, to};
}

// Exponent part "e-12" at the front of `text`; nothing if malformed.
std::optional<int> TakeExponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  const std::optional<int64_t> exponent = ParseInteger(text.substr(1));
  if (!exponent || *exponent > kExponentMax || *exponent < -kExponentMax) return std::nullopt;
  return static_cast<int>(*exponent);
}

}  // namespace

std::optional<Decimal> ParseDecimal(std::string_view text) {
  text = Trim(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  Wide units = 0;
  int digits = 0;  // seen at all
  int kept = 0;    // significant ones in units
  int scale = 0;
  bool fraction = false;
  size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (!IsDigit(c)) break;
    ++digits;
    if (kept == kParsedDigitsMax) {
      if (!fraction) return std::nullopt;
      continue;  // too small to matter
    }
    units = units * 10 + (c - '0');
    kept += kept > 0 || c != '0' ? 1 : 0;
    scale += fraction ? 1 : 0;
  }
  const std::optional<int> exponent = TakeExponent(text.substr(at));
  if (digits == 0 || !exponent) return std::nullopt;
  if (units == 0) return Decimal{0, std::min(std::max(scale - *exponent, 0), kDecimalDigitsMax)};
  scale -= *exponent;
  if (negative) units = -units;
  if (scale < -kDecimalDigitsMax) return std::nullopt;
  if (scale > kDecimalDigitsMax + kParsedDigitsMax) return Decimal{0, kDecimalDigitsMax};
  return Fit(units, scale, kDecimalDigitsMax, std::clamp(scale, 0, kDecimalDigitsMax));
}

std::optional<Decimal> DecimalOf(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kInt:
      return Decimal{cell.i, 0};
    case CellKind::kUint:
      return Decimal{static_cast<Int128>(cell.u), 0};
    case CellKind::kDecimal:
      return ParseDecimal(cell.view());
    case CellKind::kFloat:
    case CellKind::kDouble: {
      char text[kCellTextMax];
      return ParseDecimal({text, PrintCell(text, cell)});
    }
    default:
      return std::nullopt;
  }
}

std::optional<Decimal> Rescale(const Decimal& value, int precision, int scale) {
  return Fit(Widen(value.units), value.scale, precision, scale);
}

std::optional<int64_t> Truncate(const Decimal& value) {
  const Int128 whole = value.units / kPowers[static_cast<size_t>(value.scale)];
  if (whole > std::numeric_limits<int64_t>::max() || whole < std::numeric_limits<int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<int64_t>(whole);
}

Decimal WholeOf(const Decimal& value, int direction) {
  const Int128 power = kPowers[static_cast<size_t>(value.scale)];
  Int128 whole = value.units / power;
  const Int128 rest = value.units % power;
  if (direction < 0 && rest < 0) --whole;
  if (direction > 0 && rest > 0) ++whole;
  return {whole, 0};
}

double ToDouble(const Decimal& value) {
  Arena arena;
  const std::string_view text = DecimalCell(value, &arena).view();
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

double NumberAsDouble(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::kInt:
      return static_cast<double>(cell.i);
    case CellKind::kUint:
      return static_cast<double>(cell.u);
    case CellKind::kFloat:
    case CellKind::kDouble:
      return cell.f;
    default: {
      const std::optional<Decimal> value = DecimalOf(cell);
      return value ? ToDouble(*value) : 0;
    }
  }
}

int Compare(const Decimal& a, const Decimal& b) {
  const int scale = std::max(a.scale, b.scale);
  const Wide left = Widen(a.units) * PowerOfTen(scale - a.scale);
  const Wide right = Widen(b.units) * PowerOfTen(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

Cell DecimalCell(const Decimal& value, Arena* arena) {
  char digits[kDecimalDigitsMax + 4];
  char* at = digits + sizeof digits;
  Unsigned magnitude =
      value.units < 0 ? 0 - static_cast<Unsigned>(value.units) : static_cast<Unsigned>(value.units);
  for (int i = 0; i <= value.scale || magnitude != 0; ++i) {
    if (i == value.scale && i > 0) *--at = '.';
    *--at = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  }
  if (value.units < 0) *--at = '-';
  const std::string_view text(at, static_cast<size_t>(digits + sizeof digits - at));
  return Cell::View(CellKind::kDecimal, arena->Copy(text), static_cast<uint8_t>(value.scale));
}

std::optional<Decimal> Calculate(DecimalOperation operation, const Decimal& a, const Decimal& b,
                                 const Type& type) {
  const int scale = std::max(a.scale, b.scale);
  const Wide left = Widen(a.units) * PowerOfTen(scale - a.scale);
  const Wide right = Widen(b.units) * PowerOfTen(scale - b.scale);
  switch (operation) {
    case DecimalOperation::kAdd:
      return Fit(left + right, scale, type.precision, type.scale);
    case DecimalOperation::kSubtract:
      return Fit(left - right, scale, type.precision, type.scale);
    case DecimalOperation::kMultiply:
      return Fit(Widen(a.units) * Widen(b.units), a.scale + b.scale, type.precision, type.scale);
    case DecimalOperation::kDivide: {
      if (right == 0) return std::nullopt;
      // One more digit than needed, so that Fit can round.
      const Wide quotient = left * PowerOfTen(type.scale + 1) / right;
      return Fit(quotient, type.scale + 1, type.precision, type.scale);
    }
    case DecimalOperation::kModulo:
      if (right == 0) return std::nullopt;
      return Fit(left % right, scale, type.precision, type.scale);
  }
  return std::nullopt;
}

}  // namespace millrace
