// Queries and INSERTs to physical plans.
#pragma once

#include <optional>
#include <span>

#include "plan/plan.h"
#include "plan/settings.h"
#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

struct PlanContext {
  std::span<const Connector* const> connectors;
  const Settings& settings;
  Diagnostics* diagnostics;
};

// SELECT: `source` is the table in FROM, null if there is none. Nothing, with errors, if it means
// no plan.
std::optional<Plan> PlanSelect(const sql::Query& query, const TableDefinition* source,
                               const PlanContext& context);
// INSERT INTO sink ... query.
std::optional<Plan> PlanInsert(const sql::Insert& insert, const TableDefinition& sink,
                               const TableDefinition* source, const PlanContext& context);

}  // namespace millrace
