// When a job that failed is tried again, and when it is given up. Pure: failures and the time go
// in, a pause comes out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plan/plan.h"

namespace millrace {

class RestartPolicy final {
 public:
  explicit RestartPolicy(const RestartStrategy& strategy) : strategy_(strategy) {}

  // A failure came. The pause before the next attempt in milliseconds; nothing: give up.
  std::optional<int64_t> PauseAfterFailure(int64_t now_ms);
  // A checkpoint was completed, or an interval passed in which there was nothing to write: failures
  // before it no longer count, unless the strategy counts those within a time.
  void RecordProgress();

 private:
  const RestartStrategy strategy_;
  std::vector<int64_t> failures_ms_;  // when they came; those that count
};

}  // namespace millrace
