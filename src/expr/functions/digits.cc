#include "expr/functions/digits.h"

#include <algorithm>
#include <charconv>

namespace millrace {

Digits ReadDigits(std::string_view number) {
  Digits digits;
  digits.negative = number.starts_with('-');
  if (digits.negative) number.remove_prefix(1);
  const size_t mark = std::min(number.find('E'), number.size());
  bool in_fraction = false;
  for (const char c : number.substr(0, mark)) {
    if (c == '.') {
      in_fraction = true;
    } else if (c == '0' && digits.count == 0) {
      digits.point -= in_fraction ? 1 : 0;
    } else {
      digits.point += in_fraction ? 0 : 1;
      const auto at = static_cast<size_t>(digits.count);
      if (at < Digits::kDigitsMax) {
        digits.text[at] = c;
        ++digits.count;
      }
    }
  }
  if (mark < number.size()) {
    int64_t exponent = 0;
    std::from_chars(number.data() + mark + 1, number.data() + number.size(), exponent);
    digits.point += exponent;
  }
  return digits;
}

void Round(Digits* digits, int64_t kept) {
  if (kept >= digits->count) return;
  const bool up = kept >= 0 && digits->At(kept) >= '5';
  digits->count = std::max<int64_t>(kept, 0);
  if (!up) return;
  while (digits->count > 0 && digits->At(digits->count - 1) == '9') --digits->count;
  if (digits->count > 0) {
    ++digits->text[static_cast<size_t>(digits->count - 1)];
    return;
  }
  digits->text[0] = '1';
  digits->count = 1;
  ++digits->point;
}

std::string_view LayOutFixed(Digits digits, const NumberLayout& layout, Arena* arena) {
  constexpr int64_t kGroup = 3;
  Round(&digits, digits.point + layout.places);
  const bool has_whole = digits.count > 0 && digits.point > 0;
  const int64_t whole = has_whole ? digits.point : 1;
  const auto size_max = static_cast<size_t>(2 * whole + 1 + layout.places);
  char* const text = arena->Allocate(size_max);
  char* out = text;
  for (int64_t i = 0; i < whole; ++i) {
    if (layout.grouped && i > 0 && (whole - i) % kGroup == 0) *out++ = ',';
    *out++ = has_whole ? digits.At(i) : '0';
  }
  if (layout.places > 0 || layout.always_point) *out++ = '.';
  for (int64_t i = 0; i < layout.places; ++i) *out++ = digits.At(digits.point + i);
  const auto size = static_cast<size_t>(out - text);
  arena->Shrink(size_max, size);
  return {text, size};
}

std::string_view LayOutScientific(Digits digits, const NumberLayout& layout, Arena* arena) {
  constexpr size_t kExponentMax = 24;  // of 64 bits, with sign
  Round(&digits, layout.places + 1);
  const auto size_max = static_cast<size_t>(layout.places) + 3 + kExponentMax;
  char* const text = arena->Allocate(size_max);
  char* out = text;
  *out++ = digits.At(0);
  if (layout.places > 0 || layout.always_point) *out++ = '.';
  for (int64_t i = 1; i <= layout.places; ++i) *out++ = digits.At(i);
  const int64_t exponent = digits.count == 0 ? 0 : digits.point - 1;
  *out++ = layout.upper ? 'E' : 'e';
  *out++ = exponent < 0 ? '-' : '+';
  const int64_t size_of_exponent = exponent < 0 ? -exponent : exponent;
  if (size_of_exponent < 10) *out++ = '0';
  out = std::to_chars(out, text + size_max, size_of_exponent).ptr;
  const auto size = static_cast<size_t>(out - text);
  arena->Shrink(size_max, size);
  return {text, size};
}

std::string_view LayOutGeneral(Digits digits, const NumberLayout& layout, Arena* arena) {
  constexpr int64_t kExponentMin = -4;
  NumberLayout chosen = layout;
  Round(&digits, layout.places);
  const int64_t exponent = digits.count == 0 ? 0 : digits.point - 1;
  const bool fixed = exponent >= kExponentMin && exponent < layout.places;
  chosen.places = layout.places - 1 - (fixed ? exponent : 0);
  return fixed ? LayOutFixed(digits, chosen, arena) : LayOutScientific(digits, chosen, arena);
}

}  // namespace millrace
