#include "engine/plan_file.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/text_file.h"

namespace millrace {

Result<PlanFileWrite> WritePlanFile(const std::string& path, const Plan& plan, bool may_exist) {
  const std::string file = PathOf(path);
  if (FileExists(file)) {
    if (may_exist) return PlanFileWrite::kKept;
    return Status::Permanent(fmt::format(
        "plan file {} already exists; remove it, or write COMPILE PLAN ... IF NOT EXISTS",
        Quoted(file)));
  }
  MR_RETURN_IF_ERROR(WritePrivateFile(file, ToJson(plan, /*with_secrets=*/true)));
  return PlanFileWrite::kWritten;
}

Result<Plan> ReadPlanFile(const std::string& path, std::span<const Connector* const> connectors) {
  const std::string file = PathOf(path);
  MR_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(file));
  Result<Plan> plan = PlanFromJson(text, connectors);
  if (plan.ok()) return plan;
  return Status::Permanent(
      fmt::format("plan file {} cannot be used: {}", Quoted(file), plan.status().message()));
}

}  // namespace millrace
