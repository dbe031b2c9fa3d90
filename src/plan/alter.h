// ALTER TABLE, other than RENAME TO: one action on a CREATE TABLE. The result is defined again, so
// that the same checks find whatever is wrong with it.
#pragma once

#include <optional>

#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

// The CREATE TABLE of the changed table; `span` is the statement's. Nothing, with errors in the
// diagnostics, if the action does not fit the table.
std::optional<sql::CreateTable> AlteredTable(const TableDefinition& table, const sql::Alter& alter,
                                             Span span, Diagnostics* diagnostics);

}  // namespace millrace
