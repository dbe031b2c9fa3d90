// A value of an integer key: signed and unsigned 64-bit integers and DECIMALs without a fraction
// are all the same here, and sums of two do not overflow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace millrace::mysql {

__extension__ typedef __int128 KeyNumber;

// Digits of the longest number: the sum of two still fits.
inline constexpr uint32_t kKeyDigitsMax = 36;

std::string ToString(KeyNumber number);
// Whole text, decimal, signed, at most kKeyDigitsMax digits.
std::optional<KeyNumber> ParseKeyNumber(std::string_view text);

// A number where one of 64 bits is enough, else text.
Json KeyNumberJson(KeyNumber number);
std::optional<KeyNumber> KeyNumberFrom(const Json& json);

}  // namespace millrace::mysql
