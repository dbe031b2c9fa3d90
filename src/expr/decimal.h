// Exact decimals up to 38 digits: from text to an integer and a scale, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "row/batch.h"
#include "row/type.h"

namespace millrace {

inline constexpr int kDecimalDigitsMax = 38;

__extension__ typedef __int128 Int128;

struct Decimal {
  Int128 units = 0;  // value * 10^scale
  int scale = 0;
};

// Decimal or exponent notation, with spaces around it; rounded to a scale of 38. Nothing if it is
// not a number or has more than 38 digits before the point.
std::optional<Decimal> ParseDecimal(std::string_view text);
// The number in a cell of any numeric kind; of a double, the shortest decimal that reads as it.
std::optional<Decimal> DecimalOf(const Cell& cell);
// Rounded half up to DECIMAL(precision, scale); nothing if it does not fit.
std::optional<Decimal> Rescale(const Decimal& value, int precision, int scale);
// Rounded towards zero to an integer; nothing beyond 64 bits.
std::optional<int64_t> Truncate(const Decimal& value);
// Rounded down, up or towards zero (`direction` -1, 1 or 0) to scale 0.
Decimal WholeOf(const Decimal& value, int direction);
double ToDouble(const Decimal& value);
double NumberAsDouble(const Cell& cell);  // of any numeric kind
int Compare(const Decimal& a, const Decimal& b);

// Plain notation in the arena, exactly `scale` digits after the point.
Cell DecimalCell(const Decimal& value, Arena* arena);

enum class DecimalOperation : unsigned char { kAdd, kSubtract, kMultiply, kDivide, kModulo };
// The result as `type` (a DECIMAL); nothing if it does not fit or the divisor is zero.
std::optional<Decimal> Calculate(DecimalOperation operation, const Decimal& a, const Decimal& b,
                                 const Type& type);

}  // namespace millrace
