#include "cli/signals.h"

#include <csignal>

namespace millrace {
namespace {

// All that a signal handler may touch.
volatile std::sig_atomic_t seen = 0;
volatile std::sig_atomic_t told_to_end = 0;

void Count(int signal) {
  seen = seen + 1;
  if (signal != SIGINT) told_to_end = 1;
}

}  // namespace

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = Count;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that goes away, unless nohup says that it does not matter.
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int SignalsSeen() { return seen; }
void ForgetSignals() { seen = 0; }
bool ToldToEnd() { return told_to_end != 0; }

}  // namespace millrace
