#include "plan/target_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "expr/coercion.h"
#include "plan/binder.h"
#include "plan/catalog.h"
#include "plan/changelog.h"
#include "plan/from_clause.h"
#include "plan/hints.h"
#include "plan/literal.h"
#include "plan/query.h"

namespace millrace {
namespace {

// For every column that is written: which column of the query it is; nothing: NULL.
using Match = std::vector<std::optional<uint32_t>>;

std::string Summary(std::span<const std::string> names, std::span<const Type> types,
                    bool nullability) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < names.size(); ++i) {
    parts.push_back(names[i] + ": " + ToString(nullability ? types[i] : types[i].Nullable()));
  }
  return "[" + Join(parts, ", ") + "]";
}

// Clauses that parse and are not run; false if there are any.
bool CheckSupported(const sql::Insert& insert, const PlanContext& context) {
  const size_t before = context.diagnostics->size();
  if (insert.upsert) {
    context.Error(DiagnosticCode::kNotSupported, insert.verb_span,
                  "UPSERT INTO statement is not supported",
                  "INSERT INTO a table with a PRIMARY KEY updates its rows.");
  }
  if (insert.overwrite) context.Report(NotSupported(insert.verb_span, "INSERT OVERWRITE"));
  if (!insert.partition.empty()) context.Report(NotSupported(insert.partition_span, "PARTITION"));
  if (!insert.on_conflict.empty()) {
    context.Report(NotSupported(insert.on_conflict_span, "ON CONFLICT"));
  }
  return context.diagnostics->size() == before;
}

// The table of an INSERT, with its hints applied; null, with an error, if it cannot be written.
std::shared_ptr<const TableDefinition> FindTarget(const sql::Insert& insert,
                                                  const PlanContext& context) {
  const Span span = insert.target.span;
  const auto path = context.catalogs.Resolve(insert.target, context.diagnostics);
  if (!path) return nullptr;
  const CatalogObject* object = context.catalogs.Find(*path);
  if (object == nullptr) {
    context.Report(TableNotFound(span, path->name, context.catalogs.NamesOf(false)));
    return nullptr;
  }
  if (object->is_view()) {
    context.Error(DiagnosticCode::kWrongObject, span,
                  fmt::format("{} is a view and cannot be written", Quoted(path->name)));
    return nullptr;
  }
  if (!CheckHints(insert.hints, true, context)) return nullptr;
  std::shared_ptr<const TableDefinition> table = WithHints(object->table, insert.hints, context);
  if (table == nullptr || !CheckUsable(*table, span, context)) return nullptr;
  if (!table->connector->is_sink) {
    context.Error(DiagnosticCode::kWrongObject, span,
                  fmt::format("table {} cannot be written: connector {} is a source only",
                              Quoted(path->name), Quoted(table->connector->name)));
    return nullptr;
  }
  return table;
}

// Matches the columns of one INSERT with those of its target.
class ColumnMatcher final {
 public:
  ColumnMatcher(const sql::Insert& insert, const Relation& relation, const TableDefinition& target,
                const PlanContext& context)
      : insert_(insert), relation_(relation), target_(target), context_(context) {}

  // Nothing, with errors in the diagnostics, if they do not match.
  std::optional<Match> Run() {
    if (!FindNamedColumns() || !CheckCount() || !CheckTypes()) return std::nullopt;
    const size_t before = context_.diagnostics->size();
    Match match;
    for (const DeclaredColumn& declared : target_.columns) {
      if (!declared.is_writable()) continue;
      const auto at = std::find(named_.begin(), named_.end(), *declared.column);
      if (at != named_.end()) {
        match.emplace_back(static_cast<uint32_t>(at - named_.begin()));
        continue;
      }
      match.emplace_back(std::nullopt);
      if (!declared.type.nullable) {
        context_.Error(DiagnosticCode::kInvalidValue, insert_.target.span,
                       fmt::format("column {} is NOT NULL and not in the list of columns",
                                   Quoted(declared.name)));
      }
    }
    if (context_.diagnostics->size() > before) return std::nullopt;
    return match;
  }

 private:
  // The columns of the target that the columns of the query are for, in their order.
  bool FindNamedColumns() {
    std::vector<std::string> names;
    for (const DeclaredColumn& declared : target_.columns) {
      if (!declared.is_writable()) continue;
      names.push_back(declared.name);
      if (!insert_.columns) named_.push_back(*declared.column);
    }
    if (!insert_.columns) return true;
    const size_t before = context_.diagnostics->size();
    for (const sql::Name& name : *insert_.columns) {
      if (std::find(names.begin(), names.end(), name.text) == names.end()) {
        context_.Error(DiagnosticCode::kUnknownColumn, name.span,
                       fmt::format("table {} has no column {} to write",
                                   Quoted(insert_.target.parts.back().text), Quoted(name.text)),
                       DidYouMean(name.text, names));
        continue;
      }
      const uint32_t column = *target_.schema.Find(name.text);
      if (std::find(named_.begin(), named_.end(), column) != named_.end()) {
        context_.Error(DiagnosticCode::kAlreadyExists, name.span,
                       fmt::format("column {} is in the list twice", Quoted(name.text)));
        continue;
      }
      named_.push_back(column);
    }
    return context_.diagnostics->size() == before;
  }

