#include "runtime/checkpoint_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/quote.h"
#include "runtime/state_folder.h"

namespace millrace {
namespace {

constexpr size_t kDifferencesShown = 10;

std::string Differences(const std::vector<std::string>& before,
                        const std::vector<std::string>& now) {
  std::string text;
  size_t shown = 0;
  const auto add = [&](const char* sign, const std::vector<std::string>& lines,
                       const std::vector<std::string>& others) {
    for (const std::string& line : lines) {
      if (std::find(others.begin(), others.end(), line) != others.end()) continue;
      if (shown++ < kDifferencesShown) text += fmt::format("\n  {} {}", sign, line);
    }
  };
  add("-", before, now);
  add("+", now, before);
  return text;
}

template <typename Items>
std::vector<std::string> TableNames(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.table.name);
  return names;
}

Status Damaged(const std::string& path, std::string_view what) {
  return Status::Permanent(
      fmt::format("checkpoint file {} is damaged ({}); remove it to go on from the checkpoint "
                  "before it (rows since then are loaded again), or load everything again with "
                  "--fresh",
                  path, what));
}

}  // namespace

CheckpointStore::CheckpointStore(Files* files, Clock* clock, const Plan& plan)
    : files_(files),
      clock_(clock),
      job_(plan.job),
      retained_(static_cast<size_t>(plan.checkpoints_retained)),
      sources_(TableNames(plan.sources)),
      sinks_(TableNames(plan.sinks)),
      plan_(plan),
      fingerprint_(Fingerprint(plan)),
      fingerprint_lines_(FingerprintLines(plan)) {
  Result<std::string> folder = JobFolder(plan);
  folder_status_ = folder.status();
  if (folder.ok()) folder_ = std::move(*folder);
}

Status CheckpointStore::Lock() {
  if (lock_ != nullptr) return Status::Ok();
  constexpr std::string_view kContext = "it cannot be started";
  MR_RETURN_IF_ERROR(folder_status_.Annotated(std::string(kContext)));
  auto lock = files_->Lock(folder_ + "/lock");
  if (!lock.ok()) {
    const std::string_view advice =
        lock.status().transient()
            ? "a job runs in one process at a time, give this one another 'pipeline.name'"
            : "'execution.checkpointing.dir' names the folder of checkpoints";
    return Status::Permanent(fmt::format("{}: {}; {}", kContext, lock.status().message(), advice));
  }
  lock_ = std::move(*lock);
  return Status::Ok();
}

Result<std::vector<uint64_t>> CheckpointStore::Numbers() const {
  MR_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->List(folder_));
  std::vector<uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = CheckpointNumber(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<CheckpointFile> CheckpointStore::Read(uint64_t number) const {
  const std::string path = PathOf(number);
  MR_ASSIGN_OR_RETURN(const std::string text, files_->Read(path));
  Result<CheckpointFile> file = ParseCheckpoint(text);
  if (!file.ok()) return Damaged(path, file.status().message());
  if (file->version != kCheckpointVersion) {
    return Status::Permanent(fmt::format("checkpoint file {} has version {}, this program reads {}",
                                         path, file->version, kCheckpointVersion));
  }
  if (file->checkpoint.number != number) {
    return Damaged(path, "its name does not fit the checkpoint in it");
  }
  return file;
}

Status CheckpointStore::CheckPlan(const CheckpointFile& file, const std::string& path) const {
  if (file.fingerprint != fingerprint_ && !FitsLines(plan_, file.plan)) {
    return Status::Permanent(fmt::format(
        "the plan of job {} no longer fits its checkpoint {}:{}\nLoad everything again with "
        "--fresh, or give the new plan another 'pipeline.name'",
        Quoted(job_), path, Differences(file.plan, fingerprint_lines_)));
  }
  if (file.source_tables.size() != sources_.size() || file.sink_tables.size() != sinks_.size()) {
    return Damaged(path, "it has another number of sources or sinks than its plan");
  }
  return Status::Ok();
}

Result<std::optional<Checkpoint>> CheckpointStore::Latest() const {
  MR_ASSIGN_OR_RETURN(const uint64_t number, LatestNumber());
  if (number == 0) return std::optional<Checkpoint>();
  MR_ASSIGN_OR_RETURN(CheckpointFile file, Read(number));
  MR_RETURN_IF_ERROR(CheckPlan(file, PathOf(number)));
  return std::optional<Checkpoint>(std::move(file.checkpoint));
}

Result<uint64_t> CheckpointStore::LatestNumber() const {
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  return numbers.empty() ? uint64_t{0} : numbers.back();
}

Status CheckpointStore::Write(const Checkpoint& checkpoint) {
  MR_CHECK(checkpoint.number > 0, "a checkpoint that is written has a number");
  MR_CHECK(checkpoint.positions.size() == sources_.size(), "every source has a position");
  MR_CHECK(checkpoint.tokens.size() == sinks_.size() && checkpoint.rows.size() == sinks_.size(),
           "every sink has a token and a count of rows");
  const CheckpointFile file{.job = job_,
                            .wall_ms = clock_->WallMs(),
                            .checkpoint = checkpoint,
                            .source_tables = sources_,
                            .sink_tables = sinks_,
                            .fingerprint = fingerprint_,
                            .plan = fingerprint_lines_};
  MR_RETURN_IF_ERROR(files_->WriteAtomically(PathOf(checkpoint.number), CheckpointText(file)));
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  for (size_t i = 0; i + retained_ < numbers.size(); ++i) {
    MR_RETURN_IF_ERROR(files_->Remove(PathOf(numbers[i])));
  }
  return Status::Ok();
}

Result<Checkpoint> CheckpointStore::StartOver() {
  Checkpoint checkpoint;
  checkpoint.positions.resize(sources_.size());
  checkpoint.tokens.resize(sinks_.size());
  checkpoint.rows.resize(sinks_.size());
  MR_ASSIGN_OR_RETURN(const uint64_t newest, LatestNumber());
  if (newest == 0) return checkpoint;
  // A damaged file, or one of another version, names no token: then nothing can be known of what
  // was prepared.
  if (const Result<CheckpointFile> file = Read(newest); file.ok()) {
    for (size_t i = 0; i < file->sink_tables.size(); ++i) {
      const auto at = std::find(sinks_.begin(), sinks_.end(), file->sink_tables[i]);
      if (at == sinks_.end()) continue;
      checkpoint.tokens[static_cast<size_t>(at - sinks_.begin())] = file->checkpoint.tokens[i];
    }
  }
  checkpoint.number = newest + 1;
  MR_RETURN_IF_ERROR(Write(checkpoint));
  return checkpoint;
}

}  // namespace millrace
