#include "plan/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/coercion.h"
#include "expr/functions/function_table.h"
#include "plan/binder.h"
#include "plan/not_found.h"

namespace millrace {
namespace {

constexpr size_t kViewDepthMax = 64;

BoundExpression NullConstant() {
  BoundExpression constant;
  constant.is_null = true;
  return constant;
}

// The same mistake in several branches is one mistake.
void DropRepeated(size_t from, Diagnostics* diagnostics) {
  for (size_t i = from; i < diagnostics->size();) {
    const auto at = diagnostics->begin() + static_cast<ptrdiff_t>(i);
    const bool repeated = std::any_of(
        diagnostics->begin() + static_cast<ptrdiff_t>(from), at, [&](const Diagnostic& earlier) {
          return earlier.span == at->span && earlier.message == at->message;
        });
    if (repeated) {
      diagnostics->erase(at);
    } else {
      ++i;
    }
  }
}

}  // namespace

bool CheckUsable(const TableDefinition& table, Span span, const PlanContext& context) {
  if (table.connector != nullptr) return true;
  std::vector<std::string> names;
  for (const Connector* connector : context.connectors) names.emplace_back(connector->name);
  context.diagnostics->push_back(
      {span,
       fmt::format("table {} has no option \"connector\"",
                   Quoted(table.written.name.parts.back().text)),
       fmt::format("Add 'connector' = '...' to its WITH; there are {}.", Join(names, ", "))});
  return false;
}

uint32_t JobSources::Add(std::shared_ptr<const TableDefinition> table) {
  for (uint32_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i]->name == table->name && tables_[i]->options.texts() == table->options.texts()) {
      return i;
    }
  }
  tables_.push_back(std::move(table));
  return static_cast<uint32_t>(tables_.size() - 1);
}

void QueryPlanner::NotSupported(Span span, std::string_view what, std::string hint) {
  Error(span, fmt::format("{} is not supported by this engine", what), std::move(hint));
}

bool QueryPlanner::RefuseLimit(const Relation& relation, std::string_view where) {
  if (!relation.limit) return false;
  NotSupported(relation.limit_span, fmt::format("LIMIT {}", where),
               "Put the LIMIT at the end of the whole query.");
  return true;
}

bool QueryPlanner::CheckBranches(const Relation& relation, Span span) {
  if (relation.branches.size() <= kBranchesMax) return true;
  Error(span, fmt::format("the query reads and joins together more than {} parts", kBranchesMax),
        "Split it into several INSERTs.");
  return false;
}

std::optional<Relation> QueryPlanner::Plan(const sql::Query& query) {
  const size_t before = context_.diagnostics->size();
  std::optional<Relation> relation = PlanQuery(
      query, {context_.catalogs.current_catalog(), context_.catalogs.current_database(), {}});
  DropRepeated(before, context_.diagnostics);
  return relation;
}

std::optional<Relation> QueryPlanner::PlanQuery(const sql::Query& query, Place place) {
  if (!AddCommonTables(query, &place)) return std::nullopt;
  std::optional<Relation> relation = PlanBody(query.body, place);
  if (!query.order_by.empty()) {
    NotSupported(query.order_by_span, "ORDER BY",
                 "Rows of a stream have no end to be sorted at; sort in the query that reads the "
                 "target.");
    return std::nullopt;
  }
  if (query.offset) {
    NotSupported(query.offset_span, "OFFSET");
    return std::nullopt;
  }
  if (!relation || !query.limit) return relation;
  if (RefuseLimit(*relation, "inside of a query with a LIMIT")) return std::nullopt;
  relation->limit = query.limit;
  relation->limit_span = query.limit_span;
  return relation;
}

bool QueryPlanner::AddCommonTables(const sql::Query& query, Place* place) {
  if (query.recursive) {
    NotSupported(query.with_span, "WITH RECURSIVE");
    return false;
  }
  for (const sql::CommonTable& table : query.with) {
    std::optional<Relation> relation = PlanQuery(*table.query, *place);
    if (!relation || !RenameColumns(table.columns, table.name.span, &*relation)) return false;
    place->common_tables[table.name.text] = std::move(*relation);
  }
  return true;
}