  bool CheckCount() const {
    if (named_.size() == relation_.names.size()) return true;
    Mismatch(DiagnosticCode::kColumnCountMismatch, insert_.target.span,
             "Different number of columns.",
             fmt::format("The query has {} column(s), the table {}.", relation_.names.size(),
                         named_.size()));
    return false;
  }

  bool CheckTypes() const {
    for (size_t i = 0; i < named_.size(); ++i) {
      const Column& column = target_.schema.columns[named_[i]];
      if (CanAssign(relation_.type(i), column.type)) continue;
      Mismatch(
          DiagnosticCode::kTypeMismatch, relation_.spans[i],
          fmt::format("Incompatible types for sink column '{}' at position {}.", column.name, i),
          fmt::format("Write CAST(... AS {}).", ToString(column.type.Nullable())));
      return false;
    }
    return true;
  }

  // Flink's words: people search for them.
  void Mismatch(DiagnosticCode code, Span span, const std::string& cause,
                const std::string& hint) const {
    std::vector<std::string> sink_names;
    std::vector<Type> query_types, sink_types;
    for (size_t i = 0; i < relation_.names.size(); ++i) query_types.push_back(relation_.type(i));
    for (const uint32_t column : named_) {
      sink_names.push_back(target_.schema.columns[column].name);
      sink_types.push_back(target_.schema.columns[column].type);
    }
    context_.Error(
        code, span,
        fmt::format("Column types of query result and sink for '{}' do not match.\nCause: {}\n\n"
                    "Query schema: {}\nSink schema:  {}",
                    target_.name, cause, Summary(relation_.names, query_types, true),
                    Summary(sink_names, sink_types, false)),
        hint);
  }

  const sql::Insert& insert_;
  const Relation& relation_;
  const TableDefinition& target_;
  const PlanContext& context_;
  std::vector<uint32_t> named_;
};

// The columns of a flow in the order and with the types of the target.
std::vector<BoundExpression> TargetColumns(const Flow& flow, const Match& match,
                                           const MatchedInsert& insert) {
  std::vector<BoundExpression> columns;
  for (size_t i = 0; i < match.size(); ++i) {
    const Type& type = insert.target->schema.columns[insert.columns[i]].type;
    BoundExpression value = NullConstant();
    value.type = type;
    if (match[i]) value = flow.columns[*match[i]];
    // A text of any length is written unchanged; the length enforcer may check it.
    const bool unchanged = type.kind == TypeKind::kVarChar && value.type.is_text();
    columns.push_back(unchanged ? std::move(value) : CastTo(std::move(value), type));
  }
  return columns;
}

}  // namespace

std::optional<MatchedInsert> MatchRelation(const sql::Insert& insert, Relation relation,
                                           JobSources sources, const PlanContext& context) {
  const size_t before = context.diagnostics->size();
  MatchedInsert matched;
  matched.span = insert.target.span;
  matched.target = FindTarget(insert, context);
  if (matched.target == nullptr) return std::nullopt;
  for (const DeclaredColumn& column : matched.target->columns) {
    if (column.is_writable()) matched.columns.push_back(*column.column);
  }
  const std::optional<Match> match =
      ColumnMatcher(insert, relation, *matched.target, context).Run();
  if (!match) return std::nullopt;
  matched.limit = relation.limit;
  matched.limit_span = relation.limit_span;
  matched.sources = std::move(sources);
  SinkUse use{matched.span, matched.target->short_name(), {}};
  for (Flow& flow : relation.flows) {
    flow.columns = TargetColumns(flow, *match, matched);
    const TableDefinition& source = matched.sources[flow.source];
    CheckChangelog(source, flow, *matched.target, matched.columns, matched.span,
                   context.diagnostics);
    for (std::string& name : LooseKey(source, flow, *matched.target, matched.columns)) {
      const auto known = std::find(use.loose_key.begin(), use.loose_key.end(), name);
      if (known == use.loose_key.end()) use.loose_key.push_back(std::move(name));
    }
    matched.updates = matched.updates || EmitsUpdates(source);
  }
  if (matched.target->connector->compare_with_flink != nullptr) {
    matched.target->connector->compare_with_flink(matched.target->options, use,
                                                  context.diagnostics);
  }
  matched.flows = std::move(relation.flows);
  if (HasNewErrors(*context.diagnostics, before)) return std::nullopt;
  return matched;
}

std::optional<MatchedInsert> MatchInsert(const sql::Insert& insert, const PlanContext& context) {
  if (!CheckSupported(insert, context)) return std::nullopt;
  JobSources sources;
  std::optional<Relation> relation = QueryPlanner(context, &sources).Plan(*insert.query);
  if (relation) {
    return MatchRelation(insert, std::move(*relation), std::move(sources), context);
  }
  FindTarget(insert, context);  // for its errors: both mistakes are reported
  return std::nullopt;
}

}  // namespace millrace
