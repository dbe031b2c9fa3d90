// Waits for jobs in the foreground: signals become stops, the progress line is drawn, and jobs that
// ended are reported once.
#pragma once

#include <cstdint>
#include <string>

#include "cli/console.h"
#include "cli/progress_line.h"
#include "engine/jobs.h"

namespace millrace {

class JobWatcher final {
 public:
  // Both must outlive it.
  JobWatcher(Jobs* jobs, const Console* console) : jobs_(*jobs), console_(*console) {}

  // Waits for all jobs. A signal stops them with a final checkpoint, a second one at once; so does
  // the failure of a job, once. Exit status.
  int WaitForAll() { return Wait(false); }
  // The same, after asking them to stop.
  int StopAll() { return Wait(true); }
  // Waits for one job, of whose stop `requests` were made already; Ctrl-C makes another one. Exit
  // status.
  int WaitFor(const std::string& id, int requests);
  // Reports the jobs that ended since the last call.
  void ReportEnded();
  Jobs& jobs() const { return jobs_; }

 private:
  int Wait(bool stop);
  void ReportEnd(const JobRecord& job) const;
  void AnnounceStop(int requests) const;
  [[noreturn]] void LeaveBehind() const;
  void ShowProgress();
  void EraseProgress() const;

  Jobs& jobs_;
  const Console& console_;
  uint64_t ended_seen_ = 0;
  bool job_failed_ = false;
  RowRates rates_;
  int64_t progress_shown_ms_ = 0;
};

}  // namespace millrace
