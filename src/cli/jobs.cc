#include "cli/jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "cli/progress_line.h"
#include "row/print.h"
#include "runtime/state_folder.h"

namespace millrace {
namespace {

constexpr size_t kEndedKeptMax = 100;

std::string TimeText(int64_t wall_ms, const TimeZone& zone) {
  char text[kCellTextMax];
  return {text, PrintTimestamp(text, zone.ToLocal(wall_ms * 1000), 3)};
}

std::string PositionText(const SourceProgress& source) {
  if (source.phase == SourcePhase::kSnapshot && source.tables > 0) {
    return fmt::format("snapshot, {}/{} tables", source.tables_done, source.tables);
  }
  return source.position.empty() ? std::string(ToString(source.phase)) : source.position;
}

std::optional<std::string> LagText(const SourceProgress& source) {
  if (source.lag_ms < 0) return std::nullopt;
  return fmt::format("{:.1f} s", static_cast<double>(source.lag_ms) / 1000);
}

std::optional<std::string> CheckpointText(const JobProgress& progress, const TimeZone& zone) {
  if (progress.checkpoint == 0) return std::nullopt;
  if (progress.checkpoint_wall_ms == 0) return fmt::format("chk-{}", progress.checkpoint);
  return fmt::format("chk-{} at {}", progress.checkpoint,
                     TimeText(progress.checkpoint_wall_ms, zone));
}

std::string ShortName(const std::string& table) { return table.substr(table.rfind('.') + 1); }

}  // namespace

std::string_view ToString(JobStatus status) {
  switch (status) {
    case JobStatus::kRunning:
      return "RUNNING";
    case JobStatus::kCancelling:
      return "CANCELLING";
    case JobStatus::kFinished:
      return "FINISHED";
    case JobStatus::kCanceled:
      return "CANCELED";
    case JobStatus::kFailed:
      return "FAILED";
  }
  return "";
}

Jobs::Jobs(JobEnvironment environment, std::function<uint64_t()> random)
    : environment_(std::move(environment)), random_(std::move(random)) {}

std::string Jobs::NewId() const { return fmt::format("{:016x}{:016x}", random_(), random_()); }

Result<const JobRecord*> Jobs::Start(Plan plan) {
  for (const JobRecord& record : records_) {
    if (record.running() && record.plan.job == plan.job) {
      return Status::Permanent(fmt::format(
          "a job called {} runs already; stop it, or give this one another 'pipeline.name'",
          Quoted(plan.job)));
    }
  }
  const auto ended = std::count_if(records_.begin(), records_.end(),
                                   [](const auto& one) { return !one.running(); });
  if (static_cast<size_t>(ended) >= kEndedKeptMax) {
    records_.erase(std::find_if(records_.begin(), records_.end(),
                                [](const auto& one) { return !one.running(); }));
  }
  JobRecord& record = records_.emplace_back();
  record.id = NewId();
  record.plan = std::move(plan);
  record.start_wall_ms = environment_.environment.clock->WallMs();
  record.job = std::make_unique<Job>(record.plan, environment_);
  record.job->Start();
  return &record;
}

const JobRecord* Jobs::Find(std::string_view id) const {
  const auto found = std::find_if(records_.begin(), records_.end(), [&](const JobRecord& record) {
    return EqualsIgnoreCase(record.id, id) || (record.running() && record.plan.job == id);
  });
  return found == records_.end() ? nullptr : &*found;
}

void Jobs::RequestStop(std::string_view id, bool with_savepoint) {
  for (JobRecord& record : records_) {
    if (record.id != id || !record.running()) continue;
    record.job->RequestStop();
    ++record.stop_requests;
    record.with_savepoint = record.with_savepoint || with_savepoint;
    record.status = JobStatus::kCancelling;
  }
}

void Jobs::RequestStopAll() {
  for (const std::string& id : RunningIds()) RequestStop(id);
}

size_t Jobs::running() const { return RunningIds().size(); }

std::vector<std::string> Jobs::RunningIds() const {
  std::vector<std::string> ids;
  for (const JobRecord& record : records_) {
    if (record.running()) ids.push_back(record.id);
  }
  return ids;
}

std::vector<std::string> Jobs::RunningNames() const {
  std::vector<std::string> names;
  for (const JobRecord& record : records_) {
    if (record.running()) names.push_back(record.plan.job);
  }
  return names;
}

std::vector<std::string> Jobs::Refresh() {
  std::vector<std::string> ended;
  for (JobRecord& record : records_) {
    if (!record.running()) continue;
    const bool finished = record.job->finished();
    if (finished) record.end = record.job->Wait();
    record.progress = record.job->progress();
    if (!finished) continue;
    const bool canceled = record.stop_requests > 0 && !record.with_savepoint;
    record.status = canceled ? JobStatus::kCanceled : JobStatus::kFinished;
    if (!record.end.ok()) record.status = JobStatus::kFailed;
    record.end_wall_ms = environment_.environment.clock->WallMs();
    record.job.reset();  // and its lock
    ended.push_back(record.id);
  }
  return ended;
}

ResultTable Jobs::Show(const TimeZone& zone) {
  ResultTable table{
      {"job id", "job name", "status", "start time", "position", "rows", "lag", "last checkpoint"},
      {}};
  for (const JobRecord& record : records_) {
    const SourceProgress& source = record.progress.source;
    table.rows.push_back({record.id, record.plan.job, std::string(ToString(record.status)),
                          TimeText(record.start_wall_ms, zone), PositionText(source),
                          Grouped(record.progress.rows), LagText(source),
                          CheckpointText(record.progress, zone)});
  }
  return table;
}

ResultTable Jobs::Describe(const JobRecord& record, const TimeZone& zone) {
  const JobProgress& progress = record.progress;
  ResultTable table{{"name", "value"}, {}};
  const auto add = [&](std::string name, std::optional<std::string> value) {
    if (value) table.rows.push_back({std::move(name), std::move(value)});
  };
  add("job id", record.id);
  add("job name", record.plan.job);
  add("status", std::string(ToString(record.status)));
  add("start time", TimeText(record.start_wall_ms, zone));
  if (record.end_wall_ms != 0) add("end time", TimeText(record.end_wall_ms, zone));
  add("source", fmt::format("{} ({})", ShortName(record.plan.sources[0].table.name),
                            record.plan.sources[0].table.connector));
  add("sink", fmt::format("{} ({})", ShortName(record.plan.sinks[0].table.name),
                          record.plan.sinks[0].table.connector));
  add("phase", std::string(ToString(progress.source.phase)));
  add("position", PositionText(progress.source));
  add("rows", Grouped(progress.rows));
  add("lag", LagText(progress.source));
  add("last checkpoint", CheckpointText(progress, zone));
  if (const std::string path = CheckpointPath(record); !path.empty()) add("checkpoint file", path);
  add("restarts", std::to_string(progress.restarts));
  if (!progress.last_error.empty()) add("last error", progress.last_error);
  return table;
}

std::string Jobs::CheckpointPath(const JobRecord& record) const {
  return millrace::CheckpointPath(record.plan, record.progress.checkpoint);
}

}  // namespace millrace
