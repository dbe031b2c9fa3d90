#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "expr/compile.h"
#include "expr/functions/function_table.h"
#include "plan/catalog.h"
#include "plan/expression_text.h"
#include "plan/query.h"
#include "plan/row_origin.h"
#include "plan/settings.h"
#include "plan/slot_layout.h"

namespace millrace {
namespace {

// All conditions in one; balanced, so that many do not nest deeply.
BoundExpression AllOf(std::span<BoundExpression> conditions) {
  if (conditions.size() == 1) return std::move(conditions[0]);
  const size_t middle = conditions.size() / 2;
  BoundExpression both;
  both.kind = BoundExpression::Kind::kCall;
  both.function = FindFunction("AND", 2);
  both.type = Type::Of(TypeKind::kBoolean);
  both.children.push_back(AllOf(conditions.first(middle)));
  both.children.push_back(AllOf(conditions.subspan(middle)));
  return both;
}

bool DropsNulls(const Settings& settings) {
  return EqualsIgnoreCase(settings.Text("table.exec.sink.not-null-enforcer"), "DROP");
}

LengthEnforcer LengthEnforcerOf(const Settings& settings) {
  const std::string length = settings.Text("table.exec.sink.type-length-enforcer");
  if (EqualsIgnoreCase(length, "ERROR")) return LengthEnforcer::kError;
  if (EqualsIgnoreCase(length, "TRIM_PAD")) return LengthEnforcer::kTrimPad;
  return LengthEnforcer::kIgnore;
}

// The parts of a job to its plan: slots are laid out, then every flow is compiled to a program.
class JobCompiler final {
 public:
  JobCompiler(JobParts* job, const PlanContext& context) : job_(*job), settings_(context.settings) {
    plan_.sources = NeededSources(job_);
    PlaceSharedSinks(plan_.sources, &job_);
  }

  Plan Run() {
    for (JobFlow& flow : job_.flows) Compile(&flow);
    for (JobTarget& target : job_.targets) plan_.sinks.push_back(std::move(target.sink));
    // A sink that accepts every row of its source needs no more rows than it writes.
    const bool every_row =
        plan_.flows.size() == 1 && plan_.flows[0].where.empty() && !DropsNulls(settings_);
    if (every_row) plan_.sources[0].limit = plan_.sinks[0].limit;
    settings_.ApplyTo(&plan_);
    return std::move(plan_);
  }

 private:
  void Compile(JobFlow* flow) {
    const uint32_t source_index = flow->flow.source;
    const PlanSource& source = plan_.sources[source_index];
    const Schema& schema = job_.sources[source_index].schema;
    JobTarget& target = job_.targets[flow->sink];
    const bool placed = !target.sink.slots.empty();
    const auto source_slots = static_cast<uint32_t>(source.columns.size());
    ProgramBuilder builder(source_slots, placed ? target.sink.slots.back() + 1 : source_slots);
    PlanFlow planned;
    planned.source = source_index;
    planned.sink = flow->sink;
    if (!flow->flow.filters.empty()) {
      BoundExpression filter = AllOf(flow->flow.filters);
      planned.where = ToText(filter, schema);
      RenumberSlots(&filter, source.columns);
      builder.SetFilter(filter);
    }
    std::vector<uint32_t> slots;
    for (size_t i = 0; i < flow->flow.columns.size(); ++i) {
      BoundExpression& value = flow->flow.columns[i];
      const std::string text = ToText(value, schema);
      const std::string& name = flow->names[i];
      planned.select.push_back(text == QuoteIdentifier(name) ? name
                                                             : fmt::format("{} AS {}", text, name));
      RenumberSlots(&value, source.columns);
      slots.push_back(builder.AddOutput(value));
    }
    if (target.table != nullptr) Enforce(*flow, target, &slots, &builder);
    PlaceOutputs(*flow, std::move(slots), &target.sink, &builder);
    planned.program = builder.Build();
    plan_.flows.push_back(std::move(planned));
  }

  // What the settings require of values before they are written.
  void Enforce(const JobFlow& flow, const JobTarget& target, std::vector<uint32_t>* slots,
               ProgramBuilder* builder) const {
    for (size_t i = 0; i < slots->size(); ++i) {
      const Column& column = target.table->schema.columns[target.sink.columns[i]];
      const std::string name = target.table->short_name() + "." + column.name;
      const BoundExpression& value = flow.flow.columns[i];
      if (!column.type.nullable && (value.type.nullable || value.may_be_null)) {
        builder->CheckNotNull(
            (*slots)[i], DropsNulls(settings_) ? NotNullEnforcer::kDrop : NotNullEnforcer::kError,
            name);
      }
      (*slots)[i] =
          builder->CheckLength((*slots)[i], column.type, LengthEnforcerOf(settings_), name);
    }
  }

  // A sink that several flows share has its slots already; the sink of one flow finds the values
  // where they are.
  static void PlaceOutputs(const JobFlow& flow, std::vector<uint32_t> slots, PlanSink* sink,
                           ProgramBuilder* builder) {
    const bool placed = !sink->slots.empty();
    for (size_t i = 0; i < slots.size(); ++i) {
      const Type& type = flow.flow.columns[i].type;
      if (placed) {
        builder->MoveOutput(slots[i], sink->slots[i], type);
      } else {
        sink->types.push_back(type);
      }
    }
    if (!placed) sink->slots = std::move(slots);
  }

