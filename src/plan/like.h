// CREATE TABLE ... LIKE: a table made out of another one.
#pragma once

#include <optional>

#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

// The CREATE TABLE that says the same without LIKE: `create` with everything that its LIKE clause
// takes over from `base`. Nothing, with errors in Flink's words, if the two cannot be merged.
std::optional<sql::CreateTable> MergeLike(const sql::CreateTable& create,
                                          const TableDefinition& base, Diagnostics* diagnostics);

}  // namespace millrace
