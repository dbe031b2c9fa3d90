// Where jobs keep their checkpoints: a folder of this machine, one subfolder per job.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "plan/plan.h"

namespace millrace {

// The folder of the checkpoints of all jobs: `plan.checkpoint_dir` (a path or a file:// URL), else
// $XDG_STATE_HOME/millrace, else ~/.local/state/millrace. Permanent error, with what to set, if the
// plan names another kind of storage or no folder is known.
Result<std::string> StateFolder(const Plan& plan);
// The folder of this job in it.
Result<std::string> JobFolder(const Plan& plan);
// The file of a checkpoint; empty if the folder is not known or `number` is 0.
std::string CheckpointPath(const Plan& plan, uint64_t number);

}  // namespace millrace
