#include "sql/transform.h"

#include <fmt/format.h>

#include "base/text.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::string Undouble(std::string_view text, char quote) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == quote) ++i;
  }
  return result;
}

void AddUnsupported(const Transform& transform, antlr4::ParserRuleContext* context,
                    std::string what, std::vector<UnsupportedClause>* clauses) {
  if (context != nullptr) clauses->push_back({std::move(what), transform.SpanOf(context)});
}

std::optional<std::string> ToComment(const Transform& transform,
                                     antlr4::tree::TerminalNode* comment,
                                     antlr4::tree::TerminalNode* text) {
  if (comment == nullptr) return std::nullopt;
  return transform.Unquote(text);
}

PrimaryKey ToPrimaryKey(const Transform& transform, antlr4::ParserRuleContext* context,
                        P::EnforcementContext* enforcement, std::vector<Name> columns) {
  PrimaryKey key;
  key.columns = std::move(columns);
  key.enforced = enforcement == nullptr || enforcement->NOT() == nullptr;
  key.span = transform.SpanOf(context);
  return key;
}

void AddPhysicalColumn(const Transform& transform, P::PhysicalColumnContext* context,
                       CreateTable* table) {
  ColumnDefinition column;
  column.name = transform.ToName(context->identifier());
  column.type = transform.ToType(context->dataType());
  column.comment = ToComment(transform, context->COMMENT(), context->STRING());
  column.span = transform.SpanOf(context);
  if (P::ColumnConstraintContext* constraint = context->columnConstraint()) {
    if (constraint->UNIQUE() != nullptr) {
      table->unsupported.push_back({"UNIQUE", transform.SpanOf(constraint)});
    } else {
      table->primary_keys.push_back(
          ToPrimaryKey(transform, constraint, constraint->enforcement(), {column.name}));
    }
  }
  table->columns.push_back(std::move(column));
}

void AddElement(const Transform& transform, P::TableElementContext* context, CreateTable* table) {
  if (auto* physical = dynamic_cast<P::PhysicalColumnContext*>(context)) {
    AddPhysicalColumn(transform, physical, table);
  } else if (auto* metadata = dynamic_cast<P::MetadataColumnContext*>(context)) {
    ColumnDefinition column;
    column.kind = ColumnKind::kMetadata;
    column.name = transform.ToName(metadata->identifier());
    column.type = transform.ToType(metadata->dataType());
    column.is_virtual = metadata->VIRTUAL() != nullptr;
    column.metadata_span = transform.SpanOf(metadata->METADATA());
    size_t next_text = 0;
    if (metadata->FROM() != nullptr) {
      column.metadata_span = transform.SpanOf(metadata->STRING(next_text));
      column.metadata_key = transform.Unquote(metadata->STRING(next_text++));
    }
    column.comment = ToComment(transform, metadata->COMMENT(), metadata->STRING(next_text));
    column.span = transform.SpanOf(context);
    table->columns.push_back(std::move(column));
  } else if (auto* computed = dynamic_cast<P::ComputedColumnContext*>(context)) {
    ColumnDefinition column;
    column.kind = ColumnKind::kComputed;
    column.name = transform.ToName(computed->identifier());
    column.computed = transform.ToExpression(computed->expression());
    column.comment = ToComment(transform, computed->COMMENT(), computed->STRING());
    column.span = transform.SpanOf(context);
    table->columns.push_back(std::move(column));
  } else if (auto* key = dynamic_cast<P::PrimaryKeyContext*>(context)) {
    std::vector<P::IdentifierContext*> names = key->identifier();
    if (key->CONSTRAINT() != nullptr) names.erase(names.begin());
    table->primary_keys.push_back(
        ToPrimaryKey(transform, key, key->enforcement(), transform.ToNames(names)));
  } else if (dynamic_cast<P::UniqueKeyContext*>(context) != nullptr) {
    AddUnsupported(transform, context, "UNIQUE", &table->unsupported);
  } else {
    AddUnsupported(transform, context, "WATERMARK", &table->unsupported);
  }
}

