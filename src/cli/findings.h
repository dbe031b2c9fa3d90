// What EXPLAIN PREFLIGHT and `millrace explain --preflight` print.
#pragma once

#include <string>
#include <vector>

#include "connectors/connector.h"

namespace millrace {

// One list, with what mends each finding below it; as JSON one object a line.
std::string FindingsText(const std::vector<Finding>& findings, bool as_json);
// The exit status: kExitFailed if a job would stop.
int StatusOf(const std::vector<Finding>& findings);

}  // namespace millrace
