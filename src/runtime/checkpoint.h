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
#include "base/json.h"
#include "base/status.h"
#include "plan/plan.h"
#include "row/position.h"

namespace millrace {

// One entry per source and per sink of the plan, in the plan's order.
struct Checkpoint {
  uint64_t number = 0;
  std::vector<Position> positions;
  std::vector<std::string> tokens;  // the sinks' own JSON; empty: nothing was ever prepared
  std::vector<int64_t> rows;        // given to the sinks since the job began
};

class CheckpointStore final {
 public:
  // `files` and `clock` must outlive the store. Nothing is touched yet.
  CheckpointStore(Files* files, Clock* clock, const Plan& plan);

  // Takes the job for this process. Permanent error: another process, which is named, runs it, or
  // the folder cannot be used.
  Status Lock();
  // The newest checkpoint; nothing if there is none. Permanent error, with the ways out, if it is
  // damaged or belongs to another plan.
  Result<std::optional<Checkpoint>> Latest() const;
  // After an ok it is there for good. Older files beyond those to retain are removed.
  Status Write(const Checkpoint& checkpoint);
  // --fresh: a checkpoint from which everything begins anew, written unless there is nothing to
  // forget (number 0). It keeps the tokens of the newest one, whatever plan that belongs to, with
  // which the sinks find and drop what earlier runs have prepared.
  Result<Checkpoint> StartOver();

  const std::string& folder() const { return folder_; }

 private:
  Result<std::vector<uint64_t>> Numbers() const;
  std::string PathOf(uint64_t number) const;
  // Of what a file says, checked for damage; `check_plan`: and for belonging to this plan.
  Result<Json> Read(uint64_t number, bool check_plan) const;

  Files* const files_;
  Clock* const clock_;
  const std::string job_;
  const std::string folder_;
  const size_t retained_;
  const std::vector<std::string> sources_;  // names of the tables
  const std::vector<std::string> sinks_;
  const std::string fingerprint_;
  const std::vector<std::string> fingerprint_lines_;
  std::unique_ptr<FileLock> lock_;
};

// `plan.checkpoint_dir`, or $XDG_STATE_HOME/millrace, or ~/.local/state/millrace.
std::string CheckpointFolder(const Plan& plan);

}  // namespace millrace
