#include "runtime/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace {
namespace {

constexpr int64_t kSecondMs = 1'000;

double Seconds(int64_t duration_ms) { return static_cast<double>(duration_ms) / kSecondMs; }

// A snapshot is what people wait for; else the source that has come least far.
SourcePhase Leading(SourcePhase a, SourcePhase b) {
  if (a == SourcePhase::kSnapshot || b == SourcePhase::kSnapshot) return SourcePhase::kSnapshot;
  return std::min(a, b);
}

}  // namespace

SourceProgress Combined(std::span<const SourceProgress> sources) {
  if (sources.empty()) return {};
  SourceProgress all = sources.front();
  std::vector<std::string> positions;  // each once: tables that are read together are at one
  for (const SourceProgress& one : sources) {
    const bool is_new =
        std::find(positions.begin(), positions.end(), one.position) == positions.end();
    if (is_new && !one.position.empty()) positions.push_back(one.position);
  }
  all.position = fmt::format("{}", fmt::join(positions, "; "));
  for (const SourceProgress& one : sources.subspan(1)) {
    all.phase = Leading(all.phase, one.phase);
    all.tables += one.tables;
    all.tables_done += one.tables_done;
    all.rows_estimated += one.rows_estimated;
    all.rows_read += one.rows_read;
    all.lag_ms = std::max(all.lag_ms, one.lag_ms);
    all.lag_bytes = std::max(all.lag_bytes, one.lag_bytes);
  }
  return all;
}

std::string ToText(const SourceProgress& progress) {
  std::string text(ToString(progress.phase));
  if (progress.tables > 0) {
    text += fmt::format(", {}/{} tables", progress.tables_done, progress.tables);
  }
  if (progress.phase == SourcePhase::kSnapshot && progress.rows_estimated > 0) {
    text += fmt::format(", {} of about {} rows read", progress.rows_read, progress.rows_estimated);
  }
  if (!progress.position.empty()) text += ", at " + progress.position;
  if (progress.lag_ms >= 0) text += fmt::format(", lag {:.1f} s", Seconds(progress.lag_ms));
  return text;
}

std::string DurationText(int64_t duration_ms) {
  if (duration_ms < kSecondMs) return fmt::format("{} ms", duration_ms);
  if (duration_ms % kSecondMs == 0) return fmt::format("{} s", duration_ms / kSecondMs);
  return fmt::format("{:.1f} s", Seconds(duration_ms));
}

void ProgressBoard::Publish(JobProgress progress) {
  std::lock_guard lock(mutex_);
  progress_ = std::move(progress);
}

JobProgress ProgressBoard::Read() const {
  std::lock_guard lock(mutex_);
  return progress_;
}

}  // namespace millrace
