// Growing pauses between attempts. Pure: the caller counts the attempts and waits.
#pragma once

#include <algorithm>
#include <cstdint>

namespace millrace {

struct Backoff {
  int64_t first_ms = 100;
  int64_t max_ms = 3'000;
  double multiplier = 2;

  // The pause after failed attempt number `attempt`, from 0 on.
  constexpr int64_t PauseMs(int attempt) const {
    auto pause = static_cast<double>(first_ms);
    for (int i = 0; i < attempt && pause < static_cast<double>(max_ms); ++i) pause *= multiplier;
    return std::min(static_cast<int64_t>(std::min(pause, static_cast<double>(max_ms))), max_ms);
  }
};

}  // namespace millrace
