// Queries and matched INSERTs to physical plans.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "plan/plan.h"
#include "plan/target_match.h"
#include "sql/statement.h"

namespace millrace {

// Nothing, with errors in the diagnostics, if it cannot be run.
std::optional<Plan> PlanSelect(const sql::Query& query, const PlanContext& context);
// One job for all of them: a table that several read is read once, and a table that several write
// is written once. Nothing, with errors in the diagnostics, if they do not fit together.
std::optional<Plan> PlanInserts(std::vector<MatchedInsert> inserts, const PlanContext& context);
// The same for INSERTs that were not matched before.
std::optional<Plan> PlanInserts(std::span<const sql::Insert> inserts, const PlanContext& context);

}  // namespace millrace
