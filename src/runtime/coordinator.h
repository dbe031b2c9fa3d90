// The core of a job: a state machine over two doors, a clock and a disk, driven step by step by one
// thread. It polls the source, runs the program, writes to the sink, takes checkpoints and starts
// over from the last one after a passing failure. The simulation drives the very same object.
//
// Order of a checkpoint: everything up to a resumable position was written; Prepare gives a token;
// the checkpoint file with position and token is written and synced; Commit(token);
// Acknowledge(position). A crash before the file: nothing visible, the rows come again. A crash
// after it: Recover(token) commits on restart, and Seek goes on from the position.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "connectors/connector.h"
#include "plan/plan.h"
#include "runtime/checkpoint.h"

namespace millrace {

using SourceOpener = std::function<Result<std::unique_ptr<Source>>(const SourceRequest&)>;
using SinkOpener = std::function<Result<std::unique_ptr<Sink>>(const SinkRequest&)>;

struct CoordinatorConfig {
  const Plan* plan = nullptr;
  SourceOpener open_source;
  SinkOpener open_sink;
  Environment environment;
  CheckpointStore* store = nullptr;  // null: no checkpoints (SELECT)
  bool fresh = false;                // forget what was before
  bool keyed_target = false;         // SourceRequest::keyed_target
  bool bounded = false;              // SourceRequest::bounded
  Options source_options;
  Options sink_options;
};

// What others may look at while the job runs.
struct JobProgress {
  int64_t rows = 0;                // given to the sink since the job began
  uint64_t checkpoint = 0;         // number of the last one
  int64_t checkpoint_wall_ms = 0;  // when this process took it; 0: not yet
  int restarts = 0;
  std::string last_error;
  SourceProgress source;
};

class Coordinator final {
 public:
  enum class State : uint8_t { kRunning, kDone, kFailed };

  explicit Coordinator(CoordinatorConfig config);

  // One small piece of work. kDone: end of input, or stopped after a last checkpoint. kFailed:
  // status().
  State Step();
  const Status& status() const { return status_; }

  // Asks for a last checkpoint and the end; a second call ends without one. Any thread.
  void RequestStop() { ++stop_requests_; }
  JobProgress progress();  // any thread

 private:
  State Fail(Status status);
  // Starts over after a passing failure, or gives up.
  State Restart(const Status& cause);
  Status Open();
  Status RecoverSink(const SinkRequest& request);
  Status PollOnce();
  Status WriteRows();
  State StepClosed();
  State StepWithoutPosition();
  bool CheckpointDue() const;
  bool StopOverdue() const;
  Status TakeCheckpoint();
  Status TakeLastCheckpoint();
  Status NothingNew();
  void LogCheckpoint(int64_t rows, int64_t started_ms);
  void UpdateProgress();
  void Wait(int64_t duration_ms);

  const CoordinatorConfig config_;
  const Plan& plan_;
  Clock& clock_;
  Log& log_;
  const TimeZone zone_;
  ProgramRun program_run_;

  std::unique_ptr<Source> source_;
  std::unique_ptr<Sink> sink_;
  Checkpoint last_;              // the last completed one; number 0: none
  bool loaded_ = false;          // last_ was read from the store
  std::string forgotten_token_;  // --fresh: what the sink must drop
  Batch batch_;
  std::vector<uint32_t> selected_;
  std::string position_;  // behind the last batch, if resumable_
  bool resumable_ = false;
  bool end_of_input_ = false;
  int64_t rows_ = 0;        // given to the sink in all
  int64_t rows_since_ = 0;  // since the last checkpoint
  int64_t limit_left_ = -1;
  int64_t checkpoint_ms_ = 0;  // when the last one was taken or the job opened
  bool position_requested_ = false;
  bool commit_owed_ = false;     // the file of last_ is there, its Commit did not come back ok
  bool token_to_renew_ = false;  // last_.token names transactions that were committed since
  int64_t progress_ms_ = 0;      // when progress_ was brought up to date
  int64_t stop_ms_ = -1;         // when the stop was noticed
  int failures_ = 0;             // in a row
  Status status_;
  std::atomic<int> stop_requests_ = 0;

  std::mutex progress_mutex_;
  JobProgress progress_;  // progress_mutex_
};

}  // namespace millrace
