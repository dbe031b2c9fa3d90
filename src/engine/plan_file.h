// Compiled plans as files: COMPILE PLAN writes one, EXECUTE PLAN reads it. Unlike everything else
// that is printed they hold passwords, so only their owner may read them.
#pragma once

#include <span>
#include <string>

#include "base/status.h"
#include "plan/plan.h"

namespace millrace {

enum class PlanFileWrite : unsigned char {
  kWritten,
  kKept,  // the file exists already, and stays as it is
};

// `path` may begin with file://. Permanent error if there is a file already, unless `may_exist`.
Result<PlanFileWrite> WritePlanFile(const std::string& path, const Plan& plan, bool may_exist);

// Permanent error if it cannot be read or is not a plan of this version for these connectors.
Result<Plan> ReadPlanFile(const std::string& path, std::span<const Connector* const> connectors);

}  // namespace millrace
