// SIGINT and SIGTERM as a counter that loops look at: the first asks for a graceful end, the second
// for an end at once. SIGHUP only opens the log file again, for log rotation.
#pragma once

#include <cstdio>
#include <string>

namespace millrace {

// `log_file` is what `log_stream` was opened from; empty: SIGHUP does nothing.
void CatchSignals(const std::string& log_file, std::FILE* log_stream);
int SignalsSeen();
void ForgetSignals();  // the shell goes on after Ctrl-C
bool EndRequested();   // one of them was SIGTERM, which ends the shell as well

}  // namespace millrace