CreateTable ToCreateTable(const Transform& transform, P::CreateTableContext* context) {
  CreateTable table;
  table.name = transform.ToTableName(context->tableName());
  table.temporary = context->TEMPORARY() != nullptr;
  table.if_not_exists = context->EXISTS() != nullptr;
  for (P::TableElementContext* element : context->tableElement())
    AddElement(transform, element, &table);
  table.comment = ToComment(transform, context->COMMENT(), context->STRING());
  table.partitioned_by = transform.ToNames(context->identifier());
  table.options_span = table.name.span;
  if (P::WithOptionsContext* with = context->withOptions()) {
    table.options_span = transform.SpanOf(with);
    for (P::OptionContext* option : with->option()) {
      OptionPair pair;
      pair.key_span = transform.SpanOf(option->key);
      pair.value_span = transform.SpanOf(option->value);
      pair.key = transform.Unquote(option->STRING(0));
      pair.value = transform.Unquote(option->STRING(1));
      table.options.push_back(std::move(pair));
    }
  }
  AddUnsupported(transform, context->distribution(), "DISTRIBUTED", &table.unsupported);
  AddUnsupported(transform, context->likeClause(), "LIKE", &table.unsupported);
  AddUnsupported(transform, context->query(), "AS SELECT", &table.unsupported);
  return table;
}

// The text of a bare key or value as it stands in the script; blanks inside are an error.
std::string BareText(const Transform& transform, antlr4::ParserRuleContext* context) {
  std::string text = transform.TextOf(context);
  if (text.find_first_of(" \t\r\n") != std::string::npos) {
    transform.Error(transform.SpanOf(context), fmt::format("unexpected blank in {}", Quoted(text)),
                    "Put keys and values with blanks in single quotes: SET 'key' = 'value'.");
  }
  return text;
}

Set ToSet(const Transform& transform, P::SetStatementContext* context) {
  if (context->settingKey() == nullptr) return {};
  P::SettingKeyContext* key = context->settingKey();
  P::SettingValueContext* value = context->settingValue();
  OptionPair pair;
  pair.key_span = transform.SpanOf(key);
  pair.value_span = transform.SpanOf(value);
  pair.key = key->STRING() != nullptr ? transform.Unquote(key->STRING()) : BareText(transform, key);
  pair.value =
      value->STRING() != nullptr ? transform.Unquote(value->STRING()) : BareText(transform, value);
  return {std::move(pair)};
}

Reset ToReset(const Transform& transform, P::ResetStatementContext* context) {
  P::SettingKeyContext* key = context->settingKey();
  if (key == nullptr) return {};
  return {
      Name{key->STRING() != nullptr ? transform.Unquote(key->STRING()) : BareText(transform, key),
           transform.SpanOf(key)}};
}

Insert ToInsert(const Transform& transform, P::InsertContext* context) {
  Insert insert;
  insert.target = transform.ToTableName(context->tableName());
  if (context->LEFT_PAREN() != nullptr) insert.columns = transform.ToNames(context->identifier());
  insert.query = transform.ToQuery(context->query());
  if (context->OVERWRITE() != nullptr) {
    insert.unsupported.push_back({"INSERT OVERWRITE", transform.SpanOf(context->OVERWRITE())});
  }
  return insert;
}

SelectItem ToItem(const Transform& transform, P::SelectItemContext* context) {
  SelectItem item;
  if (context->expression() != nullptr) {
    item.expression = transform.ToExpression(context->expression());
    if (context->identifier() != nullptr) item.alias = transform.ToName(context->identifier());
    return item;
  }
  item.expression.kind = ExpressionKind::kStar;
  item.expression.span = item.expression.text_span = transform.SpanOf(context);
  if (context->columnName() != nullptr) {
    item.expression.qualifier = transform.ToNames(context->columnName()->identifier());
  }
  return item;
}

