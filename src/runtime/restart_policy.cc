#include "runtime/restart_policy.h"

#include <algorithm>

#include "base/backoff.h"

namespace millrace {
namespace {

// By then the pause has reached its maximum whatever the multiplier, so that an endless outage
// does not make the list grow.
constexpr size_t kFailuresCountedMax = 64;

}  // namespace

std::optional<int64_t> RestartPolicy::PauseAfterFailure(int64_t now_ms) {
  if (strategy_.window_ms > 0) {
    std::erase_if(failures_ms_,
                  [&](int64_t at_ms) { return now_ms - at_ms > strategy_.window_ms; });
  }
  failures_ms_.push_back(now_ms);
  const auto failures = static_cast<int64_t>(failures_ms_.size());
  if (strategy_.attempts >= 0 && failures > strategy_.attempts) return std::nullopt;
  if (strategy_.attempts < 0 && failures_ms_.size() > kFailuresCountedMax) failures_ms_.pop_back();
  const Backoff backoff{strategy_.delay_ms, strategy_.delay_max_ms, strategy_.multiplier};
  return backoff.PauseMs(static_cast<int>(failures_ms_.size()) - 1);
}

void RestartPolicy::RecordProgress() {
  if (strategy_.window_ms == 0) failures_ms_.clear();
}

}  // namespace millrace
