// The SQL shell: reads statements from the terminal until QUIT.
#pragma once

#include "cli/options.h"
#include "cli/runner.h"

namespace millrace {

// Exit status.
int RunShell(const CommandLine& line, Runner* runner);

}  // namespace millrace
