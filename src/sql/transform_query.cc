#include <fmt/core.h>

#include "base/ascii.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

constexpr size_t kSetOperationsMax = 1000;  // in one chain; their tree is as deep

// The expression is nothing but (...) or ROW(...).
const P::OperandContext* OnlyOperand(P::ExpressionContext* context) {
  if (context->valueExpression() == nullptr || !context->predicate().empty()) return nullptr;
  auto* value = dynamic_cast<P::PrimaryValueContext*>(context->valueExpression());
  if (value == nullptr) return nullptr;
  P::PrimaryExpressionContext* primary = value->primaryExpression();
  if (!primary->field().empty() || !primary->subscript().empty()) return nullptr;
  return primary->operand();
}

// ROW(1, 2) of (ROW(1, 2)): parentheses around ROW do not count. Any other expression unchanged.
P::ExpressionContext* InnerRow(P::ExpressionContext* context) {
  const P::OperandContext* operand = OnlyOperand(context);
  const auto* parenthesis = dynamic_cast<const P::ParenthesisContext*>(operand);
  if (parenthesis == nullptr) return context;
  P::ListOrQueryContext* list = const_cast<P::ParenthesisContext*>(parenthesis)->listOrQuery();
  if (list->expression().size() != 1 || list->queryTail() != nullptr) return context;
  const P::OperandContext* inner = OnlyOperand(list->expression(0));
  const bool row = dynamic_cast<const P::RowContext*>(inner) != nullptr &&
                   list->expression(0)->getStart()->getType() == P::ROW;
  return row ? list->expression(0) : context;
}

// One row of VALUES: (1, 2) and ROW(1, 2) have two columns, anything else has one.
std::vector<Expression> ToValuesRow(const Transform& transform, P::ExpressionContext* context) {
  context = InnerRow(context);
  const P::OperandContext* operand = OnlyOperand(context);
  const auto* parenthesis = dynamic_cast<const P::ParenthesisContext*>(operand);
  const bool row = dynamic_cast<const P::RowContext*>(operand) != nullptr;
  const bool list =
      parenthesis != nullptr &&
      const_cast<P::ParenthesisContext*>(parenthesis)->listOrQuery()->expression().size() > 1;
  Expression expression = transform.ToExpression(context);
  if (row || list) return std::move(expression.children);
  return ListOf(std::move(expression));
}

SelectItem ToItem(const Transform& transform, P::SelectItemContext* context) {
  SelectItem item;
  if (context->expression() != nullptr) {
    item.expression = transform.ToExpression(context->expression());
  } else {
    item.expression.kind = ExpressionKind::kStar;
    item.expression.span = item.expression.text_span = transform.SpanOf(context->STAR());
  }
  if (context->identifier() == nullptr) return item;
  item.alias = transform.ToName(context->identifier());
  if (item.expression.kind == ExpressionKind::kStar) {
    transform.Error(DiagnosticCode::kMisplaced, item.alias->span, "* cannot have an alias",
                    "List the columns, each with its own alias.");
  }
  return item;
}

Expression ToGroup(const Transform& transform, P::GroupingElementContext* context, size_t depth) {
  if (context->expression().size() == 1 && !Has(context, P::LEFT_PAREN)) {
    return transform.ToExpression(context->expression(0));
  }
  const Span span = transform.SpanOf(context);
  const Span word = transform.SpanOf(context->getStart());
  if (depth > kNestingMax) {
    transform.NestedTooDeep(span, "Simplify GROUPING SETS.");
    return {};
  }
  if (context->GROUPING() != nullptr) {
    std::vector<Expression> sets;
    for (P::GroupingElementContext* element : context->groupingElement()) {
      sets.push_back(ToGroup(transform, element, depth + 1));
    }
    return MakeCall("GROUPING SETS", word, span, std::move(sets));
  }
  if (context->ROLLUP() != nullptr || context->CUBE() != nullptr) {
    const std::string_view name = context->ROLLUP() != nullptr ? "ROLLUP" : "CUBE";
    return MakeCall(std::string(name), word, span, transform.ToExpressions(context->expression()));
  }
  Expression nothing;
  nothing.kind = ExpressionKind::kRow;
  nothing.span = nothing.text_span = span;
  return nothing;
}

