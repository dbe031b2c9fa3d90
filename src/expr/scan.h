// Reading a string from the front: each function removes what it reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ascii.h"

namespace millrace {

// At least `min` and at most `max` digits (18 or fewer) as a number.
inline std::optional<int64_t> TakeDigits(std::string_view* text, size_t min, size_t max) {
  int64_t value = 0;
  size_t count = 0;
  while (count < max && count < text->size() && IsDigit((*text)[count])) {
    value = value * 10 + ((*text)[count++] - '0');
  }
  if (count < min) return std::nullopt;
  text->remove_prefix(count);
  return value;
}

inline bool TakeChar(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

}  // namespace millrace
