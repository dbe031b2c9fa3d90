// The FROM of a query: tables, views and queries under a name.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "plan/query.h"

namespace millrace {

// Plans what is in one FROM. The result has a path and hidden columns.
class FromPlanner final {
 public:
  // Both must outlive the planner; queries inside of FROM are planned by `queries`.
  FromPlanner(QueryPlanner* queries, const NameScope& scope)
      : queries_(*queries), context_(queries->context()), scope_(scope) {}

  // Nothing, with errors in the diagnostics, if it cannot be read.
  std::optional<Relation> Plan(const sql::TableReference& from);
  // One that names a table or a view.
  std::optional<Relation> PlanTable(const sql::TableReference& from);

 private:
  std::optional<Relation> PlanView(const ViewDefinition& view, Span span);
  std::optional<Relation> ReadTable(std::shared_ptr<const TableDefinition> table,
                                    const sql::TableReference& from);
  bool IsHidden(const DeclaredColumn& column, const Schema& schema) const;

  QueryPlanner& queries_;
  const PlanContext& context_;
  const NameScope& scope_;
};

// False, with an error at `span`, for a table without a connector.
bool CheckUsable(const TableDefinition& table, Span span, const PlanContext& context);

}  // namespace millrace