  JobParts& job_;
  const Settings& settings_;
  Plan plan_;
};

// The target of an INSERT among those of the job; nothing, with an error, if it does not go
// together with another INSERT into the same table.
std::optional<uint32_t> AddTarget(const MatchedInsert& insert, JobParts* job,
                                  const PlanContext& context) {
  for (uint32_t i = 0; i < job->targets.size(); ++i) {
    const JobTarget& target = job->targets[i];
    if (target.table->name != insert.target->name) continue;
    if (target.table->options.texts() != insert.target->options.texts()) {
      context.Error(DiagnosticCode::kInvalidDefinition, insert.span,
                    "two INSERTs of a statement set write one table with different options");
      return std::nullopt;
    }
    if (insert.limit || target.sink.limit >= 0) {
      context.Report(NotSupported(insert.limit ? insert.limit_span : insert.span,
                                  "LIMIT for a table that several INSERTs write"));
      return std::nullopt;
    }
    return i;
  }
  JobTarget target;
  target.table = insert.target;
  target.sink.table = ToPlanTable(*insert.target);
  target.sink.columns = insert.columns;
  target.sink.limit = insert.limit.value_or(-1);
  job->targets.push_back(std::move(target));
  return static_cast<uint32_t>(job->targets.size() - 1);
}

// False, with an error, if the INSERT does not go together with those before it.
bool AddInsert(MatchedInsert insert, JobParts* job, const PlanContext& context) {
  const std::optional<uint32_t> sink = AddTarget(insert, job, context);
  if (!sink) return false;
  JobTarget& target = job->targets[*sink];
  target.sink.updates = target.sink.updates || insert.updates;
  std::vector<uint32_t> sources;  // of the INSERT, as indexes into those of the job
  for (const auto& table : insert.sources.tables()) sources.push_back(job->sources.Add(table));
  std::vector<std::string> names;
  for (const uint32_t column : insert.columns) {
    names.push_back(insert.target->schema.columns[column].name);
  }
  for (Flow& flow : insert.flows) {
    flow.source = sources[flow.source];
    job->flows.push_back({std::move(flow), names, *sink, insert.span});
  }
  return true;
}

// Where rows of a table that is gone are to be deleted, the target can do so and its rows say which
// they are.
void CheckEmptiedTables(const JobParts& job, const Plan& plan, const PlanContext& context) {
  for (size_t i = 0; i < plan.flows.size(); ++i) {
    const PlanFlow& flow = plan.flows[i];
    const TableDefinition& source = job.sources[flow.source];
    const auto empties = source.connector->empties_tables;
    if (empties == nullptr || !empties(source.options)) continue;
    const TableDefinition& target = *job.targets[flow.sink].table;
    const auto deletes = target.connector->deletes_rows;
    if (deletes == nullptr || !deletes(target.options)) {
      context.Error(
          DiagnosticCode::kNotSupported, job.flows[i].span,
          fmt::format("rows cannot be deleted from table {}, as '{}' = 'delete' of table "
                      "{} asks for",
                      Quoted(target.short_name()), kRemovedRowsOption, Quoted(source.short_name())),
          "Leave that option out: the rows stay, and a warning names each statement.");
    } else if (!OriginOf(plan.sources[flow.source], flow, plan.sinks[flow.sink]).names_table) {
      context.Error(
          DiagnosticCode::kNotSupported, job.flows[i].span,
          fmt::format("the rows of table {} do not say which table they come from, as "
                      "'{}' = 'delete' of table {} needs it",
                      Quoted(target.short_name()), kRemovedRowsOption, Quoted(source.short_name())),
          fmt::format("Insert the metadata columns {} as they are.",
                      fmt::join(kTableNameMetadata, " and ")));
    }
  }
}

// pipeline.name, or Flink's name for a job without one.
std::string JobName(const JobParts& job, const Settings& settings) {
  std::string name = settings.Text("pipeline.name");
  if (!name.empty()) return name;
  std::vector<std::string> tables;
  for (const JobTarget& target : job.targets) tables.push_back(target.table->name);
  return "insert-into_" + Join(tables, ",");
}

}  // namespace

std::optional<Plan> PlanSelect(const sql::Query& query, const PlanContext& context) {
  const size_t before = context.diagnostics->size();
  JobParts job;
  std::optional<Relation> relation = QueryPlanner(context, &job.sources).Plan(query);
  if (!relation || HasNewErrors(*context.diagnostics, before)) return std::nullopt;
  JobTarget target;
  for (uint32_t i = 0; i < relation->names.size(); ++i) {
    target.sink.table.schema.columns.push_back({relation->names[i], relation->type(i), ""});
    target.sink.columns.push_back(i);
  }
  target.sink.limit = relation->limit.value_or(-1);
  job.targets.push_back(std::move(target));
  for (Flow& flow : relation->flows) job.flows.push_back({std::move(flow), relation->names, 0, {}});
  Plan plan = JobCompiler(&job, context).Run();
  plan.is_select = true;
  return plan;
}

std::optional<Plan> PlanInserts(std::vector<MatchedInsert> inserts, const PlanContext& context) {
  JobParts job;
  bool fits = true;
  for (MatchedInsert& insert : inserts) fits = AddInsert(std::move(insert), &job, context) && fits;
  if (!fits) return std::nullopt;
  std::string name = JobName(job, context.settings);
  const size_t before = context.diagnostics->size();
  Plan plan = JobCompiler(&job, context).Run();
  CheckEmptiedTables(job, plan, context);
  if (HasNewErrors(*context.diagnostics, before)) return std::nullopt;
  plan.job = std::move(name);
  return plan;
}

std::optional<Plan> PlanInserts(std::span<const sql::Insert> inserts, const PlanContext& context) {
  std::vector<MatchedInsert> matched;
  for (const sql::Insert& insert : inserts) {
    std::optional<MatchedInsert> one = MatchInsert(insert, context);
    if (one) matched.push_back(std::move(*one));
  }
  if (matched.size() < inserts.size()) return std::nullopt;
  return PlanInserts(std::move(matched), context);
}

}  // namespace millrace
