#include "cli/job_watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/ascii.h"
#include "base/clock.h"
#include "cli/exit_status.h"
#include "cli/job_tables.h"
#include "cli/signals.h"

namespace millrace {
namespace {

constexpr int64_t kLookAgainMs = 20;
constexpr int64_t kProgressMs = 500;
// A stop that takes longer than the jobs allow themselves hangs in a call that nothing interrupts,
// such as a look-up of a host name. The process then ends without it, as by kill -9.
constexpr int64_t kStopMaxMs = kStopDeadlineMs + 1'500;
constexpr int64_t kStopAtOnceMaxMs = 700;

}  // namespace

void JobWatcher::ReportEnded() {
  for (const JobRecord& job : jobs_.EndedSince(&ended_seen_)) {
    ReportEnd(job);
    job_failed_ = job_failed_ || !job.end.ok();
  }
}

// The job has written to the log how it ended, unless an exception ended it. Where that log is not
// seen it is said here.
void JobWatcher::ReportEnd(const JobRecord& job) const {
  if (job.end.ok()) {
    const bool elsewhere = console_.options().interactive || !console_.options().log_on_err;
    if (elsewhere && !console_.LogIsSeen(LogLevel::kInfo)) console_.Say(ClosingLine(job) + "\n");
    return;
  }
  const std::string text = fmt::format("job {}: failed: {}", job.name, job.end.message());
  if (job.progress.last_error != job.end.message()) {
    console_.Announce(LogLevel::kError, text);
  } else if (!console_.LogIsSeen(LogLevel::kError)) {
    console_.Fail(kExitFailed, text);
  }
}

// Once in a while, and only on a terminal.
void JobWatcher::ShowProgress() {
  const int64_t now_ms = SystemClock().NowMs();
  if (!console_.options().progress || now_ms - progress_shown_ms_ < kProgressMs) return;
  progress_shown_ms_ = now_ms;
  std::vector<std::string> texts;
  for (const JobRecord& job : jobs_.Running()) {
    const int64_t rate = rates_.Look(job.name, job.progress.rows, now_ms);
    texts.push_back(ProgressText(job.progress, rate, SystemClock().WallMs()));
  }
  console_.DrawProgress(Join(texts, " | "));
}

void JobWatcher::EraseProgress() const {
  if (console_.options().progress && progress_shown_ms_ > 0) console_.EraseProgress();
}

void JobWatcher::AnnounceStop(int requests) const {
  if (requests == 1) {
    console_.Announce(
        LogLevel::kInfo,
        EndRequested() ? "stopping after a final checkpoint; a second SIGTERM stops at once"
                       : "stopping after a final checkpoint; press Ctrl-C again to stop at once");
  } else {
    console_.Announce(LogLevel::kInfo, "stopping at once");
  }
}

void JobWatcher::LeaveBehind() const {
  EraseProgress();
  for (const JobRecord& job : jobs_.Running()) {
    console_.Announce(
        LogLevel::kWarning,
        fmt::format("job {} did not stop in time; the rows since checkpoint {} come again",
                    job.name, job.progress.checkpoint));
  }
  std::_Exit(job_failed_ ? kExitFailed : kExitOk);
}

int JobWatcher::WaitFor(const std::string& id, int requests) {
  const int signals_before = SignalsSeen();
  const int requests_before = requests;
  for (;;) {
    // A job that ends between the two is reported by the next round.
    const std::optional<JobRecord> job = jobs_.Find(id);
    ReportEnded();
    if (!job || !job->running()) {
      EraseProgress();
      return !job || job->end.ok() ? kExitOk : kExitFailed;
    }
    for (; requests - requests_before < SignalsSeen() - signals_before; ++requests) {
      AnnounceStop(requests + 1);
      jobs_.RequestStop(id);
    }
    ShowProgress();
    SystemClock().SleepMs(kLookAgainMs);
  }
}

int JobWatcher::Wait(bool stop) {
  const int signals_before = stop ? SignalsSeen() : 0;
  int requests = 0;
  int64_t deadline_ms = INT64_MAX;
  for (;;) {
    const bool all_ended = jobs_.running() == 0;
    ReportEnded();  // after that look: what it saw to have ended is reported, and counts
    if (all_ended) break;
    const int64_t now_ms = SystemClock().NowMs();
    const int asked = SignalsSeen() - signals_before + (stop ? 1 : 0);
    const int wanted = std::max(std::min(asked, 2), job_failed_ ? 1 : 0);
    for (; requests < wanted; ++requests) {
      AnnounceStop(requests + 1);
      jobs_.RequestStopAll();
      deadline_ms = now_ms + (requests == 0 ? kStopMaxMs : kStopAtOnceMaxMs);
    }
    if (now_ms > deadline_ms) LeaveBehind();
    ShowProgress();
    SystemClock().SleepMs(kLookAgainMs);
  }
  EraseProgress();
  return job_failed_ ? kExitFailed : kExitOk;
}

}  // namespace millrace
