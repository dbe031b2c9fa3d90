// Functions of numbers.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "expr/compare.h"
#include "expr/decimal.h"
#include "expr/functions/resolve.h"

namespace millrace {
namespace {

Resolution SameNumber(Arguments arguments) {
  const Type& type = arguments[0].type;
  return Returns(IsNull(type) ? kIntType : type, type.nullable);
}

Resolution WholeNumber(Arguments arguments) {
  Type type = arguments[0].type;
  if (type.kind == TypeKind::kDecimal) type.scale = 0;
  return Returns(IsNull(type) ? kIntType : type, type.nullable);
}

// ROUND and TRUNCATE of a DECIMAL keep at most the given number of digits, if it is a constant.
Resolution Rounded(Arguments arguments) {
  Type type = arguments[0].type;
  const bool nullable = AnyNullable(arguments);
  if (IsNull(type)) return Returns(kIntType, true);
  if (type.kind != TypeKind::kDecimal) return Returns(type, nullable);
  int64_t digits = 0;
  if (arguments.size() > 1) {
    const auto text = arguments[1].constant;
    const std::optional<Decimal> value = text ? ParseDecimal(*text) : std::nullopt;
    const std::optional<int64_t> whole = value ? Truncate(*value) : std::nullopt;
    if (!whole) return Returns(type, nullable);
    digits = *whole;
  }
  if (digits >= type.scale) return Returns(type, nullable);
  const int scale = static_cast<int>(std::max<int64_t>(digits, 0));
  const int precision = std::min(kDecimalDigitsMax, 1 + type.precision - type.scale + scale);
  return Returns(Type::Decimal(static_cast<uint8_t>(precision), static_cast<uint8_t>(scale)),
                 nullable);
}

// A floating result in the type of the call.
Cell Floating(const FunctionCall& call, double value) {
  return call.type.kind == TypeKind::kFloat ? Cell::Float(static_cast<float>(value))
                                            : Cell::Double(value);
}

template <int direction>
Status Whole(const FunctionCall& call, Cell* out) {
  const Cell& number = call[0];
  if (number.kind == CellKind::kInt || number.kind == CellKind::kUint) {
    *out = number;
  } else if (number.kind == CellKind::kDecimal) {
    const std::optional<Decimal> value = DecimalOf(number);
    *out = value ? DecimalCell(WholeOf(*value, direction), call.arena) : Cell::Null();
  } else {
    *out = Floating(call, direction < 0 ? std::floor(number.f) : std::ceil(number.f));
  }
  return Status::Ok();
}

// Rounded half up (away from zero) or truncated to `digits` after the point, which may be negative.
std::optional<Decimal> ToDigits(const Decimal& value, int64_t digits, bool cut) {
  if (digits >= value.scale) return value;
  if (digits < -kDecimalDigitsMax) return Decimal{0, 0};
  // value / 10^-digits as an integer, and back.
  const int drop = value.scale - static_cast<int>(digits);
  if (drop > kDecimalDigitsMax) return Decimal{0, 0};
  const Decimal shifted{value.units, drop};
  const std::optional<Decimal> whole =
      cut ? WholeOf(shifted, 0) : Rescale(shifted, kDecimalDigitsMax, 0);
  if (!whole) return std::nullopt;
  if (digits >= 0) return Decimal{whole->units, static_cast<int>(digits)};
  Decimal result{whole->units, 0};
  for (int64_t i = digits; i < 0; ++i) {
    if (__builtin_mul_overflow(result.units, static_cast<Int128>(10), &result.units)) {
      return std::nullopt;
    }
  }
  return result;
}

template <bool cut>
Status Round(const FunctionCall& call, Cell* out) {
  const Cell& number = call[0];
  const int64_t digits = call.count() > 1 ? call.Integer(1) : 0;
  const bool floating = number.kind == CellKind::kFloat || number.kind == CellKind::kDouble;
  const std::optional<Decimal> value = DecimalOf(number);
  const std::optional<Decimal> rounded = value ? ToDigits(*value, digits, cut) : std::nullopt;
  if (floating) {
    // A value without a decimal (NaN, 1E300) has no digits to round.
    *out = rounded ? Floating(call, ToDouble(*rounded)) : number;
  } else if (!rounded) {
    *out = Cell::Null();
  } else if (call.type.kind == TypeKind::kDecimal) {
    const auto fitted = Rescale(*rounded, call.type.precision, call.type.scale);
    *out = fitted ? DecimalCell(*fitted, call.arena) : Cell::Null();
  } else {
    *out = Cell::Int(static_cast<int64_t>(rounded->units));
    if (call.type.kind == TypeKind::kInt) *out = Cell::Int(static_cast<int32_t>(out->i));
  }
  return Status::Ok();
}

Status SignOf(const FunctionCall& call, Cell* out) {
  const Cell& number = call[0];
  const double value = call.Double(0);
  const int sign = value > 0 ? 1 : value < 0 ? -1 : 0;
  if (call.type.is_integer()) {
    *out = Cell::Int(sign);
  } else if (call.type.kind == TypeKind::kDecimal) {
    // In a DECIMAL(p, p) it does not fit, and it is returned nevertheless: 1.00.
    Decimal scaled{sign, call.type.scale};
    for (int i = 0; i < scaled.scale; ++i) scaled.units *= 10;
    *out = DecimalCell(scaled, call.arena);
  } else {
    *out = Floating(call, std::isnan(number.f) ? number.f : sign);
  }
  return Status::Ok();
}

template <double (*function)(double)>
Status OfDouble(const FunctionCall& call, Cell* out) {
  *out = Cell::Double(function(call.Double(0)));
  return Status::Ok();
}
template <double (*function)(double, double)>
Status OfTwoDoubles(const FunctionCall& call, Cell* out) {
  *out = Cell::Double(function(call.Double(0), call.Double(1)));
  return Status::Ok();
}
double Log2(double value) { return std::log(value) / std::log(2.0); }
double LogTo(double base, double value) { return std::log(value) / std::log(base); }
double Cotangent(double value) { return 1 / std::tan(value); }
// As Java multiplies, to the last digit.
double Degrees(double radians) { return radians * (180 / std::numbers::pi); }
double Radians(double degrees) { return degrees * (std::numbers::pi / 180); }

Status Pi(const FunctionCall&, Cell* out) {
  *out = Cell::Double(std::numbers::pi);
  return Status::Ok();
}
Status Euler(const FunctionCall&, Cell* out) {
  *out = Cell::Double(std::numbers::e);
  return Status::Ok();
}

// The generator of java.util.Random, so that a seed means the same numbers as in Flink.
class Random final : public FunctionState {
 public:
  bool seeded() const { return seeded_; }
  void Seed(int64_t seed) {
    state_ = (static_cast<uint64_t>(seed) ^ kMultiplier) & kMask;
    seeded_ = true;
  }
  uint32_t Next(int bits) {
    state_ = (state_ * kMultiplier + 0xb) & kMask;
    return static_cast<uint32_t>(state_ >> (48 - bits));
  }
  double NextDouble() {
    const uint64_t high = Next(26);
    return static_cast<double>((high << 27) + Next(27)) * 0x1.0p-53;
  }
  int64_t NextBelow(int64_t bound) {
    if ((bound & (bound - 1)) == 0) return bound * Next(31) >> 31;
    for (;;) {
      const int64_t bits = Next(31);
      const int64_t value = bits % bound;
      if (bits - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

 private:
  static constexpr uint64_t kMultiplier = 0x5deece66d;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;
  uint64_t state_ = 0;
  bool seeded_ = false;
};

Random& RandomOf(const FunctionCall& call, bool has_seed) {
  auto& random = call.Keep<Random>();
  if (!random.seeded()) {
    random.Seed(has_seed ? call.Integer(0) : static_cast<int64_t>(std::random_device()()));
  }
  return random;
}

Status Rand(const FunctionCall& call, Cell* out) {
  *out = Cell::Double(RandomOf(call, call.count() == 1).NextDouble());
  return Status::Ok();
}

Status RandInteger(const FunctionCall& call, Cell* out) {
  const int64_t bound = call.Integer(call.count() - 1);
  if (bound <= 0 || bound > INT32_MAX) {
    return Status::Permanent(fmt::format("the bound must be a positive INT, not {}", bound));
  }
  *out = Cell::Int(RandomOf(call, call.count() == 2).NextBelow(bound));
  return Status::Ok();
}

constexpr auto kDouble = Returns<kDoubleType>;
constexpr auto kAlwaysDouble = ReturnsNotNull<kDoubleType>;
constexpr auto kAlwaysInt = Returns<kIntType>;

constexpr Function kFunctions[] = {
    {"SIGN", "SIGN(NUMERIC) -> NUMERIC", 1, 1, "n", SameNumber, Op::kCall, SignOf,
     "1, 0 or -1, in the type of the argument."},
    {"CEIL", "CEIL(NUMERIC) -> NUMERIC", 1, 1, "n", WholeNumber, Op::kCall, Whole<1>,
     "Rounded up to an integer; a DECIMAL keeps no fraction digits."},
    {"CEILING", "CEILING(NUMERIC) -> NUMERIC", 1, 1, "n", WholeNumber, Op::kCall, Whole<1>,
     "Rounded up to an integer; a DECIMAL keeps no fraction digits."},
    {"FLOOR", "FLOOR(NUMERIC) -> NUMERIC", 1, 1, "n", WholeNumber, Op::kCall, Whole<-1>,
     "Rounded down to an integer; a DECIMAL keeps no fraction digits."},
    {"ROUND", "ROUND(NUMERIC [, INT]) -> NUMERIC", 1, 2, "ni", Rounded, Op::kCall, Round<false>,
     "Rounded half up to a number of digits after the decimal point, or before it if negative."},
    {"TRUNCATE", "TRUNCATE(NUMERIC [, INT]) -> NUMERIC", 1, 2, "ni", Rounded, Op::kCall,
     Round<true>,
     "Truncated to a number of digits after the decimal point, or before it if negative."},
    {"POWER", "POWER(NUMERIC, NUMERIC) -> DOUBLE", 2, 2, "n", kDouble, Op::kCall,
     OfTwoDoubles<std::pow>, "The first argument to the power of the second."},
    {"SQRT", "SQRT(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::sqrt>,
     "Square root."},
    {"EXP", "EXP(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::exp>,
     "e to the power of the argument."},
    {"LN", "LN(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::log>,
     "Natural logarithm."},
    {"LOG", "LOG(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::log>,
     "Natural logarithm."},
    {"LOG", "LOG(NUMERIC, NUMERIC) -> DOUBLE", 2, 2, "n", kDouble, Op::kCall, OfTwoDoubles<LogTo>,
     "Logarithm of the second argument to the base of the first."},
    {"LOG2", "LOG2(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<Log2>,
     "Logarithm to the base 2."},
    {"LOG10", "LOG10(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::log10>,
     "Logarithm to the base 10."},
    {"SIN", "SIN(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::sin>, "Sine."},
    {"COS", "COS(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::cos>, "Cosine."},
    {"TAN", "TAN(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::tan>,
     "Tangent."},
    {"COT", "COT(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<Cotangent>,
     "Cotangent."},
    {"SINH", "SINH(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::sinh>,
     "Hyperbolic sine."},
    {"COSH", "COSH(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::cosh>,
     "Hyperbolic cosine."},
    {"TANH", "TANH(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::tanh>,
     "Hyperbolic tangent."},
    {"ASIN", "ASIN(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::asin>,
     "Arc sine."},
    {"ACOS", "ACOS(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::acos>,
     "Arc cosine."},
    {"ATAN", "ATAN(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<std::atan>,
     "Arc tangent."},
    {"ATAN2", "ATAN2(NUMERIC, NUMERIC) -> DOUBLE", 2, 2, "n", kDouble, Op::kCall,
     OfTwoDoubles<std::atan2>, "Angle of the point (x, y) for the arguments y, x."},
    {"DEGREES", "DEGREES(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<Degrees>,
     "Radians converted to degrees."},
    {"RADIANS", "RADIANS(NUMERIC) -> DOUBLE", 1, 1, "n", kDouble, Op::kCall, OfDouble<Radians>,
     "Degrees converted to radians."},
    {"PI", "PI() -> DOUBLE", 0, 0, "n", kAlwaysDouble, Op::kCall, Pi, "The number pi."},
    {"E", "E() -> DOUBLE", 0, 0, "n", kAlwaysDouble, Op::kCall, Euler, "The number e."},
    {"RAND", "RAND([INT]) -> DOUBLE", 0, 1, "i", kDouble, Op::kCall, Rand,
     "A random number of at least 0 and below 1; a seed gives the sequence of java.util.Random.",
     Nulls::kStrict, false},
    {"RAND_INTEGER", "RAND_INTEGER([INT,] INT) -> INT", 1, 2, "i", kAlwaysInt, Op::kCall,
     RandInteger,
     "A random integer of at least 0 and below the last argument; the first of two arguments is a "
     "seed.",
     Nulls::kStrict, false},
};

}  // namespace

std::span<const Function> MathFunctions() { return kFunctions; }

}  // namespace millrace
