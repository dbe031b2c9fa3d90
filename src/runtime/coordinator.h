// The core of a job: it keeps the order of things. It loads the latest checkpoint, opens the
// pipeline, polls, takes checkpoints, tries again after transient failures, and stops; step by
// step, over a clock and a disk that are given to it, in one thread. The simulation drives the very
// same object.
//
//   kLoading --> kOpening --> kRunning --stop--> kStopping --> kEnded
//                   ^  |          |                  |            ^
//                   |  +--------->+--------->--------+            |
//                   |             | failure                       |
//                   |             v                               |
//                   +---pause---- transient, attempts left        |
//                                 else, or stopping --------------+
//
// kStopping reads only what it takes to come to a position, then takes the final checkpoint. While
// a commit is pending a stop still opens the job once more, within its time, to finish it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/stop_token.h"
#include "runtime/checkpoint_cycle.h"
#include "runtime/checkpoint_store.h"
#include "runtime/job_report.h"
#include "runtime/pipeline.h"
#include "runtime/restart_policy.h"

namespace millrace {

struct CoordinatorConfig {
  PipelineConfig pipeline;
  StopToken* stop = nullptr;         // the one in the pipeline's environment
  CheckpointStore* store = nullptr;  // null: no checkpoints (SELECT)
  bool fresh = false;                // forget what was before
};

// What a stop grants the final checkpoint. Then the stop token is requested, so that a stop has
// ended after ten seconds, when service managers begin to kill.
inline constexpr int64_t kStopDeadlineMs = 8'000;

class Coordinator final {
 public:
  enum class State : uint8_t { kRunning, kDone, kFailed };

  explicit Coordinator(CoordinatorConfig config);

  // One small piece of work. kDone: end of input, or stopped. kFailed: status(). An exception of a
  // connector is a failure of this job like any other.
  State Step();
  const Status& status() const { return status_; }

  // Asks for a final checkpoint and the end, within kStopDeadlineMs; a second call ends without
  // one. Any thread.
  void RequestStop();
  JobProgress progress() const { return report_.progress(); }  // any thread

 private:
  enum class Phase : uint8_t { kLoading, kOpening, kRunning, kStopping, kEnded };

  Status Advance();
  Status Open();
  Status Run();
  Pipeline::Which WhichToPoll(bool at_position) const;
  bool CheckpointDue() const;
  Status AwaitPositions();
  Status TakeCheckpoint();
  Status TakeFinalCheckpoint();
  // What a failure leads to: another attempt after a pause, or the end.
  void HandleFailure(const Status& cause);
  void Pause(int64_t duration_ms);
  void Fail(const Status& cause);
  void End(std::string_view how);
  void EndWithoutCheckpoint(std::string_view reason);

  bool stop_requested() const { return stop_requests_ > 0; }
  bool has_checkpoints() const { return config_.store != nullptr; }

  const CoordinatorConfig config_;
  const Plan& plan_;
  Clock& clock_;
  Pipeline pipeline_;
  CheckpointCycle cycle_;
  RestartPolicy restart_policy_;
  JobReport report_;
  std::atomic<int> stop_requests_ = 0;

  Phase phase_ = Phase::kLoading;
  Status status_;
  int64_t failed_ms_ =
      -1;  // when a source failed while others were not at a position; -1: none did
  int64_t interval_start_ms_ = 0;  // when the job was opened or took its latest checkpoint
};

}  // namespace millrace
