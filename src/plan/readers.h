// Which tables of a plan are read together: those that their connector gives the same key, such as
// the tables of one MySQL server, share a source, and with it a connection and a position.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "connectors/connector.h"
#include "plan/plan.h"

namespace millrace {

// One that reads these sources of the plan; at least one, indexes rise.
using PlanReader = std::vector<uint32_t>;

// Every source is in one reader; the readers come in the order of their first sources.
std::vector<PlanReader> ReadersOf(const Plan& plan, std::span<const Connector* const> connectors);

}  // namespace millrace
