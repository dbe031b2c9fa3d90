#include "plan/create_as.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "plan/planner.h"
#include "plan/query.h"
#include "plan/type_name.h"

namespace millrace {
namespace {

// Columns of a table for the rows of a query.
std::vector<sql::ColumnDefinition> ColumnsOf(const Relation& relation, Span span) {
  std::vector<sql::ColumnDefinition> columns;
  for (size_t i = 0; i < relation.names.size(); ++i) {
    sql::ColumnDefinition column;
    column.name = {relation.names[i], relation.spans[i]};
    column.type = ToTypeName(relation.type(i), span);
    column.span = span;
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<sql::ColumnDefinition>::const_iterator FindColumn(
    const std::vector<sql::ColumnDefinition>& columns, const sql::Name& name) {
  return std::find_if(columns.begin(), columns.end(), [&](const sql::ColumnDefinition& column) {
    return column.name.text == name.text;
  });
}

// CREATE TABLE t (b, a) AS SELECT a, b: the list orders the columns of the query. False, with an
// error, if it does not name them all.
bool OrderColumns(const std::vector<sql::Name>& names, sql::CreateTable* table,
                  const PlanContext& context) {
  std::vector<sql::ColumnDefinition> ordered;
  for (const sql::Name& name : names) {
    const auto column = FindColumn(table->columns, name);
    if (column == table->columns.end()) {
      context.Error(DiagnosticCode::kUnknownColumn, name.span,
                    fmt::format("the query has no column {}", Quoted(name.text)));
      return false;
    }
    ordered.push_back(*column);
  }
  if (ordered.size() != table->columns.size()) {
    context.Error(DiagnosticCode::kColumnCountMismatch, names.back().span,
                  fmt::format("the list names {} column(s), the query has {}", ordered.size(),
                              table->columns.size()));
    return false;
  }
  table->columns = std::move(ordered);
  return true;
}

}  // namespace

std::optional<TableAndJob> PlanCreateAs(const sql::CreateTable& create, const ObjectPath& path,
                                        Span span, const PlanContext& context) {
  JobSources sources;
  std::optional<Relation> relation = QueryPlanner(context, &sources).Plan(*create.query);
  if (!relation) return std::nullopt;
  sql::CreateTable whole = create;
  whole.query.reset();
  sql::Insert insert;
  insert.target = create.name;
  insert.query = create.query;
  insert.span = span;
  insert.columns.emplace();
  for (sql::ColumnDefinition& column : ColumnsOf(*relation, create.name.span)) {
    insert.columns->push_back(column.name);
    const bool declared = FindColumn(whole.columns, column.name) != whole.columns.end();
    if (!declared) whole.columns.push_back(std::move(column));
  }
  if (!create.bare_columns.empty() && !OrderColumns(create.bare_columns, &whole, context)) {
    return std::nullopt;
  }
  std::optional<TableDefinition> defined = DefineTable(whole, path.ToString(), context);
  if (!defined) return std::nullopt;
  auto table = std::make_shared<const TableDefinition>(std::move(*defined));
  // The plan is made against catalogs that have the table already.
  Catalogs with_table = context.catalogs;
  with_table.Put(path, {table, nullptr, create.temporary});
  const PlanContext inner{context.connectors, with_table, context.settings, context.diagnostics};
  std::optional<MatchedInsert> matched =
      MatchRelation(insert, std::move(*relation), std::move(sources), inner);
  if (!matched) return std::nullopt;
  std::vector<MatchedInsert> inserts;
  inserts.push_back(std::move(*matched));
  std::optional<Plan> job = PlanInserts(std::move(inserts), inner);
  if (!job) return std::nullopt;
  return TableAndJob{std::move(table), std::move(*job)};
}

}  // namespace millrace
