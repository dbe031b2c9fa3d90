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
#include "plan/settings.h"
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
};

struct TableDefinition {
  std::string name;  // default_catalog.default_database.t
  sql::CreateTable written;
  // Null if the table has no option "connector": a template for CREATE TABLE ... LIKE.
  const Connector* connector = nullptr;
  Options options;
  Schema schema;  // physical and metadata columns
  std::vector<DeclaredColumn> columns;
};

// The table a CREATE TABLE means; nothing, with errors in `diagnostics`, if it means none.
std::optional<TableDefinition> DefineTable(const sql::CreateTable& create, std::string full_name,
                                           std::span<const Connector* const> connectors,
                                           const Settings& settings, Diagnostics* diagnostics);

// The same table with some options changed, as OPTIONS hints change them for one use.
std::optional<TableDefinition> WithOptions(const TableDefinition& table,
                                           std::span<const sql::OptionPair> options,
                                           std::span<const Connector* const> connectors,
                                           const Settings& settings, Diagnostics* diagnostics);

// The value of a physical or metadata column.
BoundExpression SlotOf(const DeclaredColumn& column);

// Puts all of `create` at one place of the script, for parts that were written elsewhere.
void PlaceAt(sql::CreateTable* create, Span span);

// The type that was written; nothing and an error if it is unknown or out of range.
std::optional<Type> ResolveType(const sql::TypeName& name, Diagnostics* diagnostics);
// As it would be written: the inverse.
sql::TypeName ToTypeName(const Type& type, Span span);

}  // namespace millrace
