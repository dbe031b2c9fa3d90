#include "cli/script_runner.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/overloaded.h"
#include "cli/exit_status.h"
#include "cli/findings.h"
#include "cli/job_tables.h"
#include "cli/query_printer.h"
#include "cli/result_table.h"
#include "cli/script_checker.h"
#include "cli/signals.h"
#include "cli/terminal.h"

namespace millrace {
namespace {

constexpr std::string_view kClearScreen = "\033[H\033[2J";

}  // namespace

int ScriptRunner::Run(const std::vector<Script>& scripts) {
  error_ahead_ = FirstError(scripts, executor_.compiler(), console_);
  int status = kExitOk;
  for (const Script& script : scripts) {
    if (status == kExitOk) status = Walk(script);
  }
  error_ahead_.clear();
  return status;
}

int ScriptRunner::RunTyped(const Script& script) {
  const std::optional<ShellCommand> command = ParseShellCommand(script.text);
  if (command && command->kind == ShellCommandKind::kSource) return Run({script});
  return Walk(script);
}

int ScriptRunner::Walk(const Script& script) {
  int status = kExitOk;
  WalkScript(script, [&](const ScriptStep& step) {
    if (SignalsSeen() > 0 || quit_requested_) return false;
    status = RunStep(step);
    return status == kExitOk;
  });
  return status;
}

int ScriptRunner::RunStep(const ScriptStep& step) {
  started_ms_ = SystemClock().NowMs();
  if (!step.error.empty()) {
    console_.Show({{DiagnosticCode::kFileError, step.span(), step.error}}, step.script.name,
                  step.script.text);
    return kExitSql;
  }
  return step.command ? RunCommand(*step.command) : RunStatement(step.script, step.piece);
}

int ScriptRunner::RunCommand(const ShellCommand& command) {
  quit_requested_ = command.kind == ShellCommandKind::kQuit;
  if (command.kind == ShellCommandKind::kHelp) console_.Print(ShellHelp());
  if (command.kind == ShellCommandKind::kClear && ObeysEscapes(console_.out())) {
    console_.Print(kClearScreen);
  }
  return kExitOk;
}

int ScriptRunner::RunStatement(const Script& script, const sql::Piece& piece) {
  const bool was_in_set = session().in_statement_set();
  Diagnostics diagnostics;
  std::optional<Outcome> outcome = executor_.Compile(script.text, piece, &diagnostics);
  console_.Show(diagnostics, script.name, script.text);
  if (!outcome) return kExitSql;
  if (HasEffect(*outcome) && !error_ahead_.empty()) {
    console_.Say(error_ahead_);
    return kExitSql;
  }
  const bool of_set = was_in_set || session().in_statement_set();
  if (of_set && std::holds_alternative<Done>(*outcome)) return ReportStatementSet(was_in_set);
  return Draw(executor_.Run(std::move(*outcome)));
}

int ScriptRunner::Draw(StatementResult result) {
  return std::visit(
      Overloaded{
          [&](const Done&) { return ReportSuccess(); },
          [&](const ResultTable& table) { return DrawTable(table); },
          [&](const std::unique_ptr<Cursor>& cursor) {
            return PrintQuery(cursor.get(), session().settings(), started_ms_, console_);
          },
          [&](const StartedJob& job) { return FollowJob(job); },
          [&](const JobList& list) {
            watcher_.ReportEnded();
            return DrawTable(JobsTable(list.jobs, Zone()));
          },
          [&](const JobDetails& details) { return DrawTable(JobTableOf(details.job, Zone())); },
          [&](const StoppingJob& stop) { return FollowStop(stop); },
          [&](const SourceFindings& checked) {
            console_.Print(FindingsText(checked.findings, console_.options().json));
            return StatusOf(checked.findings);
          },
          [&](const RefusedStatement& refused) { return console_.Fail(kExitSql, refused.reason); },
          [&](const FailedStart& failed) {
            return console_.Fail(kExitFailed, failed.status.message());
          },
      },
      result);
}

int ScriptRunner::FollowJob(const StartedJob& job) {
  console_.Inform(fmt::format("Job {} was started.\nJob ID: {}", job.name, job.id));
  if (!session().settings().Boolean("table.dml-sync")) return kExitOk;
  const int status = watcher_.WaitFor(job.id, 0);
  if (status == kExitOk) {
    console_.Say("[INFO] Complete execution of the SQL update statement.\n");
  }
  return status;
}

int ScriptRunner::FollowStop(const StoppingJob& stop) {
  const int status = watcher_.WaitFor(stop.id, 1);
  if (status != kExitOk) return status;
  if (!stop.with_savepoint) return ReportSuccess();
  const std::optional<JobRecord> job = watcher_.jobs().Find(stop.id);
  ResultTable table{{"savepoint path"}, {{std::nullopt}}};
  if (job && !job->checkpoint_file.empty()) table.rows[0][0] = job->checkpoint_file;
  return DrawTable(table);
}

int ScriptRunner::DrawTable(const ResultTable& table) const {
  PrintTable(table, StyleFrom(session().settings()), SystemClock().NowMs() - started_ms_,
             console_.out());
  std::fflush(console_.out());
  return kExitOk;
}

int ScriptRunner::ReportSuccess() const {
  if (console_.options().interactive) console_.Inform("Execute statement succeeded.");
  return kExitOk;
}

// In the words of Flink's client.
int ScriptRunner::ReportStatementSet(bool was_in_set) const {
  console_.Inform(!was_in_set ? "Begin a statement set."
                  : session().in_statement_set()
                      ? "Add SQL update statement to the statement set."
                      : "No statement in the statement set, skip submit.");
  return kExitOk;
}

int ScriptRunner::CheckEnd() const {
  if (!session().in_statement_set() || SignalsSeen() > 0) return kExitOk;
  return console_.Fail(kExitSql, std::string(kOpenStatementSet));
}

TimeZone ScriptRunner::Zone() const {
  return TimeZone::Parse(session().settings().Text("table.local-time-zone")).value_or(TimeZone());
}

}  // namespace millrace
