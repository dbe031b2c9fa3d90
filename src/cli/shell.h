// The SQL shell: reads statements from the terminal until QUIT.
#pragma once

#include "cli/job_watcher.h"
#include "cli/options.h"
#include "cli/script_runner.h"

namespace millrace {

// `log`: what is written to the same terminal meanwhile; null: nothing is. Exit status.
int RunShell(const CommandLine& line, ScriptRunner* runner, JobWatcher* watcher, const Log* log);

}  // namespace millrace
