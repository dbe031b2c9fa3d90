// CREATE TABLE ... AS SELECT: a table with the columns of a query, and the job that fills it.
#pragma once

#include <memory>
#include <optional>

#include "plan/catalog.h"
#include "plan/plan.h"
#include "plan/plan_context.h"
#include "sql/statement.h"

namespace millrace {

struct TableAndJob {
  std::shared_ptr<const TableDefinition> table;
  Plan job;
};

// `create` has a query and no LIKE clause; `span` is the statement's. Nothing is created. Nothing,
// with errors in the diagnostics, if table or job cannot be made.
std::optional<TableAndJob> PlanCreateAs(const sql::CreateTable& create, const ObjectPath& path,
                                        Span span, const PlanContext& context);

}  // namespace millrace