bool QueryPlanner::RenameColumns(const std::vector<sql::Name>& names, Span span,
                                 Relation* relation) {
  if (names.empty()) return true;
  if (names.size() != relation->names.size()) {
    Error(span, fmt::format("the query gives {} column(s), the list names {}",
                            relation->names.size(), names.size()));
    return false;
  }
  for (size_t i = 0; i < names.size(); ++i) relation->names[i] = names[i].text;
  return true;
}

std::optional<Relation> QueryPlanner::PlanBody(const sql::QueryBody& body, const Place& place) {
  switch (body.kind) {
    case sql::QueryBodyKind::kSelect:
      return PlanSelect(*body.select, place);
    case sql::QueryBodyKind::kValues:
      return PlanValues(body);
    case sql::QueryBodyKind::kQuery:
      return PlanQuery(*body.query, place);
    case sql::QueryBodyKind::kSetOperation:
      return PlanUnion(body, place);
    case sql::QueryBodyKind::kTable:
      break;
  }
  sql::TableReference table;
  table.name = body.table;
  table.span = body.span;
  std::vector<std::string> path;
  std::vector<bool> in_star;
  return PlanTable(table, place, &path, &in_star);
}

std::optional<Relation> QueryPlanner::PlanUnion(const sql::QueryBody& body, const Place& place) {
  if (body.operation != "UNION ALL") {
    NotSupported(
        body.operation_span, body.operation,
        body.operation == "UNION" ? "Write UNION ALL, which keeps rows that are equal." : "");
    return std::nullopt;
  }
  std::optional<Relation> left = PlanBody(*body.left, place);
  std::optional<Relation> right = left ? PlanBody(*body.right, place) : std::nullopt;
  if (!right) return std::nullopt;
  if (RefuseLimit(*left, "inside of UNION ALL") || RefuseLimit(*right, "inside of UNION ALL")) {
    return std::nullopt;
  }
  if (left->names.size() != right->names.size()) {
    Error(body.operation_span, fmt::format("the queries around UNION ALL give {} and {} columns",
                                           left->names.size(), right->names.size()));
    return std::nullopt;
  }
  for (size_t i = 0; i < left->names.size(); ++i) {
    const std::optional<Type> common = CommonType(left->type(i), right->type(i));
    if (!common) {
      Error(right->spans[i],
            fmt::format("Type mismatch in column {} of UNION ALL: {} and {}", i + 1,
                        ToString(left->type(i).Nullable()), ToString(right->type(i).Nullable())),
            "Write a CAST.");
      return std::nullopt;
    }
    // Texts of several lengths are no CHAR that would have to be padded.
    Type type = *common;
    if (type.kind == TypeKind::kChar) type.kind = TypeKind::kVarChar;
    for (Relation* side : {&*left, &*right}) {
      for (Branch& branch : side->branches) {
        branch.columns[i] = CastTo(std::move(branch.columns[i]), type);
        branch.columns[i].type.nullable = type.nullable;
      }
    }
  }
  left->branches.insert(left->branches.end(), std::make_move_iterator(right->branches.begin()),
                        std::make_move_iterator(right->branches.end()));
  if (!CheckBranches(*left, body.operation_span)) return std::nullopt;
  return left;
}

