// Queries, INSERTs and statement sets to physical plans.
#pragma once

#include <optional>
#include <span>

#include "plan/plan.h"
#include "plan/query.h"
#include "sql/statement.h"

namespace millrace {

// Nothing, with errors in the diagnostics, if it means no plan.
std::optional<Plan> PlanSelect(const sql::Query& query, const PlanContext& context);
// One job for all of them: a table that several read is read once, and a table that several write
// is written once.
std::optional<Plan> PlanInserts(std::span<const sql::Insert> inserts, const PlanContext& context);

}  // namespace millrace
