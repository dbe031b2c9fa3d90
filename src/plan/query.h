// Queries to relations: views, common tables and queries in FROM are put in place of their names,
// until only projections and filters over sources are left.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/catalog.h"
#include "plan/column_scope.h"
#include "plan/relation.h"
#include "sql/statement.h"

namespace millrace {

// Where the table names of a query are looked up; those of a view belong to where it was created.
struct NameScope {
  std::string catalog;
  std::string database;
  std::map<std::string, Relation> common_tables;  // of WITH
};

// Plans one query with everything inside of it. Its results have neither a path nor hidden columns:
// the query around it gives them a name.
class QueryPlanner final {
 public:
  static constexpr size_t kFlowsMax = 4096;

  // `view_depth`: how many views this query is inside of.
  QueryPlanner(const PlanContext& context, JobSources* sources, size_t view_depth = 0)
      : context_(context), sources_(*sources), view_depth_(view_depth) {}

  // Nothing, with errors in the diagnostics, if it cannot be run.
  std::optional<Relation> Plan(const sql::Query& query);
  // The same for a query inside of another one.
  std::optional<Relation> PlanInside(const sql::Query& query, NameScope scope);
  // Gives a relation other names, if there are any; false, with an error, if their number differs.
  bool RenameColumns(const std::vector<sql::Name>& names, Span span, Relation* relation) const;

  const PlanContext& context() const { return context_; }
  JobSources* sources() const { return &sources_; }
  size_t view_depth() const { return view_depth_; }

 private:
  std::optional<Relation> PlanBody(const sql::QueryBody& body, const NameScope& scope);
  std::optional<Relation> PlanUnion(const sql::QueryBody& body, const NameScope& scope);
  bool MatchTypes(const sql::QueryBody& body, Relation* left, Relation* right) const;
  std::optional<Relation> PlanValues(const sql::QueryBody& body);
  std::optional<Flow> PlanRow(const std::vector<sql::Expression>& row);
  std::optional<Relation> PlanSelect(const sql::SelectCore& select, const NameScope& scope);
  // One flow of a SELECT; names and spans of the columns go into `result`.
  void BindFlow(const sql::SelectCore& select, const ColumnScope& scope, Flow flow,
                Relation* result);
  bool AddCommonTables(const sql::Query& query, NameScope* scope);
  bool RejectLimit(const Relation& relation, std::string_view where) const;
  bool CheckFlows(const Relation& relation, Span span) const;

  const PlanContext& context_;
  JobSources& sources_;
  const size_t view_depth_;
};

}  // namespace millrace