// Every row is a SELECT of its expressions, and all of them are put together.
std::optional<Relation> QueryPlanner::PlanValues(const sql::QueryBody& body) {
  const std::optional<uint32_t> source = OneRow(body.span);
  if (!source) return std::nullopt;
  const Scope nothing;
  Binder binder(nothing, context_.settings, context_.diagnostics);
  Relation relation;
  for (const std::vector<sql::Expression>& row : body.values) {
    if (row.size() != body.values.front().size()) {
      Error(row.front().span, fmt::format("this row has {} value(s), the first one has {}",
                                          row.size(), body.values.front().size()));
      return std::nullopt;
    }
    Branch branch;
    branch.source = *source;
    for (const sql::Expression& value : row) {
      std::optional<BoundExpression> bound = binder.Bind(value);
      if (!bound) return std::nullopt;
      branch.columns.push_back(std::move(*bound));
    }
    relation.branches.push_back(std::move(branch));
  }
  if (!CheckBranches(relation, body.span)) return std::nullopt;
  for (size_t i = 0; i < body.values.front().size(); ++i) {
    relation.names.push_back(fmt::format("EXPR${}", i));
    relation.spans.push_back(body.values.front()[i].span);
    Type type = relation.branches.front().columns[i].type;
    for (size_t row = 1; row < relation.branches.size(); ++row) {
      const std::optional<Type> common = CommonType(type, relation.branches[row].columns[i].type);
      if (!common) {
        Error(body.values[row][i].span,
              fmt::format("the values of column {} have no common type: {} and {}", i + 1,
                          ToString(type.Nullable()),
                          ToString(relation.branches[row].columns[i].type.Nullable())));
        return std::nullopt;
      }
      type = *common;
    }
    for (Branch& branch : relation.branches) {
      branch.columns[i] = CastTo(std::move(branch.columns[i]), type);
      branch.columns[i].type.nullable = type.nullable;
    }
  }
  return relation;
}

// A source with one row and no column, for SELECT without FROM and VALUES.
std::optional<uint32_t> QueryPlanner::OneRow(Span span) {
  for (const Connector* connector : context_.connectors) {
    if (connector->name != "values") continue;
    auto table = std::make_shared<TableDefinition>();
    table->name = fmt::format("{}.{}.one_row", kCatalog, kDatabase);
    table->connector = connector;
    table->options = Options::FromTexts(connector->options, {{"rows", "[[]]"}});
    sql::Name name;
    name.text = "one_row";
    table->written.name.parts.push_back(name);
    return sources_.Add(std::move(table));
  }
  NotSupported(span, "a query without FROM");
  return std::nullopt;
}

// Clauses that parse and are not run.
bool QueryPlanner::Refuse(const sql::SelectCore& select) {
  const size_t before = context_.diagnostics->size();
  if (select.stream_span) NotSupported(*select.stream_span, "SELECT STREAM", "Leave STREAM out.");
  if (select.quantifier == "DISTINCT") NotSupported(select.quantifier_span, "SELECT DISTINCT");
  if (!select.group_by.empty()) {
    NotSupported(
        select.group_by_span, "GROUP BY",
        "Aggregate in the query that reads the target, or in an aggregate table of Doris.");
  }
  if (select.having) NotSupported(select.having_span, "HAVING");
  if (select.qualify) NotSupported(select.qualify->span, "QUALIFY");
  if (!select.windows.empty()) NotSupported(select.windows_span, "WINDOW");
  return context_.diagnostics->size() > before;
}

void QueryPlanner::WarnOfHints(const std::vector<sql::Hint>& hints) {
  for (const sql::Hint& hint : hints) {
    if (EqualsIgnoreCase(hint.name.text, "OPTIONS")) continue;
    context_.diagnostics->push_back({hint.span,
                                     fmt::format("hint {} has no effect here", hint.name.text), "",
                                     Severity::kWarning});
  }
}

