#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/coercion.h"
#include "expr/compile.h"
#include "expr/functions/function_table.h"
#include "plan/binder.h"
#include "plan/changelog.h"
#include "plan/expression_text.h"
#include "plan/not_found.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

// Rows on their way into a sink, everything resolved; slots are indexes into the source's schema.
struct Flow {
  Branch branch;
  std::vector<std::string> names;  // of the columns
  uint32_t sink = 0;
};

// A table that the job writes.
struct Target {
  std::shared_ptr<const TableDefinition> table;  // null: the result of a SELECT
  PlanSink sink;
  Span span;
};

PlanTable ToPlanTable(const TableDefinition& definition) {
  PlanTable table;
  table.name = definition.name;
  table.connector = std::string(definition.connector->name);
  for (const auto& [key, value] : definition.options.texts()) table.options[key] = value;
  table.schema = definition.schema;
  return table;
}

void CollectSlots(const BoundExpression& expression, std::set<uint32_t>* slots) {
  if (expression.kind == Kind::kSlot) slots->insert(expression.slot);
  for (const BoundExpression& child : expression.children) CollectSlots(child, slots);
}

void RenumberSlots(BoundExpression* expression, const std::vector<uint32_t>& columns) {
  if (expression->kind == Kind::kSlot) {
    const auto at = std::lower_bound(columns.begin(), columns.end(), expression->slot);
    expression->slot = static_cast<uint32_t>(at - columns.begin());
  }
  for (BoundExpression& child : expression->children) RenumberSlots(&child, columns);
}

// All conditions in one; balanced, so that many do not nest deep.
BoundExpression AllOf(std::span<BoundExpression> conditions) {
  if (conditions.size() == 1) return std::move(conditions[0]);
  const size_t middle = conditions.size() / 2;
  BoundExpression both;
  both.kind = Kind::kCall;
  both.function = FindFunction("AND", 2);
  both.type = Type::Of(TypeKind::kBoolean);
  both.children.push_back(AllOf(conditions.first(middle)));
  both.children.push_back(AllOf(conditions.subspan(middle)));
  return both;
}

std::string Summary(std::span<const std::string> names, std::span<const Type> types,
                    bool nullability) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < names.size(); ++i) {
    parts.push_back(names[i] + ": " + ToString(nullability ? types[i] : types[i].Nullable()));
  }
  return "[" + Join(parts, ", ") + "]";
}

class JobPlanner final {
 public:
  explicit JobPlanner(const PlanContext& context)
      : context_(context), queries_(context, &sources_), before_(context.diagnostics->size()) {}

  std::optional<Plan> Select(const sql::Query& query) {
    plan_.is_select = true;
    std::optional<Relation> relation = queries_.Plan(query);
    if (!relation) return std::nullopt;
    Target target;
    for (uint32_t i = 0; i < relation->names.size(); ++i) {
      target.sink.table.schema.columns.push_back({relation->names[i], relation->type(i), ""});
      target.sink.columns.push_back(i);
    }
    target.sink.limit = relation->limit.value_or(-1);
    targets_.push_back(std::move(target));
    for (Branch& branch : relation->branches) {
      flows_.push_back({std::move(branch), relation->names, 0});
    }
    return Finish();
  }

  std::optional<Plan> Inserts(std::span<const sql::Insert> inserts) {
    for (const sql::Insert& insert : inserts) AddInsert(insert);
    std::optional<Plan> plan = Finish();
    if (!plan) return std::nullopt;
    plan->job = context_.settings.Text("pipeline.name");
    if (!plan->job.empty()) return plan;
    std::vector<std::string> names;
    for (const Target& target : targets_) names.push_back(target.table->name);
    plan->job = "insert-into_" + Join(names, ",");
    return plan;
  }

 private:
  void Error(Span span, std::string message, std::string hint = "") {
    context_.diagnostics->push_back({span, std::move(message), std::move(hint)});
  }
  void NotSupported(Span span, std::string_view what) {
    Error(span, fmt::format("{} is not supported by this engine", what));
  }

  bool Failed() const {
    return HasErrors({context_.diagnostics->begin() + static_cast<ptrdiff_t>(before_),
                      context_.diagnostics->end()});
  }

