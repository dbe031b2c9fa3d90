// A table of the catalog: what was written and what it means.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "connectors/options.h"
#include "expr/expression.h"
#include "plan/plan_context.h"
#include "row/schema.h"
#include "sql/statement.h"

namespace millrace {

// A column in declared order: of the schema, or computed from it.
struct DeclaredColumn {
  std::string name;
  Type type;
  std::optional<uint32_t> column;           // index into schema.columns
  std::optional<sql::Expression> computed;  // else, as written
  BoundExpression computed_value;           // its slots are indexes into schema.columns
  bool is_virtual = false;                  // METADATA ... VIRTUAL: cannot be written

  bool is_writable() const { return column && !is_virtual; }
};

struct TableDefinition {
  std::string name;  // default_catalog.default_database.t
  sql::CreateTable written;
  // Null if the table has no option "connector": a template for CREATE TABLE ... LIKE.
  const Connector* connector = nullptr;
  Options options;
  Schema schema;  // physical and metadata columns
  std::vector<DeclaredColumn> columns;

  const std::string& short_name() const { return written.name.parts.back().text; }
  std::vector<std::string> ColumnNames() const;
};

// The table a CREATE TABLE means; nothing, with errors in the diagnostics, if it means none.
std::optional<TableDefinition> DefineTable(const sql::CreateTable& create, std::string full_name,
                                           const PlanContext& context);

// The same table with some options changed, as OPTIONS hints change them for one use. Warnings are
// about these options only: those of the table were reported when it was created.
std::optional<TableDefinition> WithOptions(const TableDefinition& table,
                                           std::span<const sql::OptionPair> options,
                                           const PlanContext& context);

// The value of a physical or metadata column.
BoundExpression SlotOf(const DeclaredColumn& column);

}  // namespace millrace