std::optional<Relation> QueryPlanner::PlanSelect(const sql::SelectCore& select,
                                                 const Place& place) {
  if (Refuse(select)) return std::nullopt;
  WarnOfHints(select.hints);
  std::vector<std::string> path;
  std::vector<bool> in_star;
  std::optional<Relation> input;
  if (select.from) {
    input = PlanFrom(*select.from, place, &path, &in_star);
    if (input && RefuseLimit(*input, "inside of a query in FROM")) return std::nullopt;
  } else if (const std::optional<uint32_t> source = OneRow(select.span)) {
    input.emplace();
    input->branches.push_back({*source, {}, {}});
  }
  if (!input) return std::nullopt;
  in_star.resize(input->names.size(), true);
  const size_t before = context_.diagnostics->size();
  Relation result;
  for (Branch& branch : input->branches) {
    Scope scope;
    scope.path = path;
    for (size_t i = 0; i < input->names.size(); ++i) {
      scope.columns.push_back({input->names[i], std::move(branch.columns[i]), in_star[i]});
    }
    BindBranch(select, scope, {branch.source, {}, std::move(branch.filters)}, &result);
  }
  const Diagnostics added(context_.diagnostics->begin() + static_cast<ptrdiff_t>(before),
                          context_.diagnostics->end());
  if (HasErrors(added)) return std::nullopt;
  return result;
}

void QueryPlanner::BindBranch(const sql::SelectCore& select, const Scope& scope, Branch branch,
                              Relation* result) {
  Binder binder(scope, context_.settings, context_.diagnostics);
  result->names.clear();
  result->spans.clear();
  const auto add = [&](std::string name, Span span, BoundExpression value) {
    result->names.push_back(std::move(name));
    result->spans.push_back(span);
    branch.columns.push_back(std::move(value));
  };
  for (const sql::SelectItem& item : select.items) {
    const Span span = item.expression.span;
    if (item.expression.kind == sql::ExpressionKind::kStar) {
      for (const ScopeColumn* column : binder.ExpandStar(item.expression)) {
        add(column->name, span, column->value);
      }
      continue;
    }
    std::optional<BoundExpression> bound = binder.Bind(item.expression);
    const bool named = item.expression.kind == sql::ExpressionKind::kColumn;
    add(item.alias ? item.alias->text
        : named    ? item.expression.text
                   : fmt::format("EXPR${}", result->names.size()),
        span, bound ? std::move(*bound) : NullConstant());
  }
  if (select.where) {
    std::optional<BoundExpression> condition = binder.BindCondition(*select.where);
    if (condition) branch.filters.push_back(std::move(*condition));
  }
  result->branches.push_back(std::move(branch));
}

std::optional<Relation> QueryPlanner::PlanFrom(const sql::TableReference& from, const Place& place,
                                               std::vector<std::string>* path,
                                               std::vector<bool>* in_star) {
  std::optional<Relation> relation;
  switch (from.kind) {
    case sql::TableReferenceKind::kTable:
      relation = PlanTable(from, place, path, in_star);
      break;
    case sql::TableReferenceKind::kQuery:
      relation = PlanQuery(*from.query, place);
      break;
    case sql::TableReferenceKind::kJoin:
      NotSupported(from.join_span,
                   from.join == "," ? "a join of several tables in FROM" : from.join,
                   "Write every table into Doris and join there.");
      break;
    case sql::TableReferenceKind::kFunction:
      NotSupported(from.span, "a table function");
      break;
    case sql::TableReferenceKind::kUnnest:
      NotSupported(from.span, "UNNEST");
      break;
    case sql::TableReferenceKind::kVerbatim:
      NotSupported(from.span, from.what);
      break;
  }
  if (!relation) return std::nullopt;
  if (from.alias) *path = {from.alias->text};
  if (!RenameColumns(from.column_aliases, from.span, &*relation)) return std::nullopt;
  return relation;
}

std::optional<Relation> QueryPlanner::PlanTable(const sql::TableReference& from, const Place& place,
                                                std::vector<std::string>* path,
                                                std::vector<bool>* in_star) {
  WarnOfHints(from.hints);
  if (from.system_time) {
    NotSupported(from.system_time->span, "FOR SYSTEM_TIME AS OF");
    return std::nullopt;
  }
  if (from.name.parts.size() == 1) {
    const auto common = place.common_tables.find(from.name.parts[0].text);
    if (common != place.common_tables.end()) {
      *path = {common->first};
      return common->second;
    }
  }
  const std::optional<ObjectPath> found =
      context_.catalogs.Resolve(from.name, place.catalog, place.database, context_.diagnostics);
  if (!found) return std::nullopt;
  *path = {found->catalog, found->database, found->name};
  const CatalogObject* object = context_.catalogs.Find(*found);
  if (object == nullptr) {
    std::vector<std::string> names = context_.catalogs.NamesOf(true);
    for (const auto& [name, relation] : place.common_tables) names.push_back(name);
    context_.diagnostics->push_back(TableNotFound(from.name.span, found->name, names));
    return std::nullopt;
  }
  if (object->is_view()) return PlanView(*object->view, from.name.span);
  return ReadTable(object->table, from, in_star);
}

