#include "base/stop_token.h"

#include <algorithm>

namespace millrace {
namespace {

constexpr int64_t kPieceMs = 20;  // how late a request may be noticed

}  // namespace

void StopToken::RequestAt(int64_t at_ms) {
  int64_t known = at_ms_;
  while (at_ms < known && !at_ms_.compare_exchange_weak(known, at_ms)) {
  }
}

bool StopToken::WaitFor(int64_t duration_ms) const {
  for (int64_t left = duration_ms; left > 0 && !requested(); left -= kPieceMs) {
    clock_.SleepMs(std::min(left, kPieceMs));
  }
  return !requested();
}

}  // namespace millrace
