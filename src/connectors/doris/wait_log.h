// Says in the log which server of Doris everything waits for. Any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/log.h"

namespace millrace::doris {

class WaitLog final {
 public:
  // Both outlive it.
  WaitLog(Clock* clock, Log* log) : clock_(*clock), log_(*log) {}

  // `host` ("host:port") has owed an answer for `waited_ms`. Logged after kSilenceMs, and then at
  // most once in kRepeatMs for all servers together.
  void Report(const std::string& host, int64_t waited_ms);

  static constexpr int64_t kSilenceMs = 3'000;
  static constexpr int64_t kRepeatMs = 30'000;

 private:
  Clock& clock_;
  Log& log_;
  std::mutex mutex_;
  int64_t quiet_until_ms_ = std::numeric_limits<int64_t>::min();  // mutex_
};

}  // namespace millrace::doris
