// The decimal digits of a number, rounded half up and laid out as printf does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "row/batch.h"

namespace millrace {

// 0.ddd * 10^point, where ddd are `count` digits, the first of them not 0; none for zero.
struct Digits {
  static constexpr size_t kDigitsMax = 64;

  std::array<char, kDigitsMax> text = {};
  int64_t count = 0;
  int64_t point = 0;
  bool negative = false;

  // The i-th digit; 0 before the first and after the last one.
  char At(int64_t i) const { return i >= 0 && i < count ? text[static_cast<size_t>(i)] : '0'; }
};

// Of "-12.50" or "1.0E-7"; at most kDigitsMax digits are kept.
Digits ReadDigits(std::string_view number);
// Keeps the first `kept` digits; none if that is negative.
void Round(Digits* digits, int64_t kept);

struct NumberLayout {
  int64_t places = 0;  // digits after the point
  bool grouped = false;
  bool always_point = false;
  bool upper = false;
};
// "1,234.50" and "1.2345e+03", both without sign and in the arena.
std::string_view LayOutFixed(Digits digits, const NumberLayout& layout, Arena* arena);
std::string_view LayOutScientific(Digits digits, const NumberLayout& layout, Arena* arena);
// One of the two, as %g chooses, with `places` digits in total.
std::string_view LayOutGeneral(Digits digits, const NumberLayout& layout, Arena* arena);

}  // namespace millrace
