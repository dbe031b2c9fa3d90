// The jobs of this process: their ids, names and states, and how they are stopped. A job that ended
// stays in the list for people to look at; its lock is given back.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/compiler.h"
#include "runtime/job.h"

namespace millrace {

enum class JobStatus : unsigned char { kRunning, kCancelling, kFinished, kCanceled, kFailed };
std::string_view ToString(JobStatus status);  // Flink's words: "RUNNING"

struct JobRecord {
  std::string id;  // 32 hexadecimal digits
  Plan plan;
  JobStatus status = JobStatus::kRunning;
  int64_t start_wall_ms = 0;
  int64_t end_wall_ms = 0;  // 0: it runs
  int stop_requests = 0;
  bool with_savepoint = false;  // Flink calls such a stop FINISHED, others CANCELED
  JobProgress progress;         // the last that was seen
  Status end;                   // why it failed
  std::unique_ptr<Job> job;     // null: it ended

  bool running() const { return job != nullptr; }
};

class Jobs final {
 public:
  // Everything borrowed must outlive the jobs. `random` gives the digits of ids.
  Jobs(JobEnvironment environment, std::function<uint64_t()> random);

  // The new job. Permanent error if one of that name runs already.
  Result<const JobRecord*> Start(Plan plan);
  // By id, or by the name of a job that runs; null if there is none. Valid until the next Start.
  const JobRecord* Find(std::string_view id) const;
  // A last checkpoint and the end; asked a second time it ends at once.
  void RequestStop(std::string_view id, bool with_savepoint = false);
  void RequestStopAll();

  size_t running() const;
  std::vector<std::string> RunningNames() const;
  std::vector<std::string> RunningIds() const;
  const std::deque<JobRecord>& records() const { return records_; }
  // Looks at all jobs. Returns the ids of those that ended since the last look.
  std::vector<std::string> Refresh();

  // SHOW JOBS: Flink's four columns, then position, rows, lag and last checkpoint.
  ResultTable Show(const TimeZone& zone);
  // DESCRIBE JOB: everything known about one, a line for each fact.
  ResultTable Describe(const JobRecord& record, const TimeZone& zone);
  // Path of a job's newest checkpoint; empty if it has none.
  std::string CheckpointPath(const JobRecord& record) const;

 private:
  std::string NewId() const;

  const JobEnvironment environment_;
  const std::function<uint64_t()> random_;
  std::deque<JobRecord> records_;  // oldest first
};

}  // namespace millrace
