// The source of queries without FROM and of VALUES (PlanTable::SingleRow): one row without columns.
#pragma once

#include <cstdint>
#include <memory>

#include "connectors/connector.h"

namespace millrace {

// `limit`: rows that suffice, -1: all.
std::unique_ptr<Source> MakeSingleRowSource(int64_t limit = -1);

}  // namespace millrace
