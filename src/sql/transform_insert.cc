// INSERT, its PARTITION, and statement sets.
#include <memory>

#include "base/ascii.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// A literal, or a number with a plus before it.
bool IsLiteral(const Expression& value) {
  if (value.kind == ExpressionKind::kLiteral) return true;
  return value.kind == ExpressionKind::kCall && value.text == "+" && value.children.size() == 1 &&
         IsNumber(value.children[0]);
}

}  // namespace

std::vector<PartitionValue> Transform::ToPartition(P::PartitionSpecContext* context) const {
  std::vector<PartitionValue> values;
  for (P::PartitionValueContext* node : context->partitionValue()) {
    PartitionValue value;
    value.column = ToName(node->identifier());
    if (node->expression() == nullptr) {
      SyntaxError(
          value.column.span, "a PARTITION column needs a value",
          "Write PARTITION (" + value.column.text + " = 'value'); leave dynamic columns out.");
    } else {
      value.value = ToExpression(node->expression());
      if (!IsLiteral(value.value)) {
        SyntaxError(value.value.span, "the value of a partition column must be a literal");
      }
    }
    values.push_back(std::move(value));
  }
  return values;
}

Insert Transform::ToInsert(P::InsertContext* context) const {
  Insert insert;
  insert.span = SpanOf(context);
  insert.target = ToObjectName(context->objectName());
  insert.overwrite = context->OVERWRITE() != nullptr;
  insert.upsert = context->UPSERT() != nullptr;
  antlr4::tree::TerminalNode* preposition =
      insert.overwrite ? context->OVERWRITE() : context->INTO();
  insert.verb_span = {insert.span.begin, SpanOf(preposition).end};
  if (insert.upsert && insert.overwrite) {
    SyntaxError(insert.verb_span, "UPSERT OVERWRITE does not exist", "Write INSERT OVERWRITE.");
  }
  insert.hints = ToHints(context->hint());
  if (context->extend() != nullptr) {
    NotSupported(SpanOf(context->extend()), "EXTEND", "Declare the columns in the table.");
  }
  if (context->partitionSpec() != nullptr) {
    insert.partition = ToPartition(context->partitionSpec());
    insert.partition_span = SpanOf(context->partitionSpec());
  }
  if (P::ObjectNamesContext* columns = context->objectNames()) {
    insert.columns.emplace();
    for (P::ObjectNameContext* column : columns->objectName()) {
      if (column->identifier().size() > 1) {
        NotSupported(SpanOf(column), "INSERT into a nested column");
      }
      insert.columns->push_back(ToName(column->identifier(0)));
    }
  }
  insert.query = std::make_shared<const Query>(ToQuery(context->query()));
  if (P::OnConflictContext* conflict = context->onConflict()) {
    insert.on_conflict = ToUpper(conflict->getStop()->getText());
    insert.on_conflict_span = SpanOf(conflict);
  }
  return insert;
}

StatementSet Transform::ToStatementSet(P::StatementSetContext* context) const {
  StatementSet set;
  for (P::InsertContext* insert : context->insert()) set.inserts.push_back(ToInsert(insert));
  return set;
}

}  // namespace millrace::sql
