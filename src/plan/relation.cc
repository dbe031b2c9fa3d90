#include "plan/relation.h"

#include <string_view>
#include <unordered_set>

#include "plan/binder.h"

namespace millrace {

uint32_t JobSources::Add(std::shared_ptr<const TableDefinition> table) {
  for (uint32_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i]->name == table->name && tables_[i]->options.texts() == table->options.texts()) {
      return i;
    }
  }
  tables_.push_back(std::move(table));
  return static_cast<uint32_t>(tables_.size() - 1);
}

std::optional<size_t> RepeatedName(const std::vector<std::string>& names) {
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!seen.insert(names[i]).second) return i;
  }
  return std::nullopt;
}

void CastColumn(size_t column, const Type& type, Relation* relation) {
  for (Flow& flow : relation->flows) {
    flow.columns[column] = CastTo(std::move(flow.columns[column]), type);
    flow.columns[column].type.nullable = type.nullable;
  }
}

}  // namespace millrace
