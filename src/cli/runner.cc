#include "cli/runner.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/result_table.h"
#include "cli/signals.h"
#include "connectors/connector_list.h"
#include "sql/splitter.h"

namespace millrace {
namespace {

constexpr int64_t kLookAgainMs = 20;
constexpr int64_t kProgressMs = 500;
constexpr size_t kColumnsDefault = 80;

void Put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

size_t TerminalColumns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kColumnsDefault;
}

}  // namespace

bool ShowsProgress(const CommandLine& line) {
  return line.progress && line.command == Command::kRun && ::isatty(STDERR_FILENO) != 0;
}

std::optional<std::string> ReadScript(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    Put(fmt::format("millrace: script {} cannot be read\n", Quoted(path)));
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Runner::Runner(const CommandLine& line, Log* log)
    : line_(line),
      log_(log),
      color_(line.color.value_or(::isatty(STDERR_FILENO) != 0)),
      progress_(ShowsProgress(line)),
      session_(AllConnectors()) {}

void Runner::Say(const std::string& text) const {
  Put(progress_ ? std::string(kEraseLine) + text : text);
}

JobEnvironment Runner::Environment() const {
  return {{&SystemClock(), log_}, &SystemFiles(), AllConnectors(), line_.fresh};
}

void Runner::Show(const Diagnostics& diagnostics, const std::string& file,
                  std::string_view script) {
  for (const Diagnostic& diagnostic : diagnostics) {
    Say(line_.json ? RenderJson(diagnostic, file, script)
                   : Render(diagnostic, file, script, color_));
  }
}

int Runner::ApplySettings() {
  for (const auto& [key, value] : line_.settings) {
    Diagnostics diagnostics;
    const bool accepted = session_.SetValue(key, value, &diagnostics);
    for (const Diagnostic& diagnostic : diagnostics) {
      Say(fmt::format("millrace: -D {}={}: {}\n", key, value, diagnostic.message));
    }
    if (!accepted) return kExitUsage;
  }
  return kExitOk;
}

std::optional<Outcome> Runner::Execute(const std::string& file, std::string_view script,
                                       size_t begin, size_t end) {
  Diagnostics diagnostics;
  std::optional<Outcome> outcome =
      session_.Execute(script.substr(begin, end - begin), begin, &diagnostics);
  Show(diagnostics, file, script);
  return outcome;
}

int Runner::RunScript(const std::string& file, std::string_view text) {
  for (const sql::Piece& piece : sql::Split(text).statements) {
    if (SignalsSeen() > 0) return kExitOk;
    std::optional<Outcome> outcome = Execute(file, text, piece.begin, piece.end);
    if (!outcome) return kExitSql;
    const int status = RunOutcome(std::move(*outcome));
    if (status != kExitOk) return status;
  }
  return kExitOk;
}

int Runner::CheckScript(const std::string& file, std::string_view text) {
  bool accepted = true;
  for (const sql::Piece& piece : sql::Split(text).statements) {
    accepted = Execute(file, text, piece.begin, piece.end).has_value() && accepted;
  }
  return accepted ? kExitOk : kExitSql;
}

int Runner::ExplainScript(const std::string& file, std::string_view text) {
  for (const sql::Piece& piece : sql::Split(text).statements) {
    const std::optional<Outcome> outcome = Execute(file, text, piece.begin, piece.end);
    if (!outcome) return kExitSql;
    const bool has_plan =
        outcome->kind == Outcome::Kind::kInsert || outcome->kind == Outcome::Kind::kSelect;
    if (!has_plan) continue;
    const std::string shown =
        line_.json ? ToJson(outcome->plan) : Explain(outcome->plan, AllConnectors()) + "\n";
    std::fwrite(shown.data(), 1, shown.size(), stdout);
  }
  std::fflush(stdout);
  return kExitOk;
}

int Runner::RunOutcome(Outcome outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::kDone:
      return kExitOk;
    case Outcome::Kind::kTable:
      PrintTable(outcome.table, stdout);
      std::fflush(stdout);
      return kExitOk;
    case Outcome::Kind::kSelect:
      return RunSelectPlan(outcome.plan);
    case Outcome::Kind::kInsert:
      return StartJob(std::move(outcome.plan));
  }
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
  ResultSink sink(plan, IsStreaming(plan), stdout);
  const int signals_before = SignalsSeen();
  const Status status = RunSelect(plan, Environment(), &sink,
                                  [signals_before] { return SignalsSeen() > signals_before; });
  if (!status.ok()) {
    Say(fmt::format("error: {}\n", status.message()));
    return kExitFailed;
  }
  sink.Finish();
  return kExitOk;
}

