// SIGINT, SIGTERM and SIGHUP as a counter that loops look at: the first asks for a graceful end,
// the second for an end at once.
#pragma once

namespace millrace {

void CatchSignals();
int SignalsSeen();
void ForgetSignals();  // the shell goes on after Ctrl-C
bool ToldToEnd();      // one of them was not Ctrl-C

}  // namespace millrace
