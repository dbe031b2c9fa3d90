#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "expr/compile.h"
#include "expr/functions.h"
#include "plan/binder.h"
#include "sql/unparse.h"

namespace millrace {
namespace {

using Kind = BoundExpression::Kind;

// A column of the result: its name, its value, what was written.
struct Output {
  std::string name;
  BoundExpression value;
  std::string text;
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

std::string Summary(std::span<const std::string> names, std::span<const Type> types,
                    bool nullability) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < names.size(); ++i) {
    parts.push_back(names[i] + ": " + ToString(nullability ? types[i] : types[i].Nullable()));
  }
  return "[" + Join(parts, ", ") + "]";
}

class Planner final {
 public:
  Planner(const sql::Query& query, const TableDefinition* source, const PlanContext& context)
      : query_(query), source_(source), context_(context), before_(context.diagnostics->size()) {}

  std::optional<Plan> Select() {
    plan_.is_select = true;
    if (!BindQuery()) return std::nullopt;
    for (uint32_t i = 0; i < outputs_.size(); ++i) {
      sink_.table.schema.columns.push_back({outputs_[i].name, outputs_[i].value.type, ""});
      sink_.columns.push_back(i);
    }
    return Finish();
  }

  std::optional<Plan> Insert(const sql::Insert& insert, const TableDefinition& sink) {
    for (const sql::UnsupportedClause& clause : insert.unsupported) {
      Error(clause.span, fmt::format("{} is not supported by this engine", clause.what));
    }
    if (!sink.connector->is_sink) {
      Error(insert.target.span,
            fmt::format("table {} cannot be written: connector {} is a source only",
                        Quoted(insert.target.parts.back().text), Quoted(sink.connector->name)));
    }
    if (!BindQuery() || !MatchColumns(insert, sink)) return std::nullopt;
    sink_.table = ToPlanTable(sink);
    if (source_ != nullptr && source_->connector->emits_updates) {
      sink_.updates = true;
      if (!sink.connector->accepts_updates) {
        Error(insert.target.span,
              fmt::format("table {} takes new rows only, but {} also gives updates and deletes",
                          Quoted(insert.target.parts.back().text),
                          Quoted(source_->written.name.parts.back().text)));
      }
    }
    std::optional<Plan> plan = Finish();
    if (plan) {
      plan->job = context_.settings.Text("pipeline.name");
      if (plan->job.empty()) plan->job = "insert-into_" + sink.name;
    }
    return plan;
  }

 private:
  void Error(Span span, std::string message, std::string hint = "") {
    context_.diagnostics->push_back({span, std::move(message), std::move(hint)});
  }

  bool Failed() const {
    return HasErrors({context_.diagnostics->begin() + static_cast<ptrdiff_t>(before_),
                      context_.diagnostics->end()});
  }

  // A source with one row and no column, for SELECT without FROM.
  bool UseOneRow() {
    for (const Connector* connector : context_.connectors) {
      if (connector->name != "values") continue;
      one_row_.name = fmt::format("{}.{}.one_row", "default_catalog", "default_database");
      one_row_.connector = connector;
      one_row_.options = Options::FromTexts(connector->options, {{"rows", "[[]]"}});
      sql::Name name;
      name.text = "one_row";
      one_row_.written.name.parts.push_back(name);
      source_ = &one_row_;
      return true;
    }
    Error(query_.span, "SELECT without FROM is not supported by this engine");
    return false;
  }

  bool BindQuery() {
    if (!query_.values.empty()) {
      Error(query_.span, "VALUES is not supported by this engine",
            "Put the rows into a table with 'connector' = 'values'.");
    }
    if (Failed()) return false;
    if (source_ == nullptr && !UseOneRow()) return false;
    if (!source_->connector->is_source) {
      Error(query_.from->span, fmt::format("table {} cannot be read: connector {} is a sink only",
                                           Quoted(source_->written.name.parts.back().text),
                                           Quoted(source_->connector->name)));
      return false;
    }
    const sql::Name* alias = query_.from && query_.from->alias ? &*query_.from->alias : nullptr;
    Binder binder(*source_, alias, context_.settings, context_.diagnostics);
    for (const sql::SelectItem& item : query_.items) BindItem(item, &binder);
    if (query_.where) {
      filter_ = binder.BindCondition(*query_.where);
      filter_text_ = sql::Unparse(*query_.where);
    }
    return !Failed();
  }

  void BindItem(const sql::SelectItem& item, Binder* binder) {
    if (item.expression.kind == sql::ExpressionKind::kStar) {
      for (const sql::Expression& column : binder->ExpandStar(item.expression)) {
        if (auto bound = binder->Bind(column)) {
          outputs_.push_back({column.text, std::move(*bound), column.text, column.span});
        }
      }
      return;
    }
    std::optional<BoundExpression> bound = binder->Bind(item.expression);
    if (!bound) return;
    const bool named = item.expression.kind == sql::ExpressionKind::kColumn;
    std::string name = item.alias ? item.alias->text
                       : named    ? item.expression.text
                                  : fmt::format("EXPR${}", outputs_.size());
    outputs_.push_back(
        {std::move(name), std::move(*bound), sql::Unparse(item.expression), item.expression.span});
  }

