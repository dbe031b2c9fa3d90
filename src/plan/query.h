// Queries to relations: views, common tables and queries in FROM are put in place of their names,
// until only projections and filters over sources are left.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expr/expression.h"
#include "plan/catalog.h"
#include "plan/scope.h"
#include "plan/settings.h"
#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

struct PlanContext {
  std::span<const Connector* const> connectors;
  const Catalogs& catalogs;
  const Settings& settings;
  Diagnostics* diagnostics;
};

// The tables that a job reads, each once.
class JobSources final {
 public:
  // The index of the table; the same table with the same options has one index.
  uint32_t Add(std::shared_ptr<const TableDefinition> table);
  const TableDefinition& operator[](size_t index) const { return *tables_[index]; }
  size_t size() const { return tables_.size(); }

 private:
  std::vector<std::shared_ptr<const TableDefinition>> tables_;
};

// Rows of one source as rows of a relation. Slots are indexes into the source's schema.
struct Branch {
  uint32_t source = 0;
  std::vector<BoundExpression> columns;
  std::vector<BoundExpression> filters;  // all must be TRUE
};

// What a query gives: the rows of all branches together.
struct Relation {
  std::vector<std::string> names;
  std::vector<Span> spans;  // where each column was written
  std::vector<Branch> branches;
  std::optional<int64_t> limit;
  Span limit_span;

  const Type& type(size_t column) const { return branches.front().columns[column].type; }
};

// False, with an error at `span`, for a table without a connector.
bool CheckUsable(const TableDefinition& table, Span span, const PlanContext& context);

class QueryPlanner final {
 public:
  static constexpr size_t kBranchesMax = 4096;

  QueryPlanner(const PlanContext& context, JobSources* sources)
      : context_(context), sources_(*sources) {}

  // Nothing, with errors in the diagnostics, if it cannot be run.
  std::optional<Relation> Plan(const sql::Query& query);

 private:
  // Where the names of a query are looked up: those of a view belong to where it was made.
  struct Place {
    std::string catalog;
    std::string database;
    std::map<std::string, Relation> common_tables;
  };

  std::optional<Relation> PlanQuery(const sql::Query& query, Place place);
  std::optional<Relation> PlanBody(const sql::QueryBody& body, const Place& place);
  std::optional<Relation> PlanUnion(const sql::QueryBody& body, const Place& place);
  std::optional<Relation> PlanValues(const sql::QueryBody& body);
  std::optional<Relation> PlanSelect(const sql::SelectCore& select, const Place& place);
  // One branch of a SELECT; names and spans of the columns go into `result`.
  void BindBranch(const sql::SelectCore& select, const Scope& scope, Branch branch,
                  Relation* result);
  std::optional<Relation> PlanFrom(const sql::TableReference& from, const Place& place,
                                   std::vector<std::string>* path, std::vector<bool>* in_star);
  std::optional<Relation> PlanTable(const sql::TableReference& from, const Place& place,
                                    std::vector<std::string>* path, std::vector<bool>* in_star);
  std::optional<Relation> PlanView(const ViewDefinition& view, Span span);
  std::optional<Relation> ReadTable(std::shared_ptr<const TableDefinition> table,
                                    const sql::TableReference& from, std::vector<bool>* in_star);
  bool AddCommonTables(const sql::Query& query, Place* place);
  bool RenameColumns(const std::vector<sql::Name>& names, Span span, Relation* relation);
  bool Refuse(const sql::SelectCore& select);
  bool RefuseLimit(const Relation& relation, std::string_view where);
  bool CheckBranches(const Relation& relation, Span span);
  void WarnOfHints(const std::vector<sql::Hint>& hints);
  std::optional<uint32_t> OneRow(Span span);
  void NotSupported(Span span, std::string_view what, std::string hint = "");
  void Error(Span span, std::string message, std::string hint = "") {
    context_.diagnostics->push_back({span, std::move(message), std::move(hint)});
  }

  const PlanContext& context_;
  JobSources& sources_;
  size_t view_depth_ = 0;
};

}  // namespace millrace
