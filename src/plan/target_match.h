// INSERTs to flows into tables: the columns of a query are matched with those of the target.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "plan/plan_context.h"
#include "plan/relation.h"
#include "sql/statement.h"

namespace millrace {

// An INSERT with everything resolved. Plain data: a statement set keeps those it is made of.
struct MatchedInsert {
  Span span;  // of the target's name
  std::shared_ptr<const TableDefinition> target;
  // Columns that are written, indexes into the target's schema: all that can be written, whatever
  // list of columns the INSERT has, so that several can write the same table.
  std::vector<uint32_t> columns;
  JobSources sources;
  std::vector<Flow> flows;  // their columns are those above, cast to the types of the target
  std::optional<int64_t> limit;
  Span limit_span;
  bool updates = false;  // rows other than +I may come
};

// Nothing, with errors in the diagnostics, if the INSERT cannot be run.
std::optional<MatchedInsert> MatchInsert(const sql::Insert& insert, const PlanContext& context);
// The same for an INSERT whose query is planned already, to a relation over `sources`.
std::optional<MatchedInsert> MatchRelation(const sql::Insert& insert, Relation relation,
                                           JobSources sources, const PlanContext& context);

}  // namespace millrace
