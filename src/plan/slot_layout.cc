#include "plan/slot_layout.h"

#include <algorithm>
#include <set>

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

void CollectSlots(const BoundExpression& expression, std::set<uint32_t>* slots) {
  if (expression.kind == Kind::kSlot) slots->insert(expression.slot);
  for (const BoundExpression& child : expression.children) CollectSlots(child, slots);
}

}  // namespace

PlanTable ToPlanTable(const TableDefinition& definition) {
  PlanTable table;
  table.name = definition.name;
  table.connector = std::string(definition.connector->name);
  for (const auto& [key, value] : definition.options.texts()) table.options[key] = value;
  table.schema = definition.schema;
  return table;
}

std::vector<PlanSource> NeededSources(const JobParts& job) {
  std::vector<std::set<uint32_t>> needed(job.sources.tables().size());
  for (const JobFlow& flow : job.flows) {
    std::set<uint32_t>* slots = &needed[flow.flow.source];
    for (const BoundExpression& column : flow.flow.columns) CollectSlots(column, slots);
    for (const BoundExpression& filter : flow.flow.filters) CollectSlots(filter, slots);
  }
  std::vector<PlanSource> sources;
  for (size_t i = 0; i < needed.size(); ++i) {
    PlanSource source;
    source.table = ToPlanTable(job.sources[i]);
    source.columns.assign(needed[i].begin(), needed[i].end());
    sources.push_back(std::move(source));
  }
  return sources;
}

void PlaceSharedSinks(const std::vector<PlanSource>& sources, JobParts* job) {
  for (uint32_t i = 0; i < job->targets.size(); ++i) {
    uint32_t first = 0;
    size_t flows = 0;
    for (const JobFlow& flow : job->flows) {
      if (flow.sink != i) continue;
      ++flows;
      first = std::max(first, static_cast<uint32_t>(sources[flow.flow.source].columns.size()));
    }
    if (flows <= 1) continue;
    PlanSink& sink = job->targets[i].sink;
    for (uint32_t column = 0; column < sink.columns.size(); ++column) {
      sink.slots.push_back(first + column);
      const Type& declared = sink.table.schema.columns[sink.columns[column]].type;
      sink.types.push_back(declared.is_text() ? Type::String() : declared.Nullable());
    }
  }
}

void RenumberSlots(BoundExpression* expression, const std::vector<uint32_t>& columns) {
  if (expression->kind == Kind::kSlot) {
    const auto at = std::lower_bound(columns.begin(), columns.end(), expression->slot);
    expression->slot = static_cast<uint32_t>(at - columns.begin());
  }
  for (BoundExpression& child : expression->children) RenumberSlots(&child, columns);
}

}  // namespace millrace
