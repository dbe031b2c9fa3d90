// The core of a job: a state machine over the doors of a plan, a clock and a disk, driven step by
// step by one thread. It polls the sources in turn, runs the programs, writes to the sinks, takes
// checkpoints and starts over from the last one after a passing failure. The simulation drives the
// very same object.
//
// Order of a checkpoint: everything up to a resumable position of every source was written; Prepare
// of every sink gives a token; the checkpoint file with positions and tokens is written and synced;
// Commit(token) of every sink; Acknowledge(position) of every source. A crash before the file:
// nothing visible, the rows come again. A crash after it: Recover(token) commits on restart, and
// Seek goes on from the position.
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

// How a source or sink of the plan is opened, and what its connector says of itself.
struct SourceDoor {
  std::function<Result<std::unique_ptr<Source>>(const SourceRequest&)> open;
  Options options;
};
struct SinkDoor {
  std::function<Result<std::unique_ptr<Sink>>(const SinkRequest&)> open;
  Options options;
  bool keyed = false;  // Connector::keeps_last_row_per_key
};

struct CoordinatorConfig {
  const Plan* plan = nullptr;
  std::vector<SourceDoor> sources;  // as in the plan
  std::vector<SinkDoor> sinks;
  Environment environment;
  StopToken* stop = nullptr;         // the one in `environment`
  CheckpointStore* store = nullptr;  // null: no checkpoints (SELECT)
  bool fresh = false;                // forget what was before
};

// What a stop grants the final checkpoint. Then the stop token is requested, so that a stop has
// ended after ten seconds, when service managers begin to kill.
inline constexpr int64_t kStopDeadlineMs = 8'000;

// What others may look at while the job runs.
struct JobProgress {
  int64_t rows = 0;                // given to the sinks since the job began
  uint64_t checkpoint = 0;         // number of the last one
  int64_t checkpoint_wall_ms = 0;  // when this process took it; 0: not yet
  int restarts = 0;
  std::string last_error;
  SourceProgress source;  // of all sources together
};

class Coordinator final {
 public:
  enum class State : uint8_t { kRunning, kDone, kFailed };

  explicit Coordinator(CoordinatorConfig config);

  // One small piece of work. kDone: end of input, or stopped after a last checkpoint. kFailed:
  // status().
  State Step();
  const Status& status() const { return status_; }

  // Asks for a final checkpoint and the end, within kStopDeadlineMs; a second call ends without
  // one. Any thread.
  void RequestStop();
  JobProgress progress();  // any thread

 private:
  // Where rows of a source go, and the run of the program on the way.
  struct Way {
    const PlanFlow* flow;
    std::unique_ptr<ProgramRun> program;
  };
  // A source while it is open.
  struct Input {
    std::unique_ptr<Source> source;
    Batch batch;
    Position position;  // behind the last batch, if resumable
    bool resumable = false;
    bool ended = false;               // gives nothing more, or nobody wants more
    bool position_requested = false;  // since the last checkpoint
    int64_t rests_until_ms = 0;       // it gave nothing; others go first
    std::vector<Way> ways;
  };
  // A sink while it is open.
  struct Output {
    std::unique_ptr<Sink> sink;
    int64_t rows = 0;         // since the job began
    int64_t limit_left = -1;  // -1: no limit
  };

  State Fail(Status status);
  // Takes back what the sinks prepared for a checkpoint that will never be.
  void DropPrepared();
  // Starts over after a passing failure, or gives up.
  State Restart(const Status& cause);
  void Close();
  Status Open();
  Status LoadCheckpoint();
  Status OpenSinks();
  Status OpenSources();
  SinkRequest RequestFor(const PlanSink& sink, const SinkDoor& door) const;
  SourceRequest RequestFor(const PlanSource& source, size_t index) const;
  Status Recover(size_t sink, const SinkRequest& request);
  // The source to poll now, in turn; null if none should be.
  Input* NextInput();
  Status Poll(Input* input);
  Status WriteRows(Input* input);
  // Nobody takes rows of this source any more, so that its position means nothing.
  bool IsSated(const Input& input) const;
  bool CanResume(const Input& input) const { return input.resumable || IsSated(input); }
  bool AllCanResume() const;
  bool AllEnded() const;
  State StepClosed();
  State StepWithoutPosition();
  bool CheckpointDue() const;
  bool StopOverdue() const;
  Status TakeCheckpoint();
  Status TakeLastCheckpoint();
  Status CommitAll();
  Status NothingNew();
  void LogCheckpoint(int64_t rows, int64_t started_ms);
  void UpdateProgress();
  SourceProgress ProgressOfSources() const;
  int64_t rows() const;
  void Wait(int64_t duration_ms);

  const CoordinatorConfig config_;
  const Plan& plan_;
  Clock& clock_;
  Log& log_;
  const TimeZone zone_;

  std::vector<Input> inputs_;  // empty while nothing is open
  std::vector<Output> outputs_;
  size_t next_input_ = 0;
  std::vector<uint32_t> selected_;
  Checkpoint last_;              // the last completed one; number 0: none
  bool loaded_ = false;          // last_ was read from the store
  int64_t rows_since_ = 0;       // since the last checkpoint
  int64_t checkpoint_ms_ = 0;    // when the last one was taken or the job opened
  bool prepared_ = false;        // loads of a checkpoint without a file may be prepared
  bool commit_owed_ = false;     // the file of last_ is there, its Commits did not all come back ok
  bool token_to_renew_ = false;  // last_.tokens name transactions that were committed since
  int64_t progress_ms_ = 0;      // when progress_ was brought up to date
  int64_t stop_ms_ = -1;         // when the stop was noticed
  std::vector<int64_t> failures_ms_;  // when they came: since the last checkpoint, or in the window
  Status status_;
  std::atomic<int> stop_requests_ = 0;

  std::mutex progress_mutex_;
  JobProgress progress_;  // progress_mutex_
};

}  // namespace millrace