// Errors inside of a view are told at its name: its own text may be in another script.
std::optional<Relation> QueryPlanner::PlanView(const ViewDefinition& view, Span span) {
  if (view_depth_ >= kViewDepthMax) {
    Error(span,
          fmt::format("view {} is nested more than {} levels deep", Quoted(view.path.name),
                      kViewDepthMax),
          "Does it use itself?");
    return std::nullopt;
  }
  Diagnostics inside;
  const PlanContext context{context_.connectors, context_.catalogs, context_.settings, &inside};
  QueryPlanner planner(context, &sources_);
  planner.view_depth_ = view_depth_ + 1;
  std::optional<Relation> relation =
      planner.PlanQuery(*view.written.query, {view.catalog, view.database, {}});
  if (relation) planner.RenameColumns(view.written.columns, span, &*relation);
  for (const Diagnostic& diagnostic : inside) {
    if (diagnostic.severity == Severity::kWarning) continue;
    // Of views in views only the outermost one is what was written.
    Error(span,
          view_depth_ > 0 ? diagnostic.message
                          : fmt::format("view {} cannot be used: {}", Quoted(view.path.name),
                                        diagnostic.message),
          diagnostic.hint);
    return std::nullopt;
  }
  return relation;
}

std::optional<Relation> QueryPlanner::ReadTable(std::shared_ptr<const TableDefinition> table,
                                                const sql::TableReference& from,
                                                std::vector<bool>* in_star) {
  std::vector<sql::OptionPair> options;
  for (const sql::Hint& hint : from.hints) {
    if (!EqualsIgnoreCase(hint.name.text, "OPTIONS")) continue;
    if (!context_.settings.Boolean("table.dynamic-table-options.enabled")) {
      Error(hint.span, "OPTIONS hints are switched off",
            "SET 'table.dynamic-table-options.enabled' = 'true';");
      return std::nullopt;
    }
    options.insert(options.end(), hint.options.begin(), hint.options.end());
  }
  if (!options.empty()) {
    auto changed =
        WithOptions(*table, options, context_.connectors, context_.settings, context_.diagnostics);
    if (!changed) return std::nullopt;
    table = std::make_shared<TableDefinition>(std::move(*changed));
  }
  if (!CheckUsable(*table, from.span, context_)) return std::nullopt;
  if (!table->connector->is_source) {
    Error(from.span,
          fmt::format("table {} cannot be read: connector {} is a sink only",
                      Quoted(from.name.parts.back().text), Quoted(table->connector->name)));
    return std::nullopt;
  }
  const std::string hidden = context_.settings.Text("table.column-expansion-strategy");
  Relation relation;
  Branch branch;
  for (const DeclaredColumn& column : table->columns) {
    relation.names.push_back(column.name);
    relation.spans.push_back(from.span);
    branch.columns.push_back(column.column ? SlotOf(column) : column.computed_value);
    const bool aliased =
        column.column && table->schema.columns[*column.column].metadata_key != column.name;
    in_star->push_back(!column.is_virtual ||
                       hidden.find(aliased ? "EXCLUDE_ALIASED_VIRTUAL_METADATA_COLUMNS"
                                           : "EXCLUDE_DEFAULT_VIRTUAL_METADATA_COLUMNS") ==
                           std::string::npos);
  }
  branch.source = sources_.Add(std::move(table));
  relation.branches.push_back(std::move(branch));
  return relation;
}

}  // namespace millrace
