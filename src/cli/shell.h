// The SQL shell: reads statements from the terminal until QUIT.
#pragma once

#include "cli/runner.h"

namespace millrace {

int RunShell(Runner* runner);

}  // namespace millrace
