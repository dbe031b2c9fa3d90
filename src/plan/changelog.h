// Which kinds of rows reach a table, and which keys stay distinct on their way: what would corrupt
// a target is found before anything runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plan/relation.h"

namespace millrace {

// Whether rows other than +I may come from a table.
bool EmitsUpdates(const TableDefinition& source);

// Checks one flow into a table; `columns` are the written columns of the sink (indexes into its
// schema), one per column of the flow. Errors and warnings are added at `span`.
void CheckChangelog(const TableDefinition& source, const Flow& flow, const TableDefinition& sink,
                    std::span<const uint32_t> columns, Span span, Diagnostics* diagnostics);

// Names of the sink's declared key columns that a change of a row can change although the row's key
// in the source stays: a change of a row is a new key there. Empty if there is no such key or the
// source emits no changes.
std::vector<std::string> LooseKey(const TableDefinition& source, const Flow& flow,
                                  const TableDefinition& sink, std::span<const uint32_t> columns);

}  // namespace millrace
