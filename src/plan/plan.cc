#include "plan/plan.h"

#include <algorithm>

namespace millrace {

uint32_t Plan::StrideOf(size_t source) const {
  auto stride = static_cast<uint32_t>(sources[source].columns.size());
  for (const PlanFlow& flow : flows) {
    if (flow.source == source) stride = std::max(stride, flow.program.stride());
  }
  return stride;
}

}  // namespace millrace
