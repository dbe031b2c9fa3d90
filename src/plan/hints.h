// Hints: /*+ OPTIONS('key' = 'value') */ after the name of a table changes options of this use of
// it; all others have no effect here.
#pragma once

#include <memory>
#include <vector>

#include "plan/plan_context.h"
#include "plan/table_definition.h"
#include "sql/query.h"

namespace millrace {

// Reports hints that have no effect; `options_work` says whether OPTIONS has one where they stand.
// False, with an error, if one of them is malformed or, where only Flink's language is accepted,
// none of Flink's.
bool CheckHints(const std::vector<sql::Hint>& hints, bool options_work, const PlanContext& context);

// True if one of them is OPTIONS.
bool HasOptions(const std::vector<sql::Hint>& hints);

// The table with the options of its OPTIONS hints; null, with an error, if they do not fit.
std::shared_ptr<const TableDefinition> WithHints(std::shared_ptr<const TableDefinition> table,
                                                 const std::vector<sql::Hint>& hints,
                                                 const PlanContext& context);

}  // namespace millrace