  void AddInsert(const sql::Insert& insert) {
    const size_t before = context_.diagnostics->size();
    if (insert.upsert)
      Error(insert.verb_span, "UPSERT INTO statement is not supported",
            "INSERT INTO a table with a PRIMARY KEY updates its rows.");
    if (insert.overwrite) NotSupported(insert.verb_span, "INSERT OVERWRITE");
    if (!insert.partition.empty()) NotSupported(insert.partition_span, "PARTITION");
    if (!insert.on_conflict.empty()) NotSupported(insert.on_conflict_span, "ON CONFLICT");
    if (context_.diagnostics->size() > before) return;
    const std::optional<uint32_t> index = FindTarget(insert);
    std::optional<Relation> relation = queries_.Plan(*insert.query);
    if (!index || !relation) return;
    std::vector<std::optional<uint32_t>> places;  // in the relation, of every written column
    if (!MatchColumns(insert, *relation, *targets_[*index].table, &places)) return;
    Target& target = targets_[*index];
    if (relation->limit) {
      if (target.sink.limit >= 0 || IsWritten(*index)) {
        NotSupported(relation->limit_span, "LIMIT for a table that several INSERTs write");
        return;
      }
      target.sink.limit = *relation->limit;
    }
    for (Branch& branch : relation->branches) AddFlow(std::move(branch), places, *index);
  }

  bool IsWritten(uint32_t sink) const {
    return std::any_of(flows_.begin(), flows_.end(),
                       [&](const Flow& flow) { return flow.sink == sink; });
  }

  void AddFlow(Branch branch, std::span<const std::optional<uint32_t>> places, uint32_t index) {
    Target& target = targets_[index];
    Flow flow;
    flow.sink = index;
    std::vector<BoundExpression> columns;
    for (size_t i = 0; i < places.size(); ++i) {
      const Column& column = target.table->schema.columns[target.sink.columns[i]];
      BoundExpression value;
      value.is_null = true;
      value.type = column.type;
      if (places[i]) value = branch.columns[*places[i]];
      // A text of any length goes as it is; the length enforcer may look at it.
      const bool text_as_it_is = column.type.kind == TypeKind::kVarChar && value.type.is_text();
      if (!text_as_it_is) value = CastTo(std::move(value), column.type);
      columns.push_back(std::move(value));
      flow.names.push_back(column.name);
    }
    branch.columns = std::move(columns);
    const TableDefinition& source = sources_[branch.source];
    CheckChangelog(source, branch, *target.table, target.sink.columns, target.span,
                   context_.diagnostics);
    if (source.connector->emits_updates) target.sink.updates = true;
    flow.branch = std::move(branch);
    flows_.push_back(std::move(flow));
  }

  // The table of an INSERT among the targets; every writable column is written, whatever list of
  // columns an INSERT has, so that several can write the same table.
  std::optional<uint32_t> FindTarget(const sql::Insert& insert) {
    const auto path = context_.catalogs.Resolve(insert.target, context_.diagnostics);
    if (!path) return std::nullopt;
    const CatalogObject* object = context_.catalogs.Find(*path);
    if (object == nullptr) {
      context_.diagnostics->push_back(
          TableNotFound(insert.target.span, path->name, context_.catalogs.NamesOf(false)));
      return std::nullopt;
    }
    if (object->is_view()) {
      Error(insert.target.span,
            fmt::format("{} is a view and cannot be written", Quoted(path->name)));
      return std::nullopt;
    }
    std::shared_ptr<const TableDefinition> table = WithHints(object->table, insert);
    if (table == nullptr || !CheckUsable(*table, insert.target.span, context_)) return std::nullopt;
    if (!table->connector->is_sink) {
      Error(insert.target.span,
            fmt::format("table {} cannot be written: connector {} is a source only",
                        Quoted(path->name), Quoted(table->connector->name)));
      return std::nullopt;
    }
    for (uint32_t i = 0; i < targets_.size(); ++i) {
      if (targets_[i].table->name != table->name) continue;
      if (targets_[i].table->options.texts() == table->options.texts()) return i;
      Error(insert.target.span,
            "two INSERTs of a statement set write one table with different options");
      return std::nullopt;
    }
    Target target;
    target.span = insert.target.span;
    target.sink.table = ToPlanTable(*table);
    for (const DeclaredColumn& column : table->columns) {
      if (column.column && !column.is_virtual) target.sink.columns.push_back(*column.column);
    }
    target.table = std::move(table);
    targets_.push_back(std::move(target));
    return static_cast<uint32_t>(targets_.size() - 1);
  }

  std::shared_ptr<const TableDefinition> WithHints(std::shared_ptr<const TableDefinition> table,
                                                   const sql::Insert& insert) {
    std::vector<sql::OptionPair> options;
    for (const sql::Hint& hint : insert.hints) {
      if (EqualsIgnoreCase(hint.name.text, "OPTIONS")) {
        options.insert(options.end(), hint.options.begin(), hint.options.end());
      }
    }
    if (options.empty()) return table;
    auto changed =
        WithOptions(*table, options, context_.connectors, context_.settings, context_.diagnostics);
    return changed ? std::make_shared<TableDefinition>(std::move(*changed)) : nullptr;
  }

