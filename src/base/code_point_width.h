// How many columns of a terminal a character takes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace millrace {

// 0 for combining and format characters, 2 for East Asian wide ones and emoji, else 1. From
// Unicode 14: general categories Mn, Me and Cf, East Asian widths W and F.
size_t CodePointWidth(uint32_t code);

}  // namespace millrace
