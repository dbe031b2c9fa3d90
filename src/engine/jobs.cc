#include "engine/jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "runtime/state_folder.h"

namespace millrace {
namespace {

template <typename Items>
std::vector<JobTable> TablesOf(const Items& items) {
  std::vector<JobTable> tables;
  for (const auto& item : items) tables.push_back({item.table.name, item.table.connector});
  return tables;
}

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
    : environment_(environment), random_(std::move(random)) {}

Jobs::~Jobs() = default;

std::string Jobs::NewId() const { return fmt::format("{:016x}{:016x}", random_(), random_()); }

Result<std::string> Jobs::Start(Plan plan) {
  Refresh();  // a job that ended would still hold its lock
  std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.record.running() && entry.record.name == plan.job) {
      return Status::Permanent(fmt::format(
          "job {} is already running; stop it, or set another 'pipeline.name'", Quoted(plan.job)));
    }
  }
  DropOldest();
  Entry& entry = entries_.emplace_back();
  entry.record.id = NewId();
  entry.record.name = plan.job;
  entry.record.sources = TablesOf(plan.sources);
  entry.record.sinks = TablesOf(plan.sinks);
  entry.record.start_wall_ms = environment_.environment.clock->WallMs();
  entry.job = std::make_unique<Job>(std::move(plan), environment_);
  entry.job->Start();
  return entry.record.id;
}

void Jobs::DropOldest() {
  const auto has_ended = [](const Entry& entry) { return !entry.record.running(); };
  const auto ended = std::count_if(entries_.begin(), entries_.end(), has_ended);
  if (static_cast<size_t>(ended) < kEndedKeptMax) return;
  entries_.erase(std::find_if(entries_.begin(), entries_.end(), has_ended));
}

Jobs::Entry* Jobs::FindEntry(std::string_view id) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.record.id == id; });
  return found == entries_.end() ? nullptr : &*found;
}

// Closing a job may wait for its connectors, so that it happens without the lock: until then others
// see the job as running.
void Jobs::Refresh() {
  std::vector<std::pair<std::string, std::unique_ptr<Job>>> finished;
  {
    std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
      if (entry.job == nullptr) continue;
      const bool has_finished = entry.job->finished();
      entry.record.progress = entry.job->progress();
      entry.record.checkpoint_file =
          CheckpointPath(entry.job->plan(), entry.record.progress.checkpoint);
      if (has_finished) finished.emplace_back(entry.record.id, std::move(entry.job));
    }
  }
  for (auto& [id, job] : finished) Close(id, std::move(job));
}

void Jobs::Close(const std::string& id, std::unique_ptr<Job> job) {
  Status end = job->Wait();
  job.reset();  // and its lock
  std::lock_guard lock(mutex_);
  Entry* entry = FindEntry(id);
  if (entry == nullptr) return;
  const bool canceled = entry->stop_requests > 0 && !entry->with_savepoint;
  entry->record.status = !end.ok()  ? JobStatus::kFailed
                         : canceled ? JobStatus::kCanceled
                                    : JobStatus::kFinished;
  entry->record.end = std::move(end);
  entry->record.end_wall_ms = environment_.environment.clock->WallMs();
  entry->end_number = ++ended_;
}

std::optional<JobRecord> Jobs::Find(std::string_view id_or_name) {
  Refresh();
  std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (EqualsIgnoreCase(entry.record.id, id_or_name) ||
        (entry.record.running() && entry.record.name == id_or_name)) {
      return entry.record;
    }
  }
  return std::nullopt;
}

std::vector<JobRecord> Jobs::List() {
  Refresh();
  std::lock_guard lock(mutex_);
  std::vector<JobRecord> records;
  for (const Entry& entry : entries_) records.push_back(entry.record);
  return records;
}

std::vector<JobRecord> Jobs::Running() {
  std::vector<JobRecord> records = List();
  std::erase_if(records, [](const JobRecord& record) { return !record.running(); });
  return records;
}

std::vector<JobRecord> Jobs::EndedSince(uint64_t* seen) {
  Refresh();
  std::lock_guard lock(mutex_);
  std::vector<const Entry*> ended;
  for (const Entry& entry : entries_) {
    if (entry.end_number > *seen) ended.push_back(&entry);
  }
  std::sort(ended.begin(), ended.end(),
            [](const Entry* a, const Entry* b) { return a->end_number < b->end_number; });
  std::vector<JobRecord> records;
  for (const Entry* entry : ended) records.push_back(entry->record);
  *seen = ended_;
  return records;
}

void Jobs::RequestStop(std::string_view id, bool with_savepoint) {
  std::lock_guard lock(mutex_);
  Entry* entry = FindEntry(id);
  if (entry == nullptr || entry->job == nullptr) return;
  entry->job->RequestStop();
  ++entry->stop_requests;
  entry->with_savepoint = entry->with_savepoint || with_savepoint;
  entry->record.status = JobStatus::kCancelling;
}

void Jobs::RequestStopAll() {
  for (const JobRecord& record : Running()) RequestStop(record.id);
}

}  // namespace millrace
