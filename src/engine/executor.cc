#include "engine/executor.h"

#include <fmt/format.h>

#include "base/overloaded.h"
#include "base/quote.h"
#include "engine/plan_file.h"

namespace millrace {
namespace {

RefusedStatement NoSuchJob(const std::string& job) {
  return {fmt::format("job {} not found; SHOW JOBS lists the jobs", Quoted(job))};
}

}  // namespace

bool HasEffect(const Outcome& outcome) {
  return std::holds_alternative<InsertJob>(outcome) ||
         std::holds_alternative<CompilePlan>(outcome) ||
         std::holds_alternative<ExecutePlan>(outcome);
}

std::optional<StatementResult> Executor::Execute(std::string_view script,
                                                 const sql::Piece& statement,
                                                 Diagnostics* diagnostics) {
  std::optional<Outcome> outcome = Compile(script, statement, diagnostics);
  if (!outcome) return std::nullopt;
  return Run(std::move(*outcome));
}

StatementResult Executor::Run(Outcome outcome) {
  return std::visit(Overloaded{
                        [](Done& done) -> StatementResult { return done; },
                        [](ResultTable& table) -> StatementResult { return std::move(table); },
                        [&](InsertJob& insert) { return Start(std::move(insert.plan)); },
                        [&](SelectQuery& select) -> StatementResult {
                          return std::make_unique<Cursor>(std::move(select.plan), environment_);
                        },
                        [&](CheckSources& check) -> StatementResult {
                          return SourceFindings{CheckPlanSources(check.plan, environment_)};
                        },
                        [&](ShowJobs&) -> StatementResult { return JobList{jobs_.List()}; },
                        [&](DescribeJob& describe) { return Describe(describe.job); },
                        [&](StopJob& stop) { return Stop(stop); },
                        [&](CompilePlan& compile) { return Write(compile); },
                        [&](ExecutePlan& execute) { return RunFile(execute.path); },
                    },
                    outcome);
}

StatementResult Executor::Describe(const std::string& job) {
  std::optional<JobRecord> record = jobs_.Find(job);
  if (!record) return NoSuchJob(job);
  return JobDetails{std::move(*record)};
}

StatementResult Executor::Stop(const StopJob& stop) {
  const std::optional<JobRecord> record = jobs_.Find(stop.job);
  if (!record) return NoSuchJob(stop.job);
  if (!record->running()) {
    return RefusedStatement{
        fmt::format("job {} is not running ({})", Quoted(stop.job), ToString(record->status))};
  }
  jobs_.RequestStop(record->id, stop.with_savepoint);
  return StoppingJob{record->id, stop.with_savepoint};
}

StatementResult Executor::Write(const CompilePlan& compile) {
  // COMPILE AND EXECUTE runs a plan that is there already, as Flink does.
  const bool may_exist = compile.if_not_exists || compile.execute;
  const Result<PlanFileWrite> written = WritePlanFile(compile.path, compile.plan, may_exist);
  if (!written.ok()) return RefusedStatement{written.status().message()};
  return compile.execute ? RunFile(compile.path) : StatementResult(Done{});
}

StatementResult Executor::RunFile(const std::string& path) {
  Result<Plan> plan = ReadPlanFile(path, environment_.connectors);
  if (!plan.ok()) return RefusedStatement{plan.status().message()};
  return Start(std::move(plan).value());
}

StatementResult Executor::Start(Plan plan) {
  std::string name = plan.job;
  Result<std::string> id = jobs_.Start(std::move(plan));
  if (!id.ok()) return FailedStart{id.status()};
  return StartedJob{std::move(id).value(), std::move(name)};
}

}  // namespace millrace
