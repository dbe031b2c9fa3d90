// Goes through scripts without running them: for `check`, for `explain`, and before a run, so that
// a script with an error in its last line starts no job.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/follow_on_errors.h"
#include "cli/script.h"
#include "engine/statement_compiler.h"
#include "runtime/job.h"

namespace millrace {

class ScriptChecker final {
 public:
  // `compiler` is a copy: nothing of what it was copied from changes. `console` must outlive it.
  ScriptChecker(StatementCompiler compiler, const Console* console)
      : compiler_(std::move(compiler)), console_(*console) {}

  // Writes the diagnostics of all statements. Exit status.
  int Check(const Script& script);
  // Prints the plan of every INSERT and SELECT, up to the first error. Exit status.
  int Explain(const Script& script);
  // Looks at the servers that every INSERT and SELECT would read, up to the first error in the
  // script, and prints what it finds. Exit status.
  int Preflight(const Script& script, const JobEnvironment& environment);
  // After the last script of a session: kExitSql, with a message, if a statement set is open.
  int CheckEnd() const;

  const StatementCompiler& compiler() const { return compiler_; }

 private:
  // Compiles statement after statement and calls `use` with each plan, up to the first error.
  bool ForEachPlan(const Script& script, const std::function<void(const Plan&)>& use);

  StatementCompiler compiler_;
  const Console& console_;
  FollowOnErrors follow_on_errors_;
};

// The first error in the scripts, drawn, if they were run one after the other; empty if there is
// none. What only the run itself can tell, such as a plan file that another statement writes, is
// not looked at.
std::string FirstError(const std::vector<Script>& scripts, StatementCompiler compiler,
                       const Console& console);

// What is wrong if a session ends within a statement set.
inline constexpr std::string_view kOpenStatementSet =
    "the statement set was not submitted: END; is missing";

}  // namespace millrace
