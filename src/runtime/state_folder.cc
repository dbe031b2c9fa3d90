#include "runtime/state_folder.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/ascii.h"
#include "plan/settings.h"
#include "runtime/checkpoint.h"

namespace millrace {
namespace {

// An environment variable that names a folder. A relative path is as good as none: the job would
// not be found again from another working folder.
std::string FolderFrom(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? value : "";
}

// A job's name as the name of a folder: what a path cannot hold is written as %2F, so that two jobs
// never share one.
std::string FolderName(const std::string& job) {
  std::string name;
  for (const char c : job) {
    const bool plain = IsLetterOrDigit(c) || c == '-' || c == '_' || (c == '.' && !name.empty()) ||
                       c == ' ' || static_cast<unsigned char>(c) >= 0x80;
    if (plain) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return name.empty() ? "%" : name;
}

Status Unsupported(const std::string& dir, std::string_view what) {
  return Status::Permanent(fmt::format(
      "'execution.checkpointing.dir' = '{}' is {}, which is not supported: write a local path or "
      "file:///path",
      dir, what));
}

// Settings check this as well; a plan from a file has not passed through them.
Result<std::string> GivenFolder(const std::string& dir) {
  if (const std::string_view scheme = RemoteScheme(dir); !scheme.empty()) {
    return Unsupported(dir, fmt::format("on {}", scheme));
  }
  std::string folder = LocalFolder(dir);
  if (folder != dir && !folder.starts_with('/')) return Unsupported(dir, "on another host");
  return folder;
}

}  // namespace

Result<std::string> StateFolder(const Plan& plan) {
  if (!plan.checkpoint_dir.empty()) return GivenFolder(plan.checkpoint_dir);
  if (const std::string state = FolderFrom("XDG_STATE_HOME"); !state.empty()) {
    return state + "/millrace";
  }
  if (const std::string home = FolderFrom("HOME"); !home.empty()) {
    return home + "/.local/state/millrace";
  }
  return Status::Permanent(
      "no folder for checkpoints: neither HOME nor XDG_STATE_HOME names one; "
      "SET 'execution.checkpointing.dir' = '/path/to/folder'");
}

Result<std::string> JobFolder(const Plan& plan) {
  MR_ASSIGN_OR_RETURN(const std::string folder, StateFolder(plan));
  return folder + "/" + FolderName(plan.job);
}

std::string CheckpointPath(const Plan& plan, uint64_t number) {
  const Result<std::string> folder = JobFolder(plan);
  return folder.ok() && number > 0 ? *folder + "/" + CheckpointFileName(number) : std::string();
}

}  // namespace millrace
