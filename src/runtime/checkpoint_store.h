// The checkpoint files of one job, <folder>/<job>/chk-<n>.json: writing one is the one and only
// commit point. The newest one counts; a few older ones are kept for people to look at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "plan/plan.h"
#include "runtime/checkpoint.h"

namespace millrace {

class CheckpointStore final {
 public:
  // `files` and `clock` must outlive the store. Nothing is touched yet.
  // All of it outlives the store.
  CheckpointStore(Files* files, Clock* clock, const Plan& plan);

  // Takes the job for this process; comes before everything else. Permanent error: another process,
  // which is named, runs it, or there is no usable folder.
  Status Lock();
  // The newest checkpoint; nothing if there is none. Permanent error, with what to do, if it is
  // damaged or belongs to another plan.
  Result<std::optional<Checkpoint>> Latest() const;
  // The number of the newest checkpoint, whatever is in its file; 0: none.
  Result<uint64_t> LatestNumber() const;
  // After an ok it is there for good. Older files beyond those to retain are removed.
  Status Write(const Checkpoint& checkpoint);
  // --fresh: a checkpoint from which everything is read from the start, written unless there is
  // nothing to forget (number 0). It keeps the tokens of the newest one, whatever plan that belongs
  // to, with which the sinks find and roll back what earlier runs have prepared.
  Result<Checkpoint> StartOver();

  // Empty if there is no usable folder.
  const std::string& folder() const { return folder_; }

 private:
  Result<std::vector<uint64_t>> Numbers() const;
  std::string PathOf(uint64_t number) const { return folder_ + "/" + CheckpointFileName(number); }
  Result<CheckpointFile> Read(uint64_t number) const;
  Status CheckPlan(const CheckpointFile& file, const std::string& path) const;

  Files* const files_;
  Clock* const clock_;
  const std::string job_;
  Status folder_status_;
  std::string folder_;
  const size_t retained_;
  const std::vector<std::string> sources_;  // names of the tables
  const std::vector<std::string> sinks_;
  const Plan& plan_;
  const std::string fingerprint_;
  const std::vector<std::string> fingerprint_lines_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace millrace
