// Checkpoint files: the only commit point there is. <dir>/<job>/chk-<n>.json, readable, without
// secrets. The newest one counts; a few older ones are kept for people to look at.
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

namespace millrace {

struct Checkpoint {
  uint64_t number = 0;
  std::string position;  // the source's own JSON
  std::string token;     // the sink's own JSON; empty: nothing was ever prepared
  int64_t rows = 0;      // given to the sink since the job began
};

class CheckpointStore final {
 public:
  // `files` and `clock` must outlive the store. Nothing is touched yet.
  CheckpointStore(Files* files, Clock* clock, const Plan& plan);

  // Takes the job for this process. Permanent error naming the holder if another one runs it.
  Status Lock();
  // The newest checkpoint; nothing if there is none. Permanent error, with the ways out, if it is
  // damaged or belongs to another plan.
  Result<std::optional<Checkpoint>> Latest() const;
  // After an ok it is there for good. Older files beyond a few are removed.
  Status Write(const Checkpoint& checkpoint);
  // Removes all checkpoints (--fresh) but the newest one's token, which the sink needs to find and
  // drop what is prepared.
  Result<std::string> Forget();

  const std::string& folder() const { return folder_; }

 private:
  Result<std::vector<uint64_t>> Numbers() const;
  std::string PathOf(uint64_t number) const;
  Result<Checkpoint> Read(uint64_t number, bool check_plan) const;

  Files* const files_;
  Clock* const clock_;
  const std::string job_;
  const std::string folder_;
  const std::string fingerprint_;
  const std::vector<std::string> fingerprint_lines_;
  std::unique_ptr<FileLock> lock_;
};

// `plan.checkpoint_dir`, or $XDG_STATE_HOME/millrace, or ~/.local/state/millrace.
std::string CheckpointFolder(const Plan& plan);

}  // namespace millrace
