#include "cli/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/quote.h"
#include "base/units.h"
#include "cli/live_table.h"
#include "cli/plan_file.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/text_file.h"
#include "cli/variables.h"
#include "cli/words.h"
#include "connectors/connector_list.h"
#include "sql/splitter.h"

namespace millrace {
namespace {

constexpr int64_t kLookAgainMs = 20;
constexpr int64_t kProgressMs = 500;
constexpr int kSourceDepthMax = 16;
constexpr std::string_view kClearScreen = "\033[H\033[2J";

void Put(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace

bool ShowsProgress(const CommandLine& line) {
  return line.progress && line.command == Command::kRun && ObeysEscapes(stderr);
}

Runner::Runner(const CommandLine& line, Log* log, RunnerWorld world)
    : line_(line),
      log_(log),
      world_(std::move(world)),
      color_(line.color.value_or(ObeysEscapes(world_.err))),
      progress_(ShowsProgress(line)),
      session_(AllConnectors()),
      jobs_(Environment(), world_.random) {}

void Runner::Say(const std::string& text) const {
  Put(world_.err, progress_ ? std::string(kEraseLine) + text : text);
}

int Runner::Complain(int status, const std::string& text) const {
  Say(fmt::format("error: {}\n", text));
  return status;
}

void Runner::Succeeded() const {
  if (interactive_) Say("[INFO] Execute statement succeeded.\n\n");
}

// In the words of Flink's client.
void Runner::TellOfStatementSet(bool was_in_set) const {
  if (line_.command != Command::kRun) return;
  Say(fmt::format("[INFO] {}\n\n", !was_in_set ? "Begin a statement set."
                                   : session_.in_statement_set()
                                       ? "Add SQL update statement to the statement set."
                                       : "No statement in the statement set, skip submit."));
}

int Runner::CheckEnd() const {
  if (!session_.in_statement_set() || SignalsSeen() > 0) return kExitOk;
  return Complain(kExitSql, "the statement set was not submitted: END; is missing");
}

JobEnvironment Runner::Environment() const {
  return {{&SystemClock(), log_}, &SystemFiles(), AllConnectors(), line_.fresh};
}

TimeZone Runner::Zone() const {
  return TimeZone::Parse(session_.settings().Text("table.local-time-zone")).value_or(TimeZone());
}

void Runner::Show(const Diagnostics& diagnostics, const Script& script) {
  for (const Diagnostic& diagnostic : diagnostics) {
    Say(line_.json ? RenderJson(diagnostic, script.file, script.text)
                   : Render(diagnostic, script.file, script.text, color_));
  }
}

int Runner::ApplySettings() {
  const auto apply = [&](const std::string& key, const std::string& value) {
    Diagnostics diagnostics;
    const bool accepted = session_.SetValue(key, value, &diagnostics);
    for (const Diagnostic& diagnostic : diagnostics) {
      Say(fmt::format("millrace: -D {}: {}\n", key, diagnostic.message));
    }
    return accepted;
  };
  for (const auto& [key, value] : line_.settings) {
    if (IsVariableName(key)) {
      variables_[key] = value;
    } else if (!apply(key, value)) {
      return kExitUsage;
    }
  }
  if (session_.settings().Boolean("millrace.expand-variables")) return kExitOk;
  for (const auto& [key, value] : variables_) {
    if (!apply(key, value)) return kExitUsage;
  }
  return kExitOk;
}

std::optional<std::string> Runner::FindVariable(const std::string& name) const {
  const auto defined = variables_.find(name);
  if (defined != variables_.end()) return defined->second;
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

std::optional<Outcome> Runner::Compile(const Script& script, size_t begin, size_t end,
                                       Diagnostics* diagnostics) {
  const std::string_view statement = script.text.substr(begin, end - begin);
  if (!session_.settings().Boolean("millrace.expand-variables")) {
    return session_.Execute(statement, begin, diagnostics);
  }
  const auto lookup = [this](const std::string& name) { return FindVariable(name); };
  const std::optional<ExpandedStatement> expanded =
      ExpandVariables(script.text, begin, end, lookup, diagnostics);
  if (!expanded) return std::nullopt;
  std::optional<Outcome> outcome = session_.Execute(expanded->text(), 0, diagnostics);
  for (Diagnostic& diagnostic : *diagnostics) diagnostic = expanded->InScript(diagnostic);
  return outcome;
}

// Complaints about what has no definition because its own CREATE was complained about already.
// Names of what a refused CREATE would have defined are not reported again.
void Runner::SuppressFollowOnErrors(const Script& script, Diagnostics* diagnostics) const {
  std::erase_if(*diagnostics, [&](const Diagnostic& diagnostic) {
    const size_t length = diagnostic.span.end - diagnostic.span.begin;
    const std::vector<Word> words = ScanWords(script.text.substr(diagnostic.span.begin, length));
    if (words.empty()) return false;
    const std::string& name = words.back().text;
    if (diagnostic.code == DiagnosticCode::kUnknownTable) return failed_.contains({"table", name});
    return diagnostic.code == DiagnosticCode::kUnknownObject &&
           (failed_.contains({"database", name}) || failed_.contains({"catalog", name}));
  });
}

std::optional<Outcome> Runner::Execute(const Script& script, size_t begin, size_t end) {
  Diagnostics diagnostics;
  std::optional<Outcome> outcome = Compile(script, begin, end, &diagnostics);
  if (const auto created = FindCreated(script.text.substr(begin, end - begin))) {
    if (outcome) {
      failed_.erase(*created);
    } else {
      failed_.insert(*created);
    }
  }
  if (line_.command == Command::kCheck) SuppressFollowOnErrors(script, &diagnostics);
  Show(diagnostics, script);
  return outcome;
}

int Runner::RunScript(const std::string& file, std::string_view text) { return Run({file, text}); }

int Runner::Run(const Script& script) {
  int worst = kExitOk;
  for (const sql::Piece& piece : sql::Split(script.text).statements) {
    if (SignalsSeen() > 0 || told_to_quit_) return worst;
    const int status = RunStatement(script, piece.begin, piece.end);
    if (status != kExitOk && line_.command != Command::kCheck) return status;
    worst = std::max(worst, status);
  }
  return worst;
}

int Runner::RunStatement(const Script& script, size_t begin, size_t end) {
  started_ms_ = SystemClock().NowMs();
  if (const auto command = ParseShellCommand(script.text.substr(begin, end - begin))) {
    return RunCommand(script, *command, {begin, end});
  }
  const bool was_in_set = session_.in_statement_set();
  std::optional<Outcome> outcome = Execute(script, begin, end);
  if (!outcome) return kExitSql;
  const bool of_set = was_in_set || session_.in_statement_set();
  if (of_set && std::holds_alternative<Done>(*outcome)) {
    TellOfStatementSet(was_in_set);
    return kExitOk;
  }
  if (line_.command == Command::kRun) return RunOutcome(std::move(*outcome));
  const Plan* plan = PlanOf(*outcome);
  if (line_.command == Command::kExplain && plan != nullptr) ShowPlan(*plan);
  return kExitOk;
}

int Runner::RunCommand(const Script& script, const ShellCommand& command, Span span) {
  if (command.kind == ShellCommandKind::kSource) {
    const Result<std::string> text = ReadTextFile(command.path);
    std::string complaint = text.ok() ? "" : text.status().message();
    if (script.depth >= kSourceDepthMax) {
      complaint = fmt::format("SOURCE is nested more than {} scripts deep", kSourceDepthMax);
    }
    if (complaint.empty()) return Run({command.path, *text, script.depth + 1});
    Show({{span, complaint, ""}}, script);
    return kExitSql;
  }
  if (command.kind == ShellCommandKind::kQuit) told_to_quit_ = line_.command == Command::kRun;
  if (line_.command != Command::kRun) return kExitOk;
  if (command.kind == ShellCommandKind::kHelp) Put(world_.out, ShellHelp());
  if (command.kind == ShellCommandKind::kClear && ObeysEscapes(world_.out)) {
    Put(world_.out, kClearScreen);
  }
  return kExitOk;
}

void Runner::ShowPlan(const Plan& plan) {
  Put(world_.out, line_.json ? ToJson(plan) : Explain(plan, AllConnectors()) + "\n");
}

int Runner::RunOutcome(Outcome outcome) {
  struct Visitor {
    Runner& runner;
    int operator()(Done&) const {
      runner.Succeeded();
      return kExitOk;
    }
    int operator()(ResultTable& table) const { return runner.ShowTable(table); }
    int operator()(SelectQuery& select) const { return runner.RunSelectPlan(select.plan); }
    int operator()(InsertJob& insert) const { return runner.StartJob(std::move(insert.plan)); }
    int operator()(ShowJobs&) const {
      runner.ReportEndedJobs();
      return runner.ShowTable(runner.jobs_.Show(runner.Zone()));
    }
    int operator()(millrace::DescribeJob& describe) const {
      return runner.DescribeJob(describe.job);
    }
    int operator()(millrace::StopJob& stop) const {
      return runner.StopJob(stop.job, stop.with_savepoint);
    }
    int operator()(millrace::CompilePlan& compile) const { return runner.CompilePlan(compile); }
    int operator()(millrace::ExecutePlan& execute) const {
      return runner.ExecutePlan(execute.path);
    }
  };
  return std::visit(Visitor{*this}, outcome);
}

int Runner::ShowTable(const ResultTable& table) {
  PrintTable(table, StyleFrom(session_.settings()), SystemClock().NowMs() - started_ms_,
             world_.out);
  std::fflush(world_.out);
  return kExitOk;
}

bool Runner::IsStreaming(const Plan& plan) const {
  return std::any_of(plan.sources.begin(), plan.sources.end(), [](const PlanSource& source) {
    for (const Connector* connector : AllConnectors()) {
      if (connector->name != source.table.connector) continue;
      const Options options = Options::FromTexts(connector->options, source.table.options);
      return connector->bounded == nullptr || !connector->bounded(options);
    }
    return false;
  });
}

int Runner::RunSelectPlan(const Plan& plan) {
  const Settings& settings = session_.settings();
  const std::string mode = ToLower(Trim(settings.Text("sql-client.execution.result-mode")));
  ResultStyle style = StyleFrom(settings);
  style.op_column = IsStreaming(plan) || mode == "changelog";
  const int signals_before = SignalsSeen();
  const auto cancelled = [signals_before] { return SignalsSeen() > signals_before; };
  const auto run = [&](auto* sink, const std::function<bool()>& stop) {
    const Status status = RunSelect(plan, Environment(), sink, stop);
    if (!status.ok()) return Complain(kExitFailed, status.message());
    sink->Finish(SystemClock().NowMs() - started_ms_);
    if (cancelled()) Say("[INFO] Result retrieval cancelled.\n");
    return kExitOk;
  };
  const bool live = mode == "table" && style.op_column && style.layout == ResultLayout::kTableau &&
                    ObeysEscapes(world_.out);
  if (!live) {
    ResultSink sink(plan, style, world_.out);
    return run(&sink, cancelled);
  }
  const auto rows_max =
      ParseInteger(Trim(settings.Text("sql-client.execution.max-table-result.rows")));
  LiveTable table(plan, style, static_cast<size_t>(std::max<int64_t>(1, rows_max.value_or(1))),
                  &SystemClock(), world_.out);
  return run(&table, [&] {
    table.Tick();
    return cancelled();
  });
}

int Runner::StartJob(Plan plan) {
  ReportEndedJobs();  // an ended job would still hold its lock
  Say("[INFO] Submitting SQL update statement to the cluster...\n");
  const Result<const JobRecord*> job = jobs_.Start(std::move(plan));
  if (!job.ok()) return Complain(kExitFailed, job.status().message());
  const std::string id = (*job)->id;
  Say(fmt::format(
      "[INFO] SQL update statement has been successfully submitted to the cluster:\nJob ID: {}\n\n",
      id));
  if (!session_.settings().Boolean("table.dml-sync")) return kExitOk;
  const int status = WaitForJob(id, 0);
  if (status == kExitOk) Say("[INFO] Complete execution of the SQL update statement.\n");
  return status;
}

int Runner::DescribeJob(const std::string& id) {
  ReportEndedJobs();
  const JobRecord* job = jobs_.Find(id);
  if (job == nullptr) {
    return Complain(kExitSql, fmt::format("there is no job {}; SHOW JOBS lists them", Quoted(id)));
  }
  return ShowTable(jobs_.Describe(*job, Zone()));
}

int Runner::StopJob(const std::string& id, bool with_savepoint) {
  ReportEndedJobs();
  const JobRecord* job = jobs_.Find(id);
  if (job == nullptr) {
    return Complain(kExitSql, fmt::format("there is no job {}; SHOW JOBS lists them", Quoted(id)));
  }
  if (!job->running()) {
    return Complain(
        kExitSql, fmt::format("job {} does not run: it is {}", Quoted(id), ToString(job->status)));
  }
  const std::string job_id = job->id;
  jobs_.RequestStop(job_id, with_savepoint);
  const int status = WaitForJob(job_id, 1);
  job = jobs_.Find(job_id);
  if (status != kExitOk || job == nullptr) return status;
  if (with_savepoint) {
    ResultTable table{{"savepoint path"}, {}};
    const std::string path = jobs_.CheckpointPath(*job);
    table.rows.push_back({path.empty() ? std::nullopt : std::optional(path)});
    return ShowTable(table);
  }
  Succeeded();
  return kExitOk;
}

int Runner::CompilePlan(const millrace::CompilePlan& compile) {
  // COMPILE AND EXECUTE runs a plan that is there already, as Flink does.
  const bool may_exist = compile.if_not_exists || compile.execute;
  const Result<PlanFileWrite> written = WritePlanFile(compile.path, compile.plan, may_exist);
  if (!written.ok()) return Complain(kExitSql, written.status().message());
  if (compile.execute) return ExecutePlan(compile.path);
  Succeeded();
  return kExitOk;
}

int Runner::ExecutePlan(const std::string& path) {
  Result<Plan> plan = ReadPlanFile(path, AllConnectors());
  if (!plan.ok()) return Complain(kExitSql, plan.status().message());
  return StartJob(std::move(plan).value());
}

void Runner::ReportEndedJobs() {
  for (const std::string& id : jobs_.Refresh()) {
    const JobRecord* job = jobs_.Find(id);
    if (job->end.ok()) {
      if (interactive_) {
        Say(fmt::format("[INFO] Job {} ended after {} rows.\n", job->plan.job,
                        Grouped(job->progress.rows)));
      }
    } else {
      Complain(kExitFailed, fmt::format("job {} failed: {}", job->plan.job, job->end.message()));
      job_failed_ = true;
    }
  }
}

// Once in a while, and only on a terminal.
void Runner::ShowProgress() {
  const int64_t now_ms = SystemClock().NowMs();
  if (!progress_ || now_ms - progress_shown_ms_ < kProgressMs) return;
  progress_shown_ms_ = now_ms;
  std::vector<std::string> texts;
  for (const JobRecord& job : jobs_.records()) {
    if (!job.running()) continue;
    const int64_t rate = rates_.Look(job.plan.job, job.progress.rows, now_ms);
    texts.push_back(ProgressText(job.progress, rate, SystemClock().WallMs()));
  }
  Put(world_.err,
      std::string(kEraseLine) + Shortened(Join(texts, " | "), SizeOf(world_.err).columns - 1));
}

void Runner::EraseProgress() {
  if (progress_ && progress_shown_ms_ > 0) Put(world_.err, kEraseLine);
}

// `requests` of its stop were made. Ctrl-C makes another one.
int Runner::WaitForJob(const std::string& id, int requests) {
  const int signals_before = SignalsSeen();
  const int requests_before = requests;
  for (;;) {
    ReportEndedJobs();
    const JobRecord* job = jobs_.Find(id);
    if (!job->running()) {
      EraseProgress();
      return job->end.ok() ? kExitOk : kExitFailed;
    }
    for (; requests - requests_before < SignalsSeen() - signals_before; ++requests)
      jobs_.RequestStop(id);
    ShowProgress();
    SystemClock().SleepMs(kLookAgainMs);
  }
}

int Runner::Wait(bool stop) {
  const int signals_before = stop ? SignalsSeen() : 0;
  int requests = 0;
  for (;;) {
    ReportEndedJobs();
    if (jobs_.running() == 0) break;
    const int asked = SignalsSeen() - signals_before + (stop ? 1 : 0);
    const int wanted = std::max(std::min(asked, 2), job_failed_ ? 1 : 0);
    for (; requests < wanted; ++requests) {
      if (requests == 0) log_->Info("stopping after a last checkpoint");
      jobs_.RequestStopAll();
    }
    ShowProgress();
    SystemClock().SleepMs(kLookAgainMs);
  }
  EraseProgress();
  return job_failed_ ? kExitFailed : kExitOk;
}

}  // namespace millrace
