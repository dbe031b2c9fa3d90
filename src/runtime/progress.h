// What others may know of a job while it runs: plain data, and the board on which the job's thread
// puts it up for them.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "connectors/connector.h"

namespace millrace {

struct JobProgress {
  int64_t rows = 0;                // written to the sinks since the job began
  uint64_t checkpoint = 0;         // number of the latest one; 0: none
  int64_t checkpoint_wall_ms = 0;  // when this process took it; 0: not yet
  int restarts = 0;
  std::string last_error;
  SourceProgress source;                // of all sources together
  std::vector<SourceProgress> sources;  // one per source of the plan; empty while nothing is open
  std::vector<int64_t> sink_rows;       // one per sink of the plan, since the job began; the same
};

// Sums and extremes of several sources; the phase is the one that people wait for.
SourceProgress Combined(std::span<const SourceProgress> sources);
// "snapshot, 1/3 tables, 500 of about 1000 rows read, at binlog.000003:157, lag 0.4 s".
std::string ToText(const SourceProgress& progress);
// "850 ms", "2 s", "2.5 s".
std::string DurationText(int64_t duration_ms);

// Written by one thread, read by any; holds its lock only to copy.
class ProgressBoard final {
 public:
  void Publish(JobProgress progress);
  JobProgress Read() const;

 private:
  mutable std::mutex mutex_;
  JobProgress progress_;  // mutex_
};

}  // namespace millrace
