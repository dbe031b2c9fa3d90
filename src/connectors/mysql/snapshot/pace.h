// How fast a snapshot may read, over all of its connections. What is read is owed time: a reader
// waits until its rows and bytes are paid for. Who may not wait, because the round must end, leaves
// the debt to those that read next.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/clock.h"

namespace millrace::mysql {

struct PaceLimits {
  int64_t rows_per_second = 0;  // 0: no limit
  int64_t bytes_per_second = 0;

  bool any() const { return rows_per_second > 0 || bytes_per_second > 0; }
  // Both at once: the smaller ones.
  void Tighten(const PaceLimits& other);
  bool operator==(const PaceLimits&) const = default;
};

// The time that is owed. Pure; time comes in.
class PaceDebt final {
 public:
  explicit PaceDebt(const PaceLimits& limits) : limits_(limits) {}

  // Until when (ms) to wait after so much was read. Time in which nothing was read is not saved up.
  double PaidAt(int64_t now_ms, int64_t rows, int64_t bytes);

 private:
  const PaceLimits limits_;
  double rows_paid_at_ms_ = 0;
  double bytes_paid_at_ms_ = 0;
};

// Any thread.
class Pace final {
 public:
  // `clock` outlives it.
  Pace(const PaceLimits& limits, Clock* clock) : limits_(limits), clock_(*clock), debt_(limits) {}

  const PaceLimits& limits() const { return limits_; }
  // After a read of so much; returns soon after `over` is set.
  void Wait(int64_t rows, int64_t bytes, const std::atomic<bool>& over);

 private:
  const PaceLimits limits_;
  Clock& clock_;
  std::mutex mutex_;
  PaceDebt debt_;  // mutex_
};

}  // namespace millrace::mysql
