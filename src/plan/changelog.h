// What kinds of rows flow where, and which keys survive on the way: what would corrupt a target is
// found before anything runs.
#pragma once

#include "plan/query.h"
#include "plan/table_definition.h"

namespace millrace {

// Looks at the way of one branch into a table; `columns` are the written columns of the sink
// (indexes into its schema), as many as the branch has. Errors and warnings are added at `span`.
void CheckChangelog(const TableDefinition& source, const Branch& branch,
                    const TableDefinition& sink, std::span<const uint32_t> columns, Span span,
                    Diagnostics* diagnostics);

}  // namespace millrace
