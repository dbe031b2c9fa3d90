#include "connectors/doris/wait_log.h"

namespace millrace::doris {

void WaitLog::Report(const std::string& host, int64_t waited_ms) {
  if (waited_ms < kSilenceMs) return;
  {
    std::lock_guard lock(mutex_);
    const int64_t now_ms = clock_.NowMs();
    if (now_ms < quiet_until_ms_) return;
    quiet_until_ms_ = now_ms + kRepeatMs;
  }
  log_.Info("waiting for Doris at {}, which has not answered for {} s", host, waited_ms / 1000);
}

}  // namespace millrace::doris
