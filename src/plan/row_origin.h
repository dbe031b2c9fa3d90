// What a row of a target says of the table it came from: how the rows of a table that is gone are
// found there.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/program.h"
#include "plan/plan.h"

namespace millrace {

struct RowOrigin {
  // Indexes into PlanSink::columns: those that hold the name of the table as it is, and those that
  // hold the same constant in all rows of the flow, a text or a whole number.
  std::vector<uint32_t> columns;
  // Computes the slots of these columns, and nothing else, from a row that names a table
  // (Batch::empties_tables).
  Program program;
  // Every part of the name (kTableNameMetadata) is among the columns.
  bool names_table = false;
};

RowOrigin OriginOf(const PlanSource& source, const PlanFlow& flow, const PlanSink& sink);

}  // namespace millrace
