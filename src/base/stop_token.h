// A request to end a wait: made by one thread, seen by every other that waits for a peer or for
// time to pass. It may lie in the future, so that a stop grants its last work a limited time.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "base/clock.h"

namespace millrace {

class StopToken final {
 public:
  // The clock must outlive the token.
  explicit StopToken(Clock* clock) : clock_(*clock) {}

  // From `at_ms` (of the clock's NowMs) on every wait ends at once. The earliest request counts.
  // Any thread.
  void RequestAt(int64_t at_ms);
  void Request() { RequestAt(std::numeric_limits<int64_t>::min()); }
  bool requested() const { return clock_.NowMs() >= at_ms_; }

  // Waits; false as soon as a stop is requested.
  bool WaitFor(int64_t duration_ms) const;

 private:
  Clock& clock_;
  std::atomic<int64_t> at_ms_ = std::numeric_limits<int64_t>::max();
};

}  // namespace millrace