int Runner::StartJob(Plan plan) {
  ReportEndedJobs();  // an ended job would still hold its lock
  for (const auto& job : jobs_) {
    if (job->plan().job == plan.job && !job->finished()) {
      Say(fmt::format(
          "error: a job called {} runs already; give this one another 'pipeline.name'\n",
          Quoted(plan.job)));
      return kExitFailed;
    }
  }
  Say(fmt::format(
      "[INFO] Submitting SQL update statement to the cluster...\n"
      "[INFO] SQL update statement has been successfully submitted to the cluster:\nJob: {}\n",
      plan.job));
  jobs_.push_back(std::make_unique<Job>(std::move(plan), Environment()));
  jobs_.back()->Start();
  return kExitOk;
}

size_t Runner::running_jobs() const {
  return static_cast<size_t>(
      std::count_if(jobs_.begin(), jobs_.end(), [](const auto& job) { return !job->finished(); }));
}

void Runner::ReportEndedJobs() {
  std::erase_if(jobs_, [&](const std::unique_ptr<Job>& job) {
    if (!job->finished()) return false;
    const Status end = job->Wait();
    if (end.ok()) {
      Say(fmt::format("[INFO] Job {} ended after {} rows.\n", job->plan().job,
                      job->progress().rows));
    } else {
      Say(fmt::format("error: job {} failed: {}\n", job->plan().job, end.message()));
      job_failed_ = true;
    }
    return true;
  });
}

void Runner::ShowProgress() {
  const int64_t now_ms = SystemClock().NowMs();
  std::vector<std::string> texts;
  for (const auto& job : jobs_) {
    if (job->finished()) continue;
    const JobProgress progress = job->progress();
    const int64_t rate = rates_.Look(job->plan().job, progress.rows, now_ms);
    texts.push_back(ProgressText(progress, rate, SystemClock().WallMs()));
  }
  Put(std::string(kEraseLine) + Shortened(Join(texts, " | "), TerminalColumns() - 1));
}

int Runner::Wait(bool stop) {
  const int signals_before = stop ? SignalsSeen() : 0;
  int requests = 0;
  bool failed = false;
  int64_t shown_ms = 0;
  while (running_jobs() > 0) {
    for (const auto& job : jobs_) {
      if (!job->finished() || failed) continue;
      failed = !job->Wait().ok();
    }
    const int asked = SignalsSeen() - signals_before + (stop ? 1 : 0);
    const int wanted = std::max(std::min(asked, 2), failed ? 1 : 0);
    for (; requests < wanted; ++requests) {
      if (requests == 0) log_->Info("stopping after a last checkpoint");
      for (const auto& job : jobs_) job->RequestStop();
    }
    if (progress_ && SystemClock().NowMs() - shown_ms >= kProgressMs) {
      ShowProgress();
      shown_ms = SystemClock().NowMs();
    }
    SystemClock().SleepMs(kLookAgainMs);
  }
  if (progress_ && shown_ms > 0) Put(kEraseLine);
  for (const auto& job : jobs_) {
    const Status end = job->Wait();
    if (end.ok()) continue;
    Say(fmt::format("error: job {} failed: {}\n", job->plan().job, end.message()));
    job_failed_ = true;
  }
  jobs_.clear();
  return job_failed_ ? kExitFailed : kExitOk;
}

}  // namespace millrace
