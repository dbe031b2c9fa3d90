// A running job: a plan, a coordinator and the thread that drives it.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <thread>

#include "base/files.h"
#include "base/stop_token.h"
#include "connectors/connector.h"
#include "plan/plan.h"
#include "runtime/coordinator.h"

namespace millrace {

struct JobEnvironment {
  Environment environment;
  Files* files = nullptr;
  std::span<const Connector* const> connectors;
  bool fresh = false;
};

class Job final {
 public:
  // Everything borrowed must outlive the job.
  Job(Plan plan, const JobEnvironment& environment);
  // Stops at once if it still runs.
  ~Job();

  // Once. Every failure from here on, an exception included, is the status of this job.
  void Start();
  // A final checkpoint, then the end, within kStopDeadlineMs; a second call ends at once.
  void RequestStop() { coordinator_->RequestStop(); }
  bool finished() const { return finished_; }
  // Waits for the end. Ok: done or stopped.
  Status Wait();

  const Plan& plan() const { return plan_; }
  JobProgress progress() { return coordinator_->progress(); }

 private:
  Status Run();

  const Plan plan_;
  StopToken stop_;
  std::unique_ptr<CheckpointStore> store_;
  std::unique_ptr<Coordinator> coordinator_;
  std::thread thread_;
  std::atomic<bool> finished_ = false;
  Status status_;  // the thread's until finished_
};

// A SELECT in the caller's thread: rows go to `sink`, which the caller makes. Ends at the end of
// input, at the LIMIT, or when `stop` is requested. Without checkpoints.
Status RunSelect(const Plan& plan, const JobEnvironment& environment, Sink* sink, StopToken* stop);

// Looks at the peers of all sources, from the job's latest checkpoint on if there is one, and
// writes nothing: errors first, each finding once.
std::vector<Finding> CheckPlanSources(const Plan& plan, const JobEnvironment& environment);

}  // namespace millrace