  // The columns of the sink that the relation's columns are for, in their order.
  std::optional<std::vector<uint32_t>> NamedColumns(const sql::Insert& insert,
                                                    const TableDefinition& sink) {
    std::vector<uint32_t> targets;
    std::vector<std::string> names;
    for (const DeclaredColumn& declared : sink.columns) {
      if (!declared.column || declared.is_virtual) continue;
      names.push_back(declared.name);
      if (!insert.columns) targets.push_back(*declared.column);
    }
    if (!insert.columns) return targets;
    const size_t before = context_.diagnostics->size();
    for (const sql::Name& name : *insert.columns) {
      if (std::find(names.begin(), names.end(), name.text) == names.end()) {
        Error(name.span,
              fmt::format("table {} has no column {} to write",
                          Quoted(insert.target.parts.back().text), Quoted(name.text)),
              DidYouMean(name.text, names));
        continue;
      }
      const uint32_t column = *sink.schema.Find(name.text);
      if (std::find(targets.begin(), targets.end(), column) != targets.end()) {
        Error(name.span, fmt::format("column {} is in the list twice", Quoted(name.text)));
        continue;
      }
      targets.push_back(column);
    }
    if (context_.diagnostics->size() > before) return std::nullopt;
    return targets;
  }

  // Flink's words: people search for them.
  void Mismatch(const Relation& relation, const TableDefinition& sink,
                std::span<const uint32_t> targets, Span span, const std::string& cause,
                const std::string& hint = "") {
    std::vector<std::string> sink_names;
    std::vector<Type> query_types, sink_types;
    for (size_t i = 0; i < relation.names.size(); ++i) query_types.push_back(relation.type(i));
    for (const uint32_t target : targets) {
      sink_names.push_back(sink.schema.columns[target].name);
      sink_types.push_back(sink.schema.columns[target].type);
    }
    Error(span,
          fmt::format("Column types of query result and sink for '{}' do not match.\nCause: {}\n\n"
                      "Query schema: {}\nSink schema:  {}",
                      sink.name, cause, Summary(relation.names, query_types, true),
                      Summary(sink_names, sink_types, false)),
          hint);
  }

  // Where each written column of the sink is in the relation; columns that a list leaves out get
  // NULL.
  bool MatchColumns(const sql::Insert& insert, const Relation& relation,
                    const TableDefinition& sink, std::vector<std::optional<uint32_t>>* places) {
    const std::optional<std::vector<uint32_t>> named = NamedColumns(insert, sink);
    if (!named) return false;
    if (named->size() != relation.names.size()) {
      Mismatch(relation, sink, *named, insert.target.span, "Different number of columns.",
               fmt::format("The query gives {} column(s), the table takes {}.",
                           relation.names.size(), named->size()));
      return false;
    }
    for (size_t i = 0; i < named->size(); ++i) {
      const Column& column = sink.schema.columns[(*named)[i]];
      if (CanAssign(relation.type(i), column.type)) continue;
      Mismatch(
          relation, sink, *named, relation.spans[i],
          fmt::format("Incompatible types for sink column '{}' at position {}.", column.name, i),
          fmt::format("Write CAST(... AS {}).", ToString(column.type.Nullable())));
      return false;
    }
    const size_t before = context_.diagnostics->size();
    for (const DeclaredColumn& declared : sink.columns) {
      if (!declared.column || declared.is_virtual) continue;
      const auto at = std::find(named->begin(), named->end(), *declared.column);
      if (at != named->end()) {
        places->push_back(static_cast<uint32_t>(at - named->begin()));
        continue;
      }
      places->push_back(std::nullopt);
      if (!declared.type.nullable) {
        Error(insert.target.span,
              fmt::format("column {} is NOT NULL and not in the list of columns",
                          Quoted(declared.name)));
      }
    }
    return context_.diagnostics->size() == before;
  }

  std::optional<Plan> Finish() {
    if (Failed()) return std::nullopt;
    std::vector<std::set<uint32_t>> needed(sources_.size());
    for (const Flow& flow : flows_) {
      std::set<uint32_t>* slots = &needed[flow.branch.source];
      for (const BoundExpression& column : flow.branch.columns) CollectSlots(column, slots);
      for (const BoundExpression& filter : flow.branch.filters) CollectSlots(filter, slots);
    }
    for (size_t i = 0; i < sources_.size(); ++i) {
      PlanSource source;
      source.table = ToPlanTable(sources_[i]);
      source.columns.assign(needed[i].begin(), needed[i].end());
      plan_.sources.push_back(std::move(source));
    }
    PlaceOutputs();
    for (Flow& flow : flows_) Compile(&flow);
    for (Target& target : targets_) plan_.sinks.push_back(std::move(target.sink));
    // One that takes every row need not read more rows than it writes.
    const bool every_row = plan_.flows.size() == 1 && plan_.flows[0].where.empty() && !DropsNulls();
    if (every_row) plan_.sources[0].limit = plan_.sinks[0].limit;
    context_.settings.ApplyTo(&plan_);
    return std::move(plan_);
  }

