// The jobs of this process: their ids, names and states, and how they are stopped. Data only: front
// ends draw it. Any thread may call anything.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "runtime/job.h"

namespace millrace {

enum class JobStatus : unsigned char { kRunning, kCancelling, kFinished, kCanceled, kFailed };
std::string_view ToString(JobStatus status);  // Flink's words: "RUNNING"

// A table that a job reads or writes.
struct JobTable {
  std::string name;  // as in PlanTable
  std::string connector;
};

// What is known about a job at one moment.
struct JobRecord {
  std::string id;  // 32 hexadecimal digits
  std::string name;
  std::vector<JobTable> sources;  // in the plan's order
  std::vector<JobTable> sinks;
  JobStatus status = JobStatus::kRunning;
  int64_t start_wall_ms = 0;
  int64_t end_wall_ms = 0;      // 0: it is running
  JobProgress progress;         // the latest known
  std::string checkpoint_file;  // path of its latest checkpoint; empty: none
  Status end;                   // why it failed

  bool running() const { return end_wall_ms == 0; }
};

class Jobs final {
 public:
  // Jobs that ended stay in the list, so many of them.
  static constexpr size_t kEndedKeptMax = 100;

  // Everything borrowed must outlive the jobs. `random` makes the digits of ids, which must differ.
  Jobs(JobEnvironment environment, std::function<uint64_t()> random);
  // Ends those that still run at once.
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // The id of the new job. Permanent error if one of that name is running already.
  Result<std::string> Start(Plan plan);
  // By id, or by the name of a running job.
  std::optional<JobRecord> Find(std::string_view id_or_name);
  std::vector<JobRecord> List();  // oldest first
  std::vector<JobRecord> Running();
  size_t running() { return Running().size(); }
  // Those that ended since the call that left *seen as it is, in the order in which they ended. A
  // caller begins with 0 and keeps a count of its own.
  std::vector<JobRecord> EndedSince(uint64_t* seen);

  // A final checkpoint and the end; asked a second time the job ends at once. Flink calls a stop
  // `with_savepoint` FINISHED and others CANCELED. Nothing happens to a job that is not running.
  void RequestStop(std::string_view id, bool with_savepoint = false);
  void RequestStopAll();

 private:
  struct Entry {
    JobRecord record;
    std::unique_ptr<Job> job;  // null: it ended, or is being closed
    int stop_requests = 0;
    bool with_savepoint = false;
    uint64_t end_number = 0;  // from 1 on, in the order in which jobs ended
  };

  void Refresh();
  void Close(const std::string& id, std::unique_ptr<Job> job);
  Entry* FindEntry(std::string_view id);  // mutex_ held
  void DropOldest();                      // mutex_ held
  std::string NewId() const;

  const JobEnvironment environment_;
  const std::function<uint64_t()> random_;
  std::mutex mutex_;
  std::deque<Entry> entries_;  // mutex_; oldest first
  uint64_t ended_ = 0;         // mutex_; jobs that ended so far
};

}  // namespace millrace
