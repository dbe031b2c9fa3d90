// A case that is run: what a script prints, results and messages in their order.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"

// Every text is a script of its own, which is run or checked; only the last one's output is
// returned.
std::string RunScripts(const std::vector<std::string>& scripts, millrace::Command command);
