// SQL in, results out, for any front end: a script, a shell, a server. Knows no terminal, no socket
// and no layout of text: results are data.
//
//   Executor executor(compiler, environment, &jobs);
//   auto result = executor.Execute(script, {0, script.size()}, &diagnostics);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/cursor.h"
#include "engine/jobs.h"
#include "engine/statement_compiler.h"

namespace millrace {

// What a statement comes to when it is run, beside Done and ResultTable.
struct StartedJob {
  std::string id;
  std::string name;
};
struct JobList {  // SHOW JOBS
  std::vector<JobRecord> jobs;
};
struct JobDetails {  // DESCRIBE JOB
  JobRecord job;
};
// A stop was requested; the job ends when its final checkpoint is complete.
struct StoppingJob {
  std::string id;
  bool with_savepoint = false;
};
// The SQL is right but cannot be run as things are, such as STOP JOB of a job that is not running.
struct RefusedStatement {
  std::string reason;
};
struct FailedStart {  // of a job
  Status status;
};
struct SourceFindings {  // EXPLAIN PREFLIGHT
  std::vector<Finding> findings;
};
using StatementResult =
    std::variant<Done, ResultTable, std::unique_ptr<Cursor>, StartedJob, JobList, JobDetails,
                 StoppingJob, SourceFindings, RefusedStatement, FailedStart>;

// Whether running it has an effect outside of the session: it starts a job or writes a file.
bool HasEffect(const Outcome& outcome);

// One per session; one thread at a time.
class Executor final {
 public:
  // `jobs`, and what `environment` borrows, must outlive it.
  Executor(StatementCompiler compiler, const JobEnvironment& environment, Jobs* jobs)
      : compiler_(std::move(compiler)), environment_(environment), jobs_(*jobs) {}

  // Compile and Run in one. Nothing, with an error, if the statement is not accepted.
  std::optional<StatementResult> Execute(std::string_view script, const sql::Piece& statement,
                                         Diagnostics* diagnostics);
  std::optional<Outcome> Compile(std::string_view script, const sql::Piece& statement,
                                 Diagnostics* diagnostics) {
    return compiler_.Compile(script, statement, diagnostics);
  }
  StatementResult Run(Outcome outcome);

  const StatementCompiler& compiler() const { return compiler_; }
  const Session& session() const { return compiler_.session(); }

 private:
  StatementResult Describe(const std::string& job);
  StatementResult Stop(const StopJob& stop);
  StatementResult Write(const CompilePlan& compile);
  StatementResult RunFile(const std::string& path);
  StatementResult Start(Plan plan);

  StatementCompiler compiler_;
  const JobEnvironment environment_;
  Jobs& jobs_;
};

}  // namespace millrace
