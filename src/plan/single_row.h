// The source of queries without FROM and of VALUES: one row without columns. Plans know
// it by themselves: it needs no connector.
#pragma once

#include <memory>

#include "plan/table_definition.h"

namespace millrace {

// Its table is PlanTable::SingleRow().
std::shared_ptr<const TableDefinition> SingleRowDefinition();

}  // namespace millrace
