#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::optional<bool> ToEnforced(P::EnforcementContext* context) {
  if (context == nullptr) return std::nullopt;
  return context->NOT() == nullptr;
}

void AddColumnKey(const Transform& transform, P::ColumnConstraintContext* context, const Name& name,
                  std::vector<KeyDefinition>* keys) {
  KeyDefinition key;
  if (context->identifier() != nullptr) key.name = transform.ToName(context->identifier());
  key.unique = context->UNIQUE() != nullptr;
  key.columns = {name};
  key.enforced = ToEnforced(context->enforcement());
  key.span = transform.SpanOf(context);
  keys->push_back(std::move(key));
}

void AddMetadata(const Transform& transform, P::MetadataContext* context,
                 ColumnDefinition* column) {
  column->kind = ColumnKind::kMetadata;
  column->is_virtual = context->VIRTUAL() != nullptr;
  column->metadata_span = transform.SpanOf(context->METADATA());
  if (context->text() != nullptr) {
    column->metadata_span = transform.SpanOf(context->text());
    column->metadata_key = transform.ToText(context->text());
  }
}

void AddElement(const Transform& transform, P::TableElementContext* context, CreateTable* table) {
  if (context->column() != nullptr) {
    table->columns.push_back(transform.ToColumn(context->column(), &table->keys));
  } else if (context->columnName() != nullptr) {
    table->bare_columns.push_back(transform.ToSimpleName(context->columnName()));
  } else if (context->tableConstraint() != nullptr) {
    table->keys.push_back(transform.ToKey(context->tableConstraint()));
  } else {
    table->watermarks.push_back(transform.ToWatermark(context->watermark()));
  }
}

// (a, b) without types names the columns of the query of AS; nothing else may be in that list.
void CheckBareColumns(const Transform& transform, const CreateTable& table) {
  if (table.bare_columns.empty()) return;
  const Name& first = table.bare_columns.front();
  const bool mixed = !table.columns.empty() || !table.keys.empty() || !table.watermarks.empty();
  if (!mixed && table.query != nullptr) return;
  transform.SyntaxError(first.span, fmt::format("column {} has no type", Quoted(first.text)),
                        "Write a type after the name, such as INT or STRING.");
}

LikeClause ToLike(const Transform& transform, P::LikeClauseContext* context) {
  LikeClause like;
  like.table = transform.ToObjectName(context->objectName());
  like.span = transform.SpanOf(context);
  for (P::LikeOptionContext* option : context->likeOption()) {
    like.options.push_back({ToUpper(option->getStart()->getText()),
                            ToUpper(option->getStop()->getText()), transform.SpanOf(option)});
  }
  return like;
}

}  // namespace

std::optional<std::string> Transform::ToComment(P::CommentContext* context) const {
  if (context == nullptr) return std::nullopt;
  return ToText(context->text());
}

std::vector<OptionPair> Transform::ToOptions(P::OptionListContext* context) const {
  std::vector<OptionPair> options_list;
  for (P::OptionContext* option : context->option()) {
    OptionPair pair;
    pair.key_span = SpanOf(option->key);
    pair.value_span = SpanOf(option->value);
    pair.key = ToText(option->key);
    pair.value = ToText(option->value);
    options_list.push_back(std::move(pair));
  }
  return options_list;
}

ColumnDefinition Transform::ToColumn(P::ColumnContext* context,
                                     std::vector<KeyDefinition>* keys) const {
  ColumnDefinition column;
  column.name = ToSimpleName(context->columnName());
  column.comment = ToComment(context->comment());
  column.span = SpanOf(context);
  if (context->expression() != nullptr) {
    column.kind = ColumnKind::kComputed;
    column.computed = ToExpression(context->expression());
    return column;
  }
  column.type = ToType(context->dataType());
  if (context->metadata() != nullptr) AddMetadata(*this, context->metadata(), &column);
  if (context->columnConstraint() != nullptr) {
    AddColumnKey(*this, context->columnConstraint(), column.name, keys);
  }
  return column;
}

KeyDefinition Transform::ToKey(P::TableConstraintContext* context) const {
  KeyDefinition key;
  if (context->identifier() != nullptr) key.name = ToName(context->identifier());
  key.unique = context->UNIQUE() != nullptr;
  key.columns = ToNames(context->names());
  key.enforced = ToEnforced(context->enforcement());
  key.span = SpanOf(context);
  return key;
}

Watermark Transform::ToWatermark(P::WatermarkContext* context) const {
  return {ToNames(context->columnName()), ToExpression(context->expression()), SpanOf(context)};
}

Distribution Transform::ToDistribution(P::DistributionContext* context) const {
  Distribution distribution;
  distribution.span = SpanOf(context);
  distribution.kind = context->HASH() != nullptr    ? "HASH"
                      : context->RANGE() != nullptr ? "RANGE"
                                                    : "";
  distribution.columns = ToNames(context->names());
  if (context->INTEGER() == nullptr) return distribution;
  distribution.buckets = ToNumber(context->INTEGER());
  if (*distribution.buckets == 0) {
    Error(DiagnosticCode::kInvalidValue, SpanOf(context->INTEGER()),
          "the number of buckets must be positive");
  }
  return distribution;
}

CreateTable Transform::ToCreateTable(P::CreateTableContext* context) const {
  CreateTable table;
  table.name = ToObjectName(context->objectName(0));
  table.or_replace = context->REPLACE() != nullptr;
  table.temporary = context->TEMPORARY() != nullptr;
  table.if_not_exists = context->ifNotExists() != nullptr;
  for (P::TableElementContext* element : context->tableElement()) {
    AddElement(*this, element, &table);
  }
  table.comment = ToComment(context->comment());
  if (context->distributed() != nullptr) {
    table.distribution = ToDistribution(context->distributed()->distribution());
    table.distribution->span = SpanOf(context->distributed());
  }
  if (context->partitionedBy() != nullptr) {
    table.partitioned_by = ToNames(context->partitionedBy()->names());
    table.partitioned_span = SpanOf(context->partitionedBy());
  }
  if (context->connection != nullptr) table.connection = ToObjectName(context->connection);
  table.options_span = table.name.span;
  if (context->withOptions() != nullptr) {
    table.has_options = true;
    table.options_span = SpanOf(context->withOptions());
    table.options = ToOptions(context->withOptions()->optionList());
  }
  if (context->likeClause() != nullptr) table.like = ToLike(*this, context->likeClause());
  if (context->query() != nullptr) {
    table.query = std::make_shared<const Query>(ToQuery(context->query()));
  }
  CheckBareColumns(*this, table);
  if (context->CREATE() == nullptr && table.query == nullptr) {
    SyntaxError(table.name.span, "REPLACE TABLE needs AS SELECT",
                "Write DROP TABLE IF EXISTS and CREATE TABLE.");
  }
  if (table.or_replace && table.if_not_exists && table.query != nullptr) {
    RequireExtension(SpanOf(context->ifNotExists()), "REPLACE TABLE IF NOT EXISTS",
                     "Leave IF NOT EXISTS out.");
  }
  return table;
}

CreateView Transform::ToCreateView(P::CreateViewContext* context) const {
  CreateView view;
  view.name = ToObjectName(context->objectName());
  view.or_replace = context->REPLACE() != nullptr;
  view.temporary = context->TEMPORARY() != nullptr;
  view.if_not_exists = context->ifNotExists() != nullptr;
  view.columns = ToNames(context->names());
  view.comment = ToComment(context->comment());
  view.query = std::make_shared<const Query>(ToQuery(context->query()));
  return view;
}

}  // namespace millrace::sql