void AddFrom(const Transform& transform, P::SelectContext* context, Query* query) {
  const std::vector<P::TableReferenceContext*> references = context->tableReference();
  for (size_t i = 1; i < references.size(); ++i) {
    AddUnsupported(transform, references[i], "a join", &query->unsupported);
  }
  for (P::JoinContext* join : references[0]->join()) {
    AddUnsupported(transform, join, "JOIN", &query->unsupported);
  }
  auto* named = dynamic_cast<P::NamedTableContext*>(references[0]->tablePrimary());
  if (named == nullptr) {
    AddUnsupported(transform, references[0], "a query in FROM", &query->unsupported);
    return;
  }
  AddUnsupported(transform, named->hint(), "a table hint", &query->unsupported);
  AddUnsupported(transform, named->temporalPeriod(), "FOR SYSTEM_TIME AS OF", &query->unsupported);
  TableReference table;
  table.name = transform.ToTableName(named->tableName());
  table.span = transform.SpanOf(named);
  if (named->tableAlias() != nullptr) {
    if (named->tableAlias()->identifier().size() > 1) {
      AddUnsupported(transform, named->tableAlias(), "a column list after an alias",
                     &query->unsupported);
    }
    table.alias = transform.ToName(named->tableAlias()->identifier(0));
  }
  query->from = std::move(table);
}

void AddSelect(const Transform& transform, P::SelectContext* context, Query* query) {
  AddUnsupported(transform, context->hint(), "a query hint", &query->unsupported);
  if (context->DISTINCT() != nullptr) {
    query->unsupported.push_back({"SELECT DISTINCT", transform.SpanOf(context->DISTINCT())});
  }
  for (P::SelectItemContext* item : context->selectItem()) {
    query->items.push_back(ToItem(transform, item));
  }
  if (!context->tableReference().empty()) AddFrom(transform, context, query);
  if (context->where != nullptr) query->where = transform.ToExpression(context->where);
  AddUnsupported(transform, context->groupBy(), "GROUP BY", &query->unsupported);
  AddUnsupported(transform, context->having(), "HAVING", &query->unsupported);
}

void AddLimit(const Transform& transform, P::LimitContext* context, Query* query) {
  antlr4::tree::TerminalNode* count = context->INTEGER();
  AddUnsupported(transform, context->offset(), "OFFSET", &query->unsupported);
  if (context->fetch() != nullptr) count = context->fetch()->INTEGER();
  if (count == nullptr) return;
  query->limit_span = transform.SpanOf(count);
  query->limit = ParseInteger(count->getText());
  if (!query->limit) transform.Error(query->limit_span, "this number is too large");
}

void AddValues(const Transform& transform, P::ValuesQueryContext* context, Query* query) {
  for (P::ValuesRowContext* row : context->valuesRow()) {
    std::vector<Expression> values;
    for (P::ExpressionContext* value : row->expression()) {
      values.push_back(transform.ToExpression(value));
    }
    query->values.push_back(std::move(values));
  }
}

Unsupported ToUnsupported(P::UnsupportedStatementContext* context) {
  std::string what = ToUpper(context->getStart()->getText());
  for (antlr4::tree::ParseTree* child : context->children) {
    const auto* word = dynamic_cast<antlr4::tree::TerminalNode*>(child);
    if (child == context->children.front()) continue;
    if (word == nullptr && dynamic_cast<P::AnythingContext*>(child) != nullptr) break;
    what += " " + ToUpper(child->getText());
  }
  return {what};
}

}  // namespace

std::string Transform::Unquote(antlr4::tree::TerminalNode* node) const {
  const std::string_view quoted = places.Text(SpanOf(node));
  return Undouble(quoted.substr(1, quoted.size() - 2), '\'');
}