TableReference ToFrom(const Transform& transform, P::SelectContext* context) {
  const std::vector<P::TableReferenceContext*> references = context->tableReference();
  TableReference from = transform.ToTable(references[0]);
  if (references.size() > kJoinsMax) {
    transform.Error(DiagnosticCode::kTooComplex, transform.SpanOf(references[kJoinsMax]),
                    fmt::format("more than {} joins in a chain", kJoinsMax));
    return from;
  }
  const size_t commas = context->selectItem().size() - 1;  // those of SELECT come first
  for (size_t i = 1; i < references.size(); ++i) {
    TableReference right = transform.ToTable(references[i]);
    TableReference join;
    join.kind = TableReferenceKind::kJoin;
    join.join = ",";
    join.join_span = transform.SpanOf(context->COMMA(commas + i - 1));
    join.span = {from.span.begin, right.span.end};
    join.left = std::make_shared<const TableReference>(std::move(from));
    join.right = std::make_shared<const TableReference>(std::move(right));
    from = std::move(join);
  }
  return from;
}

std::shared_ptr<const SelectCore> ToSelect(const Transform& transform, P::SelectContext* context) {
  SelectCore select;
  select.span = transform.SpanOf(context);
  select.hints = transform.ToHints(context->hint());
  if (context->STREAM() != nullptr) select.stream_span = transform.SpanOf(context->STREAM());
  if (context->quantifier() != nullptr) {
    select.quantifier = Words(context->quantifier());
    select.quantifier_span = transform.SpanOf(context->quantifier());
  }
  for (P::SelectItemContext* item : context->selectItem()) {
    select.items.push_back(ToItem(transform, item));
  }
  if (context->FROM() != nullptr) select.from = ToFrom(transform, context);
  if (context->where != nullptr) select.where = transform.ToExpression(context->where);
  if (P::GroupByContext* group_by = context->groupBy()) {
    select.group_by_span = transform.SpanOf(group_by);
    if (group_by->quantifier() != nullptr) {
      select.group_quantifier = Words(group_by->quantifier());
    }
    for (P::GroupingElementContext* element : group_by->groupingElement()) {
      select.group_by.push_back(ToGroup(transform, element, 0));
    }
  }
  if (context->having != nullptr) {
    select.having = transform.ToExpression(context->having);
    select.having_span = {transform.SpanOf(context->HAVING()).begin, select.having->span.end};
  }
  if (context->qualify != nullptr) select.qualify = transform.ToExpression(context->qualify);
  if (P::WindowsContext* windows = context->windows()) {
    select.windows_span = transform.SpanOf(windows);
    for (P::NamedWindowContext* window : windows->namedWindow()) {
      select.windows.emplace_back(transform.ToName(window->identifier()),
                                  transform.ToWindow(window->window()));
    }
  }
  return std::make_shared<const SelectCore>(std::move(select));
}

QueryBody ToBody(const Transform& transform, P::OpenPrimaryContext* context) {
  QueryBody body;
  body.span = transform.SpanOf(context);
  if (context->select() != nullptr) {
    body.select = ToSelect(transform, context->select());
  } else if (context->VALUES() != nullptr) {
    body.kind = QueryBodyKind::kValues;
    for (P::ExpressionContext* row : context->expression()) {
      body.values.push_back(ToValuesRow(transform, row));
    }
  } else {
    body.kind = QueryBodyKind::kTable;
    body.table = transform.ToObjectName(context->objectName());
  }
  return body;
}

QueryBody ToBody(const Transform& transform, P::QueryPrimaryContext* context) {
  if (context->openPrimary() != nullptr) return ToBody(transform, context->openPrimary());
  QueryBody body;
  body.kind = QueryBodyKind::kQuery;
  body.span = transform.SpanOf(context);
  body.query = std::make_shared<const Query>(transform.ToQuery(context->query()));
  return body;
}

QueryBody ToBody(const Transform& transform, P::IntersectionContext* context);

// `left` UNION right, for every operator in turn.
template <typename Operator, typename Operand>
QueryBody Fold(const Transform& transform, QueryBody left, const std::vector<Operator*>& operators,
               const std::vector<Operand*>& operands, size_t first_operand) {
  if (operators.size() > kSetOperationsMax) {
    transform.Error(DiagnosticCode::kTooComplex, transform.SpanOf(operators[kSetOperationsMax]),
                    fmt::format("more than {} queries in a chain", kSetOperationsMax),
                    "Put some of them into a view.");
    return left;
  }
  for (size_t i = 0; i < operators.size(); ++i) {
    QueryBody right = ToBody(transform, operands[first_operand + i]);
    QueryBody both;
    both.kind = QueryBodyKind::kSetOperation;
    both.operation = Words(operators[i]);
    if (both.operation.ends_with(" DISTINCT")) {
      both.operation.resize(both.operation.size() - std::string_view(" DISTINCT").size());
    }
    both.operation_span = transform.SpanOf(operators[i]);
    both.span = {left.span.begin, right.span.end};
    both.left = std::make_shared<const QueryBody>(std::move(left));
    both.right = std::make_shared<const QueryBody>(std::move(right));
    left = std::move(both);
  }
  return left;
}

