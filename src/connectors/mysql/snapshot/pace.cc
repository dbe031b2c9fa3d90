#include "connectors/mysql/snapshot/pace.h"

#include <algorithm>

namespace millrace::mysql {
namespace {

constexpr int64_t kLookAtOverMs = 20;
constexpr double kMsPerSecond = 1'000;

void TightenOne(int64_t other, int64_t* limit) {
  if (other > 0) *limit = *limit > 0 ? std::min(*limit, other) : other;
}

void Owe(double now_ms, int64_t amount, int64_t per_second, double* paid_at_ms) {
  if (per_second <= 0) return;
  const double cost = static_cast<double>(amount) * kMsPerSecond / static_cast<double>(per_second);
  *paid_at_ms = std::max(*paid_at_ms, now_ms) + cost;
}

}  // namespace

void PaceLimits::Tighten(const PaceLimits& other) {
  TightenOne(other.rows_per_second, &rows_per_second);
  TightenOne(other.bytes_per_second, &bytes_per_second);
}

double PaceDebt::PaidAt(int64_t now_ms, int64_t rows, int64_t bytes) {
  const auto now = static_cast<double>(now_ms);
  Owe(now, rows, limits_.rows_per_second, &rows_paid_at_ms_);
  Owe(now, bytes, limits_.bytes_per_second, &bytes_paid_at_ms_);
  return std::max(rows_paid_at_ms_, bytes_paid_at_ms_);
}

void Pace::Wait(int64_t rows, int64_t bytes, const std::atomic<bool>& over) {
  if (!limits_.any()) return;
  double paid_at_ms = 0;
  {
    std::lock_guard lock(mutex_);
    paid_at_ms = debt_.PaidAt(clock_.NowMs(), rows, bytes);
  }
  while (!over) {
    const double left_ms = paid_at_ms - static_cast<double>(clock_.NowMs());
    if (left_ms <= 0) return;
    clock_.SleepMs(std::clamp<int64_t>(static_cast<int64_t>(left_ms), 1, kLookAtOverMs));
  }
}

}  // namespace millrace::mysql
