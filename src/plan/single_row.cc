#include "plan/single_row.h"

#include "plan/plan.h"

namespace millrace {
namespace {

// So that it is planned like any table: plans look at what a connector can do.
constexpr Connector kSingleRow = {
    .name = PlanTable::kSingleRowConnector,
    .is_source = true,
    .bounded = [](const Options&) { return true; },
};

std::shared_ptr<const TableDefinition> Make() {
  const PlanTable single_row = PlanTable::SingleRow();
  auto table = std::make_shared<TableDefinition>();
  table->name = single_row.name;
  table->connector = &kSingleRow;
  table->options = Options::FromTexts({}, single_row.options);
  sql::Name name;
  name.text = "one_row";
  table->written.name.parts.push_back(std::move(name));
  return table;
}

}  // namespace

std::shared_ptr<const TableDefinition> SingleRowDefinition() {
  static const std::shared_ptr<const TableDefinition> kDefinition = Make();
  return kDefinition;
}

}  // namespace millrace
