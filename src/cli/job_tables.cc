#include "cli/job_tables.h"

#include <fmt/format.h>

#include "cli/progress_line.h"
#include "row/print.h"

namespace millrace {
namespace {

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

std::string TableText(const JobTable& table) {
  return fmt::format("{} ({})", table.name.substr(table.name.rfind('.') + 1), table.connector);
}

}  // namespace

ResultTable JobsTable(const std::vector<JobRecord>& jobs, const TimeZone& zone) {
  ResultTable table{{"job id", "job name", "status", "start time", "position", "rows", "lag",
                     "latest checkpoint"},
                    {}};
  for (const JobRecord& job : jobs) {
    const SourceProgress& source = job.progress.source;
    table.rows.push_back({job.id, job.name, std::string(ToString(job.status)),
                          TimeText(job.start_wall_ms, zone), PositionText(source),
                          Grouped(job.progress.rows), LagText(source),
                          CheckpointText(job.progress, zone)});
  }
  return table;
}

ResultTable JobTableOf(const JobRecord& job, const TimeZone& zone) {
  const JobProgress& progress = job.progress;
  ResultTable table{{"name", "value"}, {}};
  const auto add = [&](std::string name, std::optional<std::string> value) {
    if (value) table.rows.push_back({std::move(name), std::move(value)});
  };
  add("job id", job.id);
  add("job name", job.name);
  add("status", std::string(ToString(job.status)));
  add("start time", TimeText(job.start_wall_ms, zone));
  if (!job.running()) add("end time", TimeText(job.end_wall_ms, zone));
  for (size_t i = 0; i < job.sources.size(); ++i) {
    const bool known = i < progress.sources.size();
    add("source", TableText(job.sources[i]) + (known ? ": " + ToText(progress.sources[i]) : ""));
  }
  for (size_t i = 0; i < job.sinks.size(); ++i) {
    const bool known = i < progress.sink_rows.size();
    add("sink", TableText(job.sinks[i]) +
                    (known ? fmt::format(": {} rows", Grouped(progress.sink_rows[i])) : ""));
  }
  add("phase", std::string(ToString(progress.source.phase)));
  add("position", PositionText(progress.source));
  add("rows", Grouped(progress.rows));
  add("lag", LagText(progress.source));
  if (progress.source.lag_bytes >= 0) add("lag in bytes", Grouped(progress.source.lag_bytes));
  add("latest checkpoint", CheckpointText(progress, zone));
  if (!job.checkpoint_file.empty()) add("checkpoint file", job.checkpoint_file);
  add("restarts", std::to_string(progress.restarts));
  if (!progress.last_error.empty()) add("last error", progress.last_error);
  return table;
}

std::string ClosingLine(const JobRecord& job) {
  const JobProgress& progress = job.progress;
  if (job.progress.source.phase == SourcePhase::kDone) {
    return fmt::format("job {}: done: {} rows in all", job.name, Grouped(progress.rows));
  }
  const std::string position =
      progress.source.position.empty() ? "" : ", at " + progress.source.position;
  if (progress.checkpoint == 0) {
    return fmt::format(
        "job {}: stopped before its first checkpoint; run the same script again to start from the "
        "beginning",
        job.name);
  }
  return fmt::format(
      "job {}: stopped at checkpoint {}: {} rows in all{}; run the same script again to go on",
      job.name, progress.checkpoint, Grouped(progress.rows), position);
}

}  // namespace millrace
