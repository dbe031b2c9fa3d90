#include "plan/from_clause.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "plan/hints.h"
#include "plan/settings.h"

namespace millrace {
namespace {

constexpr size_t kViewDepthMax = 64;

}  // namespace

bool CheckUsable(const TableDefinition& table, Span span, const PlanContext& context) {
  if (table.connector != nullptr) return true;
  context.Error(DiagnosticCode::kMissingOption, span,
                fmt::format("table {} has no option \"connector\"", Quoted(table.short_name())),
                "Add 'connector' = '...' to its WITH. " + AvailableConnectors(context.connectors));
  return false;
}

std::optional<Relation> FromPlanner::Plan(const sql::TableReference& from) {
  std::optional<Relation> relation;
  switch (from.kind) {
    case sql::TableReferenceKind::kTable:
      relation = PlanTable(from);
      break;
    case sql::TableReferenceKind::kQuery:
      relation = queries_.PlanInside(*from.query, scope_);
      break;
    case sql::TableReferenceKind::kJoin:
      context_.Report(NotSupported(from.join_span,
                                   from.join == "," ? "joins of several tables in FROM" : from.join,
                                   "Write every table into Doris and join there."));
      break;
    case sql::TableReferenceKind::kFunction:
      context_.Report(NotSupported(from.span, "table functions"));
      break;
    case sql::TableReferenceKind::kUnnest:
      context_.Report(NotSupported(from.span, "UNNEST"));
      break;
    case sql::TableReferenceKind::kVerbatim:
      context_.Report(NotSupported(from.span, from.what));
      break;
  }
  if (!relation) return std::nullopt;
  if (from.alias) relation->path = {from.alias->text};
  if (!queries_.RenameColumns(from.column_aliases, from.span, &*relation)) return std::nullopt;
  return relation;
}

std::optional<Relation> FromPlanner::PlanTable(const sql::TableReference& from) {
  if (from.system_time) {
    context_.Report(NotSupported(from.system_time->span, "FOR SYSTEM_TIME AS OF"));
    return std::nullopt;
  }
  if (from.name.parts.size() == 1) {
    const auto common = scope_.common_tables.find(from.name.parts[0].text);
    if (common != scope_.common_tables.end()) {
      if (!CheckHints(from.hints, false, context_)) return std::nullopt;
      Relation relation = common->second;
      relation.path = {common->first};
      return relation;
    }
  }
  const std::optional<ObjectPath> found =
      context_.catalogs.Resolve(from.name, scope_.catalog, scope_.database, context_.diagnostics);
  if (!found) return std::nullopt;
  const CatalogObject* object = context_.catalogs.Find(*found);
  if (object == nullptr) {
    std::vector<std::string> names = context_.catalogs.NamesOf(true);
    for (const auto& [name, relation] : scope_.common_tables) names.push_back(name);
    context_.Report(TableNotFound(from.name.span, found->name, names));
    return std::nullopt;
  }
  if (!CheckHints(from.hints, true, context_)) return std::nullopt;
  if (object->is_view() && HasOptions(from.hints)) {
    context_.Error(DiagnosticCode::kWrongObject, from.name.span,
                   fmt::format("View '{}' cannot be enriched with new options. Hints can only be "
                               "applied to tables.",
                               found->ToString()));
    return std::nullopt;
  }
  std::optional<Relation> relation =
      object->is_view() ? PlanView(*object->view, from.name.span) : ReadTable(object->table, from);
  if (relation) relation->path = {found->catalog, found->database, found->name};
  return relation;
}

// Errors inside of a view are reported at its name: its own text may be in another script.
std::optional<Relation> FromPlanner::PlanView(const ViewDefinition& view, Span span) {
  if (queries_.view_depth() >= kViewDepthMax) {
    context_.Error(DiagnosticCode::kTooComplex, span,
                   fmt::format("view {} is nested more than {} levels deep", Quoted(view.path.name),
                               kViewDepthMax),
                   "Does it use itself?");
    return std::nullopt;
  }
  Diagnostics inside;
  const PlanContext context{context_.connectors, context_.catalogs, context_.settings, &inside};
  QueryPlanner planner(context, queries_.sources(), queries_.view_depth() + 1);
  std::optional<Relation> relation =
      planner.PlanInside(*view.written.query, {view.catalog, view.database, {}});
  if (relation) planner.RenameColumns(view.written.columns, span, &*relation);
  for (const Diagnostic& diagnostic : inside) {
    if (diagnostic.severity == Severity::kWarning) continue;
    // Of views in views only the outermost one is named in the statement.
    const bool nested = queries_.view_depth() > 0;
    context_.Error(diagnostic.code, span,
                   nested ? diagnostic.message
                          : fmt::format("view {} cannot be used: {}", Quoted(view.path.name),
                                        diagnostic.message),
                   diagnostic.hint);
    return std::nullopt;
  }
  return relation;
}

std::optional<Relation> FromPlanner::ReadTable(std::shared_ptr<const TableDefinition> table,
                                               const sql::TableReference& from) {
  table = WithHints(std::move(table), from.hints, context_);
  if (table == nullptr || !CheckUsable(*table, from.span, context_)) return std::nullopt;
  if (!table->connector->is_source) {
    context_.Error(
        DiagnosticCode::kWrongObject, from.span,
        fmt::format("table {} cannot be read: connector {} is a sink only",
                    Quoted(from.name.parts.back().text), Quoted(table->connector->name)));
    return std::nullopt;
  }
  Relation relation;
  Flow flow;
  for (const DeclaredColumn& column : table->columns) {
    relation.names.push_back(column.name);
    relation.spans.push_back(from.span);
    relation.hidden.push_back(IsHidden(column, table->schema));
    flow.columns.push_back(column.column ? SlotOf(column) : column.computed_value);
  }
  flow.source = queries_.sources()->Add(std::move(table));
  relation.flows.push_back(std::move(flow));
  return relation;
}

// Whether * leaves out a virtual metadata column.
bool FromPlanner::IsHidden(const DeclaredColumn& column, const Schema& schema) const {
  if (!column.is_virtual) return false;
  const bool aliased = schema.columns[*column.column].metadata_key != column.name;
  const std::string hidden = context_.settings.Text("table.column-expansion-strategy");
  return hidden.find(aliased ? "EXCLUDE_ALIASED_VIRTUAL_METADATA_COLUMNS"
                             : "EXCLUDE_DEFAULT_VIRTUAL_METADATA_COLUMNS") != std::string::npos;
}

}  // namespace millrace