Name Transform::ToName(P::IdentifierContext* context) const {
  const Span span = SpanOf(context);
  const std::string_view text = places.Text(span);
  if (context->BACKQUOTED() != nullptr)
    return {Undouble(text.substr(1, text.size() - 2), '`'), span};
  return {std::string(text), span};
}

std::vector<Name> Transform::ToNames(const std::vector<P::IdentifierContext*>& contexts) const {
  std::vector<Name> names;
  for (P::IdentifierContext* context : contexts) names.push_back(ToName(context));
  return names;
}

TableName Transform::ToTableName(P::TableNameContext* context) const {
  TableName name;
  name.parts = ToNames(context->identifier());
  name.span = SpanOf(context);
  if (name.parts.size() > 3) {
    Error(name.span, "a table name has at most three parts", "Write `catalog`.`database`.`table`.");
  }
  return name;
}

Query Transform::ToQuery(P::QueryContext* context) const {
  Query query;
  query.span = SpanOf(context);
  AddUnsupported(*this, context->withClause(), "WITH", &query.unsupported);
  const std::vector<P::QueryPrimaryContext*> terms = context->queryTerm()->queryPrimary();
  for (P::SetOperatorContext* operation : context->queryTerm()->setOperator()) {
    AddUnsupported(*this, operation, ToUpper(TextOf(operation)), &query.unsupported);
  }
  if (auto* select = dynamic_cast<P::PlainSelectContext*>(terms[0])) {
    AddSelect(*this, select->select(), &query);
  } else if (auto* values = dynamic_cast<P::ValuesQueryContext*>(terms[0])) {
    AddValues(*this, values, &query);
  } else if (auto* nested = dynamic_cast<P::NestedQueryContext*>(terms[0])) {
    query = ToQuery(nested->query());
    query.span = SpanOf(context);
  }
  AddUnsupported(*this, context->orderBy(), "ORDER BY", &query.unsupported);
  if (context->limit() != nullptr) AddLimit(*this, context->limit(), &query);
  return query;
}

Statement Transform::ToStatement(P::StatementContext* context) const {
  Statement statement;
  statement.span = SpanOf(context);
  if (auto* create = context->createTable()) {
    statement.node = ToCreateTable(*this, create);
  } else if (auto* drop = context->dropTable()) {
    statement.node = DropTable{ToTableName(drop->tableName()), drop->TEMPORARY() != nullptr,
                               drop->EXISTS() != nullptr};
  } else if (auto* set = context->setStatement()) {
    statement.node = ToSet(*this, set);
  } else if (auto* reset = context->resetStatement()) {
    statement.node = ToReset(*this, reset);
  } else if (auto* insert = context->insert()) {
    statement.node = ToInsert(*this, insert);
  } else if (auto* explain = context->explain()) {
    auto inner = std::make_shared<Statement>();
    if (explain->query() != nullptr) {
      inner->node = Select{ToQuery(explain->query())};
      inner->span = SpanOf(explain->query());
    } else {
      inner->node = ToInsert(*this, explain->insert());
      inner->span = SpanOf(explain->insert());
    }
    Explain node{{}, std::move(inner)};
    for (P::ExplainDetailContext* detail : explain->explainDetail()) {
      node.details.push_back({ToUpper(TextOf(detail)), SpanOf(detail)});
    }
    statement.node = std::move(node);
  } else if (auto* create_shown = dynamic_cast<P::ShowCreateTableContext*>(context->show())) {
    statement.node = ShowCreateTable{ToTableName(create_shown->tableName())};
  } else if (context->show() != nullptr) {
    statement.node = ShowTables{};
  } else if (auto* describe = context->describe()) {
    statement.node = Describe{ToTableName(describe->tableName())};
  } else if (auto* query = context->query()) {
    statement.node = Select{ToQuery(query)};
  } else {
    statement.node = ToUnsupported(context->unsupportedStatement());
  }
  return statement;
}

}  // namespace millrace::sql