  // A sink that several flows lead to finds its columns at the same slots in all of them.
  void PlaceOutputs() {
    for (uint32_t i = 0; i < targets_.size(); ++i) {
      uint32_t first = 0;
      size_t flows = 0;
      for (const Flow& flow : flows_) {
        if (flow.sink != i) continue;
        ++flows;
        const auto columns = plan_.sources[flow.branch.source].columns.size();
        first = std::max(first, static_cast<uint32_t>(columns));
      }
      if (flows <= 1) continue;
      PlanSink& sink = targets_[i].sink;
      for (uint32_t column = 0; column < sink.columns.size(); ++column) {
        sink.slots.push_back(first + column);
        const Type& declared = sink.table.schema.columns[sink.columns[column]].type;
        sink.types.push_back(declared.is_text() ? Type::String() : declared.Nullable());
      }
    }
  }

  void Compile(Flow* flow) {
    Target& target = targets_[flow->sink];
    const PlanSource& source = plan_.sources[flow->branch.source];
    const Schema& schema = sources_[flow->branch.source].schema;
    const bool placed = !target.sink.slots.empty();
    const auto source_slots = static_cast<uint32_t>(source.columns.size());
    ProgramBuilder builder(source_slots, placed ? target.sink.slots.back() + 1 : source_slots);
    PlanFlow planned;
    planned.source = flow->branch.source;
    planned.sink = flow->sink;
    if (!flow->branch.filters.empty()) {
      BoundExpression filter = AllOf(flow->branch.filters);
      planned.where = ToText(filter, schema);
      RenumberSlots(&filter, source.columns);
      builder.SetFilter(filter);
    }
    std::vector<uint32_t> slots;
    for (size_t i = 0; i < flow->branch.columns.size(); ++i) {
      BoundExpression& value = flow->branch.columns[i];
      const std::string text = ToText(value, schema);
      const std::string& name = flow->names[i];
      planned.select.push_back(text == QuoteIdentifier(name) ? name : text + " AS " + name);
      RenumberSlots(&value, source.columns);
      slots.push_back(builder.AddOutput(value));
    }
    for (size_t i = 0; i < slots.size() && target.table != nullptr; ++i) {
      slots[i] = Enforce(slots[i], flow->branch.columns[i].type, target, i, &builder);
    }
    for (size_t i = 0; i < slots.size(); ++i) {
      if (placed) {
        builder.MoveOutput(slots[i], target.sink.slots[i], flow->branch.columns[i].type);
      } else {
        target.sink.types.push_back(flow->branch.columns[i].type);
      }
    }
    if (!placed) target.sink.slots = std::move(slots);
    planned.program = builder.Build();
    plan_.flows.push_back(std::move(planned));
  }

  bool DropsNulls() const {
    return EqualsIgnoreCase(context_.settings.Text("table.exec.sink.not-null-enforcer"), "DROP");
  }

  // What the settings ask of a value before it is written.
  uint32_t Enforce(uint32_t slot, const Type& type, const Target& target, size_t index,
                   ProgramBuilder* builder) {
    const Column& column = target.table->schema.columns[target.sink.columns[index]];
    const std::string name = target.table->written.name.parts.back().text + "." + column.name;
    if (!column.type.nullable && type.nullable) {
      builder->CheckNotNull(slot, DropsNulls() ? NotNullEnforcer::kDrop : NotNullEnforcer::kError,
                            name);
    }
    const std::string length =
        ToUpper(context_.settings.Text("table.exec.sink.type-length-enforcer"));
    return builder->CheckLength(slot, column.type,
                                length == "ERROR"      ? LengthEnforcer::kError
                                : length == "TRIM_PAD" ? LengthEnforcer::kTrimPad
                                                       : LengthEnforcer::kIgnore,
                                name);
  }

  const PlanContext& context_;
  JobSources sources_;
  QueryPlanner queries_;
  const size_t before_;
  std::vector<Target> targets_;
  std::vector<Flow> flows_;
  Plan plan_;
};

}  // namespace

std::optional<Plan> PlanSelect(const sql::Query& query, const PlanContext& context) {
  return JobPlanner(context).Select(query);
}

std::optional<Plan> PlanInserts(std::span<const sql::Insert> inserts, const PlanContext& context) {
  return JobPlanner(context).Inserts(inserts);
}

}  // namespace millrace
