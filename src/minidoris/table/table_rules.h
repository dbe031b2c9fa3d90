// What Doris demands of the columns of a table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "minidoris/table/table.h"

namespace millrace::minidoris {

// Marks the key columns of the table. Without `keys` the table is DUPLICATE over its first column.
// Checks keys, distribution, aggregations and default values. The message of the refusal, or
// nothing.
std::optional<std::string> ApplyTableRules(const std::vector<std::string>& keys, Table* table);

}  // namespace millrace::minidoris
