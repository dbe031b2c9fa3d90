// Runs statements: scripts, -c, standard input and what is typed into the shell all come here.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "cli/options.h"
#include "cli/progress_line.h"
#include "plan/compiler.h"
#include "runtime/job.h"

namespace millrace {

inline constexpr int kExitOk = 0;
inline constexpr int kExitSql = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFailed = 3;

class Runner final {
 public:
  Runner(const CommandLine& line, Log* log);

  // -D. Exit status.
  int ApplySettings();
  // Runs every statement of a script up to the first error. `file` is what diagnostics call it.
  int RunScript(const std::string& file, std::string_view text);
  // check and explain: nothing is run; check goes on after an error.
  int CheckScript(const std::string& file, std::string_view text);
  int ExplainScript(const std::string& file, std::string_view text);

  // Waits for all jobs; a signal stops them with a last checkpoint, a second one at once. Exit
  // status.
  int WaitForJobs() { return Wait(false); }
  // The same, after asking them to stop.
  int StopJobs() { return Wait(true); }
  // Says how jobs ended that did since the last call, and lets go of them.
  void ReportEndedJobs();
  size_t running_jobs() const;

 private:
  std::optional<Outcome> Execute(const std::string& file, std::string_view script, size_t begin,
                                 size_t end);
  void Show(const Diagnostics& diagnostics, const std::string& file, std::string_view script);
  int RunOutcome(Outcome outcome);
  int RunSelectPlan(const Plan& plan);
  int StartJob(Plan plan);
  bool IsStreaming(const Plan& plan) const;
  int Wait(bool stop);
  void ShowProgress();
  void Say(const std::string& text) const;
  JobEnvironment Environment() const;

  const CommandLine& line_;
  Log* const log_;
  const bool color_;
  const bool progress_;
  Session session_;
  std::vector<std::unique_ptr<Job>> jobs_;
  bool job_failed_ = false;
  RowRates rates_;
};

// Whether a line on the terminal shows how jobs are doing.
bool ShowsProgress(const CommandLine& line);

// The whole file. Complains on standard error and returns nothing if it cannot be read.
std::optional<std::string> ReadScript(const std::string& path);

}  // namespace millrace