  // The sink columns that the outputs are for, in order of the outputs.
  std::optional<std::vector<uint32_t>> TargetColumns(const sql::Insert& insert,
                                                     const TableDefinition& sink) {
    std::vector<uint32_t> targets;
    std::vector<std::string> names;
    for (const DeclaredColumn& declared : sink.columns) {
      if (!declared.column || declared.is_virtual) continue;
      names.push_back(declared.name);
      if (!insert.columns) targets.push_back(*declared.column);
    }
    if (!insert.columns) return targets;
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
    if (Failed()) return std::nullopt;
    return targets;
  }

  // Flink's words: people search for them.
  void Mismatch(const TableDefinition& sink, std::span<const uint32_t> targets, Span span,
                const std::string& cause, const std::string& hint = "") {
    std::vector<std::string> query_names, sink_names;
    std::vector<Type> query_types, sink_types;
    for (const Output& output : outputs_) {
      query_names.push_back(output.name);
      query_types.push_back(output.value.type);
    }
    for (const uint32_t target : targets) {
      sink_names.push_back(sink.schema.columns[target].name);
      sink_types.push_back(sink.schema.columns[target].type);
    }
    Error(span,
          fmt::format("Column types of query result and sink for '{}' do not match.\nCause: {}\n\n"
                      "Query schema: {}\nSink schema:  {}",
                      sink.name, cause, Summary(query_names, query_types, true),
                      Summary(sink_names, sink_types, false)),
          hint);
  }

  bool MatchColumns(const sql::Insert& insert, const TableDefinition& sink) {
    const std::optional<std::vector<uint32_t>> targets = TargetColumns(insert, sink);
    if (!targets) return false;
    if (targets->size() != outputs_.size()) {
      Mismatch(sink, *targets, insert.target.span, "Different number of columns.",
               fmt::format("The query gives {} column(s), the table takes {}.", outputs_.size(),
                           targets->size()));
      return false;
    }
    for (size_t i = 0; i < outputs_.size(); ++i) {
      const Column& column = sink.schema.columns[(*targets)[i]];
      BoundExpression& value = outputs_[i].value;
      if (!CanAssign(value.type, column.type)) {
        Mismatch(
            sink, *targets, outputs_[i].span,
            fmt::format("Incompatible types for sink column '{}' at position {}.", column.name, i),
            fmt::format("Write CAST(... AS {}).", ToString(column.type.Nullable())));
        return false;
      }
      const bool text_as_it_is = column.type.kind == TypeKind::kVarChar && value.type.is_text();
      if (!text_as_it_is) value = CastTo(std::move(value), column.type);
    }
    sink_.columns = *targets;
    AddMissingColumns(insert, sink);
    return !Failed();
  }

  // Columns that a column list leaves out get NULL.
  void AddMissingColumns(const sql::Insert& insert, const TableDefinition& sink) {
    for (const DeclaredColumn& declared : sink.columns) {
      if (!declared.column || declared.is_virtual) continue;
      const auto& columns = sink_.columns;
      if (std::find(columns.begin(), columns.end(), *declared.column) != columns.end()) continue;
      if (!declared.type.nullable) {
        Error(insert.target.span,
              fmt::format("column {} is NOT NULL and not in the list of columns",
                          Quoted(declared.name)));
        continue;
      }
      BoundExpression null;
      null.is_null = true;
      null.type = declared.type;
      outputs_.push_back({declared.name, null, "NULL", insert.target.span});
      sink_.columns.push_back(*declared.column);
    }
  }

  std::optional<Plan> Finish() {
    if (Failed()) return std::nullopt;
    std::set<uint32_t> needed;
    for (const Output& output : outputs_) CollectSlots(output.value, &needed);
    if (filter_) CollectSlots(*filter_, &needed);
    from_.table = ToPlanTable(*source_);
    from_.columns.assign(needed.begin(), needed.end());
    ProgramBuilder builder(static_cast<uint32_t>(needed.size()));
    PlanFlow flow;
    if (filter_) {
      RenumberSlots(&*filter_, from_.columns);
      builder.SetFilter(*filter_);
      flow.where = filter_text_;
    }
    for (Output& output : outputs_) {
      RenumberSlots(&output.value, from_.columns);
      const uint32_t slot = builder.AddOutput(output.value);
      sink_.slots.push_back(slot);
      sink_.types.push_back(output.value.type);
      const bool plain = output.text == sql::QuoteName(output.name) || output.text == output.name;
      flow.select.push_back(plain ? output.name : output.text + " AS " + output.name);
    }
    flow.program = builder.Build();
    if (query_.limit) {
      sink_.limit = *query_.limit;
      if (!filter_) from_.limit = *query_.limit;
    }
    plan_.sources.push_back(std::move(from_));
    plan_.flows.push_back(std::move(flow));
    plan_.sinks.push_back(std::move(sink_));
    context_.settings.ApplyTo(&plan_);
    return std::move(plan_);
  }

  const sql::Query& query_;
  const TableDefinition* source_;
  const PlanContext& context_;
  const size_t before_;
  TableDefinition one_row_;
  std::vector<Output> outputs_;
  std::optional<BoundExpression> filter_;
  std::string filter_text_;
  PlanSource from_;
  PlanSink sink_;
  Plan plan_;
};

}  // namespace

std::optional<Plan> PlanSelect(const sql::Query& query, const TableDefinition* source,
                               const PlanContext& context) {
  return Planner(query, source, context).Select();
}

std::optional<Plan> PlanInsert(const sql::Insert& insert, const TableDefinition& sink,
                               const TableDefinition* source, const PlanContext& context) {
  return Planner(insert.query, source, context).Insert(insert, sink);
}

}  // namespace millrace
