#include "plan/plan.h"

#include <algorithm>

namespace millrace {

PlanTable PlanTable::SingleRow() {
  PlanTable table;
  table.name = "default_catalog.default_database.one_row";
  table.connector = kSingleRowConnector;
  table.options = {{"rows", "[[]]"}};
  return table;
}

bool PlanTable::is_single_row() const { return *this == SingleRow(); }

uint32_t Plan::StrideOf(size_t source) const {
  auto stride = static_cast<uint32_t>(sources[source].columns.size());
  for (const PlanFlow& flow : flows) {
    if (flow.source == source) stride = std::max(stride, flow.program.stride());
  }
  return stride;
}

}  // namespace millrace
