// Which kinds of rows reach a table, and which keys stay distinct on their way: what would corrupt
// a target is found before anything runs.
#pragma once

#include <cstdint>
#include <span>

#include "plan/relation.h"

namespace millrace {

// Checks one flow into a table; `columns` are the written columns of the sink (indexes into its
// schema), one per column of the flow. Errors and warnings are added at `span`.
void CheckChangelog(const TableDefinition& source, const Flow& flow, const TableDefinition& sink,
                    std::span<const uint32_t> columns, Span span, Diagnostics* diagnostics);

}  // namespace millrace
