#include "runtime/job_report.h"

#include <algorithm>

namespace millrace {
namespace {

constexpr int64_t kPublishMs = 200;  // how old progress() may be

}  // namespace

JobReport::JobReport(const Plan& plan, const Pipeline* pipeline, const CheckpointCycle* cycle,
                     Clock* clock, Log* log, bool with_log)
    : plan_(plan),
      pipeline_(*pipeline),
      cycle_(*cycle),
      clock_(*clock),
      log_(*log),
      with_log_(with_log) {}

void JobReport::Publish() {
  published_ms_ = clock_.NowMs();
  progress_.rows = pipeline_.rows();
  progress_.sink_rows = pipeline_.sink_rows();
  progress_.checkpoint = cycle_.latest().number;
  progress_.sources = pipeline_.SourcesProgress();
  progress_.source = Combined(progress_.sources);
  board_.Publish(progress_);
}

void JobReport::BetweenBatches() {
  const int64_t now_ms = clock_.NowMs();
  if (now_ms - published_ms_ >= kPublishMs) Publish();
  if (!with_log_ || now_ms - reported_ms_ < kReportMs) return;
  reported_ms_ = now_ms;
  const uint64_t number = cycle_.latest().number;
  const std::string since = number == 0 ? "no checkpoint yet"
                                        : fmt::format("{} rows since checkpoint {}",
                                                      pipeline_.rows_since_checkpoint(), number);
  log_.Info("job {}: {}; {}, {} rows in all", plan_.job, ToText(progress_.source), since,
            pipeline_.rows());
}

void JobReport::CheckpointTaken(int64_t rows, int64_t interval_ms, int64_t took_ms) {
  progress_.checkpoint_wall_ms = clock_.WallMs();
  Publish();
  reported_ms_ = clock_.NowMs();
  if (!log_.enabled(LogLevel::kInfo)) return;
  log_.Info("job {}: checkpoint {} complete in {} ms: {} rows ({} rows/s), {} in all; {}",
            plan_.job, cycle_.latest().number, took_ms, rows,
            rows * 1000 / std::max<int64_t>(1, interval_ms), pipeline_.rows(),
            ToText(progress_.source));
}

void JobReport::Retrying(const Status& cause, int64_t pause_ms) {
  const uint64_t number = cycle_.latest().number;
  log_.Warning("job {}: {}; retrying in {}{}", plan_.job, cause.message(), DurationText(pause_ms),
               number == 0 ? "" : fmt::format(" from checkpoint {}", number));
  ++progress_.restarts;
  progress_.last_error = cause.message();
  board_.Publish(progress_);
}

void JobReport::Failed(const Status& cause, bool loaded) {
  if (with_log_) {
    log_.Error("job {}: failed: {}{}", plan_.job, cause.message(),
               loaded ? "; " + HowToGoOn() : "");
  }
  progress_.last_error = cause.message();
  board_.Publish(progress_);
}

void JobReport::Ended(std::string_view how) {
  if (!with_log_) return;
  Publish();
  const Checkpoint& latest = cycle_.latest();
  const std::string& position = progress_.source.position;
  log_.Info("job {}: {}{}: {} rows in all{}{}", plan_.job, how,
            latest.number == 0 ? "" : fmt::format(" at final checkpoint {}", latest.number),
            latest.rows_in_all(), position.empty() ? "" : ", at " + position,
            pipeline_.AllEnded() ? "" : "; " + HowToGoOn());
}

void JobReport::EndedWithoutCheckpoint(std::string_view reason, bool loaded) {
  if (!with_log_) return;
  if (cycle_.commit_pending()) {
    log_.Warning("job {}: stopped; the commit of checkpoint {} is finished at the next start",
                 plan_.job, cycle_.latest().number);
    return;
  }
  log_.Warning("job {}: stopped without a final checkpoint ({}){}", plan_.job, reason,
               loaded ? "; " + HowToGoOn() : "");
}

std::string JobReport::HowToGoOn() const {
  const uint64_t number = cycle_.latest().number;
  return number == 0 ? "run the same script again to start from the beginning"
                     : fmt::format("run the same script again to go on from checkpoint {}", number);
}

}  // namespace millrace
