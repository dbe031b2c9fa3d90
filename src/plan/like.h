// CREATE TABLE ... LIKE and ALTER TABLE: statements that make a table out of another one. Both give
// the CREATE TABLE that says the same on its own.
#pragma once

#include <optional>

#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

// `create` with everything that its LIKE clause takes from `base`. Nothing, with errors in Flink's
// words, if the two cannot be merged.
std::optional<sql::CreateTable> MergeLike(const sql::CreateTable& create,
                                          const TableDefinition& base, Diagnostics* diagnostics);

// What ALTER TABLE (other than RENAME TO) makes of a table; `span` is the statement's.
std::optional<sql::CreateTable> Altered(const TableDefinition& table, const sql::Alter& alter,
                                        Span span, Diagnostics* diagnostics);

}  // namespace millrace
