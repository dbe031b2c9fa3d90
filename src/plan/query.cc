#include "plan/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "expr/coercion.h"
#include "plan/binder.h"
#include "plan/from_clause.h"
#include "plan/hints.h"
#include "plan/literal.h"
#include "plan/settings.h"
#include "plan/single_row.h"

namespace millrace {
namespace {

// The same mistake in several flows is one mistake.
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

// A value that is NULL alone has no type in Flink SQL.
void CheckNull(const sql::Expression& value, const PlanContext& context) {
  const bool null =
      value.kind == sql::ExpressionKind::kLiteral && value.literal == sql::LiteralKind::kNull;
  if (!null || !context.settings.Boolean("millrace.strict-flink")) return;
  context.Error(DiagnosticCode::kNotFlinkSql, value.span, "Illegal use of 'NULL'",
                "Write CAST(NULL AS type).");
}

// Reports the clauses that parse and are not run; false if there are any.
bool CheckSupported(const sql::SelectCore& select, const PlanContext& context) {
  const size_t before = context.diagnostics->size();
  const auto reject = [&](Span span, std::string_view what, std::string hint = "") {
    context.Report(NotSupported(span, what, std::move(hint)));
  };
  if (select.stream_span) reject(*select.stream_span, "SELECT STREAM", "Leave STREAM out.");
  if (select.quantifier == "DISTINCT") reject(select.quantifier_span, "SELECT DISTINCT");
  if (!select.group_by.empty()) {
    reject(select.group_by_span, "GROUP BY",
           "Aggregate in the query that reads the target, or in an aggregate table of Doris.");
  }
  if (select.having) reject(select.having_span, "HAVING");
  if (select.qualify) reject(select.qualify->span, "QUALIFY");
  if (!select.windows.empty()) reject(select.windows_span, "WINDOW");
  return context.diagnostics->size() == before;
}

}  // namespace

std::optional<Relation> QueryPlanner::Plan(const sql::Query& query) {
  const size_t before = context_.diagnostics->size();
  std::optional<Relation> relation = PlanInside(
      query, {context_.catalogs.current_catalog(), context_.catalogs.current_database(), {}});
  DropRepeated(before, context_.diagnostics);
  return relation;
}

bool QueryPlanner::RejectLimit(const Relation& relation, std::string_view where) const {
  if (!relation.limit) return false;
  context_.Report(NotSupported(relation.limit_span, fmt::format("LIMIT {}", where),
                               "Put the LIMIT at the end of the whole query."));
  return true;
}

bool QueryPlanner::CheckFlows(const Relation& relation, Span span) const {
  if (relation.flows.size() <= kFlowsMax) return true;
  context_.Error(DiagnosticCode::kTooComplex, span,
                 fmt::format("the query expands to more than {} source scans", kFlowsMax),
                 "Split it into several INSERTs.");
  return false;
}

std::optional<Relation> QueryPlanner::PlanInside(const sql::Query& query, NameScope scope) {
  if (!AddCommonTables(query, &scope)) return std::nullopt;
  std::optional<Relation> relation = PlanBody(query.body, scope);
  if (!query.order_by.empty()) {
    context_.Report(
        NotSupported(query.order_by_span, "ORDER BY",
                     "An unbounded stream cannot be sorted. Put ORDER BY in the query that reads "
                     "the target table."));
    return std::nullopt;
  }
  if (query.offset) {
    context_.Report(NotSupported(query.offset_span, "OFFSET"));
    return std::nullopt;
  }
  if (!relation || !query.limit) return relation;
  if (RejectLimit(*relation, "inside of a query with a LIMIT")) return std::nullopt;
  relation->limit = query.limit;
  relation->limit_span = query.limit_span;
  return relation;
}

bool QueryPlanner::AddCommonTables(const sql::Query& query, NameScope* scope) {
  if (query.recursive) {
    context_.Report(NotSupported(query.with_span, "WITH RECURSIVE"));
    return false;
  }
  for (const sql::CommonTable& table : query.with) {
    std::optional<Relation> relation = PlanInside(*table.query, *scope);
    if (!relation || !RenameColumns(table.columns, table.name.span, &*relation)) return false;
    scope->common_tables[table.name.text] = std::move(*relation);
  }
  return true;
}

bool QueryPlanner::RenameColumns(const std::vector<sql::Name>& names, Span span,
                                 Relation* relation) const {
  if (names.empty()) return true;
  if (names.size() != relation->names.size()) {
    context_.Error(DiagnosticCode::kColumnCountMismatch, span,
                   fmt::format("the query has {} column(s), the list names {}",
                               relation->names.size(), names.size()));
    return false;
  }
  for (size_t i = 0; i < names.size(); ++i) relation->names[i] = names[i].text;
  if (const std::optional<size_t> repeated = RepeatedName(relation->names)) {
    context_.Error(DiagnosticCode::kAlreadyExists, names[*repeated].span,
                   fmt::format("Duplicate name '{}' in column alias list", names[*repeated].text));
    return false;
  }
  return true;
}

std::optional<Relation> QueryPlanner::PlanBody(const sql::QueryBody& body, const NameScope& scope) {
  switch (body.kind) {
    case sql::QueryBodyKind::kSelect:
      return PlanSelect(*body.select, scope);
    case sql::QueryBodyKind::kValues:
      return PlanValues(body);
    case sql::QueryBodyKind::kQuery:
      return PlanInside(*body.query, scope);
    case sql::QueryBodyKind::kSetOperation:
      return PlanUnion(body, scope);
    case sql::QueryBodyKind::kTable:
      break;
  }
  sql::TableReference table;
  table.name = body.table;
  table.span = body.span;
  std::optional<Relation> relation = FromPlanner(this, scope).PlanTable(table);
  if (relation) {
    relation->path.clear();
    relation->hidden.clear();
  }
  return relation;
}

std::optional<Relation> QueryPlanner::PlanUnion(const sql::QueryBody& body,
                                                const NameScope& scope) {
  if (body.operation != "UNION ALL") {
    context_.Report(
        NotSupported(body.operation_span, body.operation,
                     body.operation == "UNION" ? "Write UNION ALL, which keeps equal rows." : ""));
    return std::nullopt;
  }
  std::optional<Relation> left = PlanBody(*body.left, scope);
  std::optional<Relation> right = left ? PlanBody(*body.right, scope) : std::nullopt;
  if (!right) return std::nullopt;
  if (RejectLimit(*left, "inside of UNION ALL") || RejectLimit(*right, "inside of UNION ALL")) {
    return std::nullopt;
  }
  if (!MatchTypes(body, &*left, &*right)) return std::nullopt;
  left->flows.insert(left->flows.end(), std::make_move_iterator(right->flows.begin()),
                     std::make_move_iterator(right->flows.end()));
  if (!CheckFlows(*left, body.operation_span)) return std::nullopt;
  return left;
}

// Casts the columns of both sides to their common types.
bool QueryPlanner::MatchTypes(const sql::QueryBody& body, Relation* left, Relation* right) const {
  if (left->names.size() != right->names.size()) {
    context_.Error(DiagnosticCode::kColumnCountMismatch, body.operation_span,
                   fmt::format("the queries around UNION ALL have {} and {} columns",
                               left->names.size(), right->names.size()));
    return false;
  }
  for (size_t i = 0; i < left->names.size(); ++i) {
    const std::optional<Type> common = CommonType(left->type(i), right->type(i));
    if (!common) {
      context_.Error(
          DiagnosticCode::kTypeMismatch, right->spans[i],
          fmt::format("Type mismatch in column {} of UNION ALL: {} and {}", i + 1,
                      ToString(left->type(i).Nullable()), ToString(right->type(i).Nullable())),
          "Write a CAST.");
      return false;
    }
    // Values of several lengths: as CHAR the shorter ones would be padded.
    Type type = *common;
    if (type.kind == TypeKind::kChar) type.kind = TypeKind::kVarChar;
    CastColumn(i, type, left);
    CastColumn(i, type, right);
  }
  return true;
}

// A row of VALUES is a SELECT of its expressions from one row.
std::optional<Flow> QueryPlanner::PlanRow(const std::vector<sql::Expression>& row) {
  const ColumnScope nothing;
  Binder binder(nothing, context_.settings, context_.catalogs.current_database(),
                context_.diagnostics);
  Flow flow;
  flow.source = sources_.Add(SingleRowDefinition());
  for (const sql::Expression& value : row) {
    CheckNull(value, context_);
    std::optional<BoundExpression> bound = binder.Bind(value);
    if (!bound) return std::nullopt;
    flow.columns.push_back(std::move(*bound));
  }
  return flow;
}

std::optional<Relation> QueryPlanner::PlanValues(const sql::QueryBody& body) {
  Relation relation;
  const size_t columns = body.values.front().size();
  for (const std::vector<sql::Expression>& row : body.values) {
    if (row.size() != columns) {
      context_.Error(
          DiagnosticCode::kColumnCountMismatch, row.front().span,
          fmt::format("this row has {} value(s), the first one has {}", row.size(), columns));
      return std::nullopt;
    }
    std::optional<Flow> flow = PlanRow(row);
    if (!flow) return std::nullopt;
    relation.flows.push_back(std::move(*flow));
  }
  if (!CheckFlows(relation, body.span)) return std::nullopt;
  for (size_t i = 0; i < columns; ++i) {
    relation.names.push_back(fmt::format("EXPR${}", i));
    relation.spans.push_back(body.values.front()[i].span);
    Type type = relation.type(i);
    for (size_t row = 1; row < relation.flows.size(); ++row) {
      const Type& other = relation.flows[row].columns[i].type;
      const std::optional<Type> common = CommonType(type, other);
      if (!common) {
        context_.Error(DiagnosticCode::kTypeMismatch, body.values[row][i].span,
                       fmt::format("the values of column {} have no common type: {} and {}", i + 1,
                                   ToString(type.Nullable()), ToString(other.Nullable())));
        return std::nullopt;
      }
      type = *common;
    }
    CastColumn(i, type, &relation);
  }
  return relation;
}

std::optional<Relation> QueryPlanner::PlanSelect(const sql::SelectCore& select,
                                                 const NameScope& scope) {
  if (!CheckSupported(select, context_)) return std::nullopt;
  if (!CheckHints(select.hints, false, context_)) return std::nullopt;
  std::optional<Relation> input;
  if (select.from) {
    input = FromPlanner(this, scope).Plan(*select.from);
    if (input && RejectLimit(*input, "inside of a query in FROM")) return std::nullopt;
  } else {
    input.emplace();
    input->flows.push_back({sources_.Add(SingleRowDefinition()), {}, {}});
  }
  if (!input) return std::nullopt;
  const size_t before = context_.diagnostics->size();
  Relation result;
  for (Flow& flow : input->flows) {
    ColumnScope columns;
    columns.path = input->path;
    for (size_t i = 0; i < input->names.size(); ++i) {
      columns.columns.push_back({input->names[i], std::move(flow.columns[i]), input->InStar(i)});
    }
    BindFlow(select, columns, {flow.source, {}, std::move(flow.filters)}, &result);
  }
  if (HasNewErrors(*context_.diagnostics, before)) return std::nullopt;
  return result;
}

void QueryPlanner::BindFlow(const sql::SelectCore& select, const ColumnScope& scope, Flow flow,
                            Relation* result) {
  Binder binder(scope, context_.settings, context_.catalogs.current_database(),
                context_.diagnostics);
  result->names.clear();
  result->spans.clear();
  const auto add = [&](std::string name, Span span, BoundExpression value) {
    result->names.push_back(std::move(name));
    result->spans.push_back(span);
    flow.columns.push_back(std::move(value));
  };
  for (const sql::SelectItem& item : select.items) {
    const Span span = item.expression.span;
    if (item.expression.kind == sql::ExpressionKind::kStar) {
      for (const ScopeColumn* column : binder.ExpandStar(item.expression)) {
        add(column->name, span, column->value);
      }
      continue;
    }
    CheckNull(item.expression, context_);
    std::optional<BoundExpression> bound = binder.Bind(item.expression);
    const bool named = item.expression.kind == sql::ExpressionKind::kColumn;
    add(item.alias ? item.alias->text
        : named    ? item.expression.text
                   : fmt::format("EXPR${}", result->names.size()),
        span, bound ? std::move(*bound) : NullConstant());
  }
  if (select.where) {
    std::optional<BoundExpression> condition = binder.BindCondition(*select.where);
    if (condition) flow.filters.push_back(std::move(*condition));
  }
  result->flows.push_back(std::move(flow));
}

}  // namespace millrace
