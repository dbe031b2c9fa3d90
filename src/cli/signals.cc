#include "cli/signals.h"

#include <csignal>

namespace millrace {
namespace {

volatile std::sig_atomic_t seen = 0;  // the only thing a signal handler may touch

void Count(int) { seen = seen + 1; }

}  // namespace

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = Count;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int SignalsSeen() { return seen; }
void ForgetSignals() { seen = 0; }

}  // namespace millrace
