// Runs scripts, and what is typed into the shell: statement after statement, and draws what comes
// out of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/console.h"
#include "cli/job_watcher.h"
#include "cli/script.h"
#include "engine/executor.h"

namespace millrace {

class ScriptRunner final {
 public:
  // Everything borrowed must outlive it.
  ScriptRunner(Executor* executor, JobWatcher* watcher, const Console* console)
      : executor_(*executor), watcher_(*watcher), console_(*console) {}

  // Runs the scripts one after the other in one session, up to the first error, QUIT or signal. All
  // of them are checked first: with an error anywhere, nothing that has an effect is run. Exit
  // status.
  int Run(const std::vector<Script>& scripts);
  // The same for what is typed into a shell: statements are run one by one; only a script that
  // SOURCE names is checked first.
  int RunTyped(const Script& script);

  // After the last script: kExitSql and a message if a statement set was begun and not submitted.
  int CheckEnd() const;
  // Whether QUIT was met since the last call; nothing runs until this is asked.
  bool TakeQuitRequest() { return std::exchange(quit_requested_, false); }

  const Session& session() const { return executor_.session(); }

 private:
  int Walk(const Script& script);
  int RunStep(const ScriptStep& step);
  int RunCommand(const ShellCommand& command);
  int RunStatement(const Script& script, const sql::Piece& piece);
  int Draw(StatementResult result);
  int FollowJob(const StartedJob& job);
  int FollowStop(const StoppingJob& stop);
  int DrawTable(const ResultTable& table) const;
  int ReportSuccess() const;
  int ReportStatementSet(bool was_in_set) const;
  TimeZone Zone() const;

  Executor& executor_;
  JobWatcher& watcher_;
  const Console& console_;
  std::string error_ahead_;  // the first error of the scripts that run, drawn; empty: none
  bool quit_requested_ = false;
  int64_t started_ms_ = 0;  // of the statement
};

}  // namespace millrace
