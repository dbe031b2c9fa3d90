#include "plan/table_definition.h"

#include <cstdint>

#include "plan/statement_span.h"
#include "plan/table_binder.h"

namespace millrace {

std::vector<std::string> TableDefinition::ColumnNames() const {
  std::vector<std::string> names;
  for (const DeclaredColumn& column : columns) names.push_back(column.name);
  return names;
}

std::optional<TableDefinition> DefineTable(const sql::CreateTable& create, std::string full_name,
                                           const PlanContext& context) {
  return TableBinder(create, context).Run(std::move(full_name));
}

std::optional<TableDefinition> WithOptions(const TableDefinition& table,
                                           std::span<const sql::OptionPair> options,
                                           const PlanContext& context) {
  if (options.empty()) return table;
  // Marks what was written with the table, in another statement or script.
  constexpr Span kOfTable{SIZE_MAX, SIZE_MAX};
  sql::CreateTable changed = table.written;
  SetSpans(&changed, kOfTable);
  for (const sql::OptionPair& option : options) {
    std::erase_if(changed.options,
                  [&](const sql::OptionPair& old) { return old.key == option.key; });
    changed.options.push_back(option);
  }
  Diagnostics found;
  const PlanContext inner{context.connectors, context.catalogs, context.settings, &found};
  std::optional<TableDefinition> result = DefineTable(changed, table.name, inner);
  for (Diagnostic& diagnostic : found) {
    const bool of_table = diagnostic.span == kOfTable;
    if (of_table && diagnostic.severity == Severity::kWarning) continue;
    if (of_table) diagnostic.span = options.front().key_span;
    context.Report(std::move(diagnostic));
  }
  return result;
}

BoundExpression SlotOf(const DeclaredColumn& column) {
  BoundExpression slot;
  slot.kind = BoundExpression::Kind::kSlot;
  slot.slot = *column.column;
  slot.type = column.type;
  return slot;
}

}  // namespace millrace
