// Trying again: what fails with a transient status is repeated, after pauses that grow.
#pragma once

#include "base/backoff.h"
#include "base/status.h"
#include "base/stop_token.h"

namespace millrace::doris {

inline constexpr Backoff kBackoff = {.first_ms = 100, .max_ms = 3'000, .multiplier = 2};

// Calls `attempt`, which returns a Status and takes the number of the attempt (from 0), until it
// succeeds or fails for good, at most `attempts_max` times. Returns its last status, or Cancelled
// as soon as a stop is requested.
template <typename Attempt>
Status Retry(const StopToken& stop, int attempts_max, Attempt attempt) {
  for (int number = 0;; ++number) {
    Status status = attempt(number);
    if (!status.transient() || number + 1 >= attempts_max) return status;
    if (!stop.WaitFor(kBackoff.PauseMs(number))) return Status::Cancelled();
  }
}

}  // namespace millrace::doris
