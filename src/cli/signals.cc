#include "cli/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>

namespace millrace {
namespace {

constexpr mode_t kLogFileMode = 0644;

// All that the handlers may touch. The system may run them in any thread, two at the same time.
std::atomic<int> seen = 0;
std::atomic<bool> end_requested = false;
static_assert(decltype(seen)::is_always_lock_free && decltype(end_requested)::is_always_lock_free);
char log_path[PATH_MAX] = "";  // constant once the handlers are set
int log_fd = -1;               // the same

void Count(int signal) {
  if (signal == SIGTERM) end_requested = true;
  ++seen;
}

// The file that has the log's name now takes the place of the one that was renamed. If it cannot be
// opened the old one goes on. Only calls that are safe in a signal handler.
void ReopenLog(int) {
  const int errno_before = errno;
  const int fd = ::open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kLogFileMode);
  if (fd >= 0) {
    ::dup2(fd, log_fd);
    ::close(fd);
  }
  errno = errno_before;
}

}  // namespace

void CatchSignals(const std::string& log_file, std::FILE* log_stream) {
  struct sigaction action {};
  action.sa_handler = Count;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  if (log_file.empty() || log_file.size() >= sizeof log_path) {
    std::signal(SIGHUP, SIG_IGN);
    return;
  }
  log_file.copy(log_path, log_file.size());
  log_fd = fileno(log_stream);
  action.sa_handler = ReopenLog;
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
}

int SignalsSeen() { return seen; }
void ForgetSignals() { seen = 0; }
bool EndRequested() { return end_requested; }

}  // namespace millrace
