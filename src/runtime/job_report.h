// What the world learns of a running job: the lines of the log, and the progress that any thread
// may read. Decides nothing.
//
// Used by one thread, but for progress().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "plan/plan.h"
#include "runtime/checkpoint_cycle.h"
#include "runtime/pipeline.h"
#include "runtime/progress.h"

namespace millrace {

// A job that has nothing to write reports at least so often in the log.
inline constexpr int64_t kReportMs = 60'000;

class JobReport final {
 public:
  // All must outlive the report. Without `with_log` (SELECT) only the progress is kept.
  JobReport(const Plan& plan, const Pipeline* pipeline, const CheckpointCycle* cycle, Clock* clock,
            Log* log, bool with_log);

  JobProgress progress() const { return board_.Read(); }  // any thread
  const std::string& last_error() const { return progress_.last_error; }

  void Opened() { reported_ms_ = clock_.NowMs(); }
  // Between two batches: brings the progress up to date now and then, and writes a line once a
  // minute, so that the log of an idle job shows that it is alive.
  void BetweenBatches();
  // `rows` were written in `interval_ms`, `took_ms` of which the checkpoint took.
  void CheckpointTaken(int64_t rows, int64_t interval_ms, int64_t took_ms);
  void Retrying(const Status& cause, int64_t pause_ms);
  void Failed(const Status& cause, bool loaded);
  // All that was read is in the latest checkpoint. While the pipeline is open.
  void Ended(std::string_view how);
  void EndedWithoutCheckpoint(std::string_view reason, bool loaded);

 private:
  void Publish();
  std::string HowToGoOn() const;

  const Plan& plan_;
  const Pipeline& pipeline_;
  const CheckpointCycle& cycle_;
  Clock& clock_;
  Log& log_;
  const bool with_log_;
  ProgressBoard board_;   // has its own lock
  JobProgress progress_;  // what was published last
  int64_t published_ms_ = 0;
  int64_t reported_ms_ = 0;  // when the log had its last line on progress
};

}  // namespace millrace
