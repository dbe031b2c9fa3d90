// Units of time in microseconds, and division that rounds down, as days before 1970 need it.
#pragma once

#include <cstdint>

namespace millrace {

inline constexpr int64_t kMillisecondUs = 1'000;
inline constexpr int64_t kSecondUs = 1'000 * kMillisecondUs;
inline constexpr int64_t kMinuteUs = 60 * kSecondUs;
inline constexpr int64_t kHourUs = 60 * kMinuteUs;
inline constexpr int64_t kDayUs = 24 * kHourUs;

// a / b rounded down; b is positive.
constexpr int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace millrace