QueryBody ToBody(const Transform& transform, P::IntersectionContext* context) {
  return Fold(transform, ToBody(transform, context->queryPrimary(0)), context->intersectOperator(),
              context->queryPrimary(), 1);
}

QueryBody ToBody(const Transform& transform, P::QueryExpressionContext* context) {
  return Fold(transform, ToBody(transform, context->intersection(0)), context->unionOperator(),
              context->intersection(), 1);
}

void AddWith(const Transform& transform, P::WithClauseContext* context, Query* query) {
  if (context == nullptr) return;
  query->with_span = transform.SpanOf(context);
  query->recursive = context->RECURSIVE() != nullptr;
  for (P::CommonTableContext* table : context->commonTable()) {
    query->with.push_back({transform.ToName(table->identifier()), transform.ToNames(table->names()),
                           std::make_shared<const Query>(transform.ToQuery(table->query()))});
  }
}

void AddEnd(const Transform& transform, P::OrderByContext* order_by, P::LimitContext* limit,
            Query* query) {
  if (order_by != nullptr) {
    query->order_by = transform.ToOrder(order_by);
    query->order_by_span = transform.SpanOf(order_by);
  }
  if (limit == nullptr) return;
  if (limit->offset() != nullptr) {
    query->offset_span = transform.SpanOf(limit->offset());
    query->offset = transform.ToCount(limit->offset()->count(), "OFFSET");
  }
  P::CountContext* count = limit->fetch() != nullptr ? limit->fetch()->count() : limit->count();
  if (count == nullptr) return;
  query->limit_span = {
      transform.SpanOf(limit->fetch() != nullptr ? limit->fetch()->FETCH() : limit->LIMIT()).begin,
      transform.SpanOf(count).end};
  query->limit = transform.ToCount(count, limit->fetch() != nullptr ? "FETCH" : "LIMIT");
}

}  // namespace

Query Transform::ToQuery(P::QueryContext* context) const {
  Query query;
  query.span = SpanOf(context);
  AddWith(*this, context->withClause(), &query);
  query.body = ToBody(*this, context->queryExpression());
  AddEnd(*this, context->orderBy(), context->limit(), &query);
  return query;
}

Query Transform::ToQuery(P::OpenQueryContext* context) const {
  Query query;
  query.span = SpanOf(context);
  AddWith(*this, context->withClause(), &query);
  if (context->queryExpression() != nullptr) {
    query.body = ToBody(*this, context->queryExpression());
  } else {
    QueryBody first = Fold(*this, ToBody(*this, context->openPrimary()),
                           context->intersectOperator(), context->queryPrimary(), 0);
    query.body =
        Fold(*this, std::move(first), context->unionOperator(), context->intersection(), 0);
  }
  AddEnd(*this, context->orderBy(), context->limit(), &query);
  return query;
}

Query Transform::ToQuery(QueryBody left, P::QueryTailContext* context) const {
  Query query;
  query.span = {left.span.begin, SpanOf(context).end};
  QueryBody first =
      Fold(*this, std::move(left), context->intersectOperator(), context->queryPrimary(), 0);
  query.body = Fold(*this, std::move(first), context->unionOperator(), context->intersection(), 0);
  AddEnd(*this, context->orderBy(), context->limit(), &query);
  return query;
}

std::vector<OrderItem> Transform::ToOrder(P::OrderByContext* context) const {
  std::vector<OrderItem> items;
  for (P::OrderItemContext* node : context->orderItem()) {
    OrderItem item;
    item.expression = ToExpression(node->expression());
    item.descending = node->DESC() != nullptr;
    item.nulls = node->NULLS() == nullptr   ? NullsOrder::kUnspecified
                 : node->FIRST() != nullptr ? NullsOrder::kFirst
                                            : NullsOrder::kLast;
    items.push_back(std::move(item));
  }
  return items;
}

Window Transform::ToWindow(P::WindowContext* context) const {
  Window window;
  window.span = SpanOf(context);
  if (context->identifier() != nullptr) window.base = ToName(context->identifier());
  window.partition_by = ToExpressions(context->expression());
  if (context->orderBy() != nullptr) window.order_by = ToOrder(context->orderBy());
  if (context->frame() != nullptr) window.frame = Words(context->frame());
  return window;
}

}  // namespace millrace::sql
