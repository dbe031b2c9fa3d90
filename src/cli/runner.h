// Runs statements: scripts, -c, standard input and what is typed into the shell all come here.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "cli/jobs.h"
#include "cli/options.h"
#include "cli/progress_line.h"
#include "cli/result_table.h"
#include "cli/shell_command.h"
#include "plan/compiler.h"
#include "runtime/job.h"

namespace millrace {

inline constexpr int kExitOk = 0;
inline constexpr int kExitSql = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitFailed = 3;

// What surrounds a runner. The streams must outlive it.
struct RunnerWorld {
  std::FILE* out = stdout;  // results
  std::FILE* err = stderr;  // everything else
  std::function<uint64_t()> random;
};

class Runner final {
 public:
  Runner(const CommandLine& line, Log* log, RunnerWorld world);

  // -D. Exit status.
  int ApplySettings();
  // Goes through the statements of a script up to the first error, or to QUIT: runs them, or
  // explains them, or checks them all, as the command line says. `file` is what diagnostics call
  // it. Exit status.
  int RunScript(const std::string& file, std::string_view text);

  // After the last script: kExitSql and a message if a statement set was begun and not submitted.
  int CheckEnd() const;

  // Waits for all jobs; a signal stops them with a last checkpoint, a second one at once. Exit
  // status.
  int WaitForJobs() { return Wait(false); }
  // The same, after asking them to stop.
  int StopJobs() { return Wait(true); }
  // Says how jobs ended that did since the last call, and lets go of them.
  void ReportEndedJobs();

  // In the shell statements without a result say that they succeeded.
  void set_interactive() { interactive_ = true; }
  // Whether QUIT was met since the last call; nothing runs until somebody asks.
  bool TakeQuit() { return std::exchange(told_to_quit_, false); }
  const Session& session() const { return session_; }
  const Jobs& jobs() const { return jobs_; }

 private:
  struct Script {
    const std::string& file;
    std::string_view text;
    int depth = 0;  // of SOURCE
  };

  int Run(const Script& script);
  int RunStatement(const Script& script, size_t begin, size_t end);
  int RunCommand(const Script& script, const ShellCommand& command, Span span);
  std::optional<Outcome> Execute(const Script& script, size_t begin, size_t end);
  std::optional<Outcome> Compile(const Script& script, size_t begin, size_t end,
                                 Diagnostics* diagnostics);
  void SuppressFollowOnErrors(const Script& script, Diagnostics* diagnostics) const;
  std::optional<std::string> FindVariable(const std::string& name) const;
  void Show(const Diagnostics& diagnostics, const Script& script);
  void ShowPlan(const Plan& plan);
  int RunOutcome(Outcome outcome);
  int RunSelectPlan(const Plan& plan);
  int StartJob(Plan plan);
  int DescribeJob(const std::string& id);
  int StopJob(const std::string& id, bool with_savepoint);
  int CompilePlan(const millrace::CompilePlan& compile);
  int ExecutePlan(const std::string& path);
  int ShowTable(const ResultTable& table);
  bool IsStreaming(const Plan& plan) const;
  int Wait(bool stop);
  int WaitForJob(const std::string& id, int requests);
  void ShowProgress();
  void EraseProgress();
  int Complain(int status, const std::string& text) const;
  void Succeeded() const;
  void TellOfStatementSet(bool was_in_set) const;
  void Say(const std::string& text) const;
  TimeZone Zone() const;
  JobEnvironment Environment() const;

  const CommandLine& line_;
  Log* const log_;
  const RunnerWorld world_;
  const bool color_;
  const bool progress_;
  Session session_;
  Jobs jobs_;
  std::map<std::string, std::string> variables_;  // -D NAME=value
  std::set<Created> failed_;  // what a CREATE that was not accepted would define
  bool interactive_ = false;
  bool told_to_quit_ = false;
  bool job_failed_ = false;
  int64_t started_ms_ = 0;  // of the statement
  RowRates rates_;
  int64_t progress_shown_ms_ = 0;
};

// Whether a line on the terminal shows how jobs are doing.
bool ShowsProgress(const CommandLine& line);

}  // namespace millrace
