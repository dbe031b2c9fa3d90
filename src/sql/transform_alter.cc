#include <utility>

#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::vector<OptionPair> ToKeys(const Transform& transform, P::OptionKeysContext* context) {
  std::vector<OptionPair> keys;
  for (P::TextContext* node : context->text()) {
    OptionPair key;
    key.key = transform.ToText(node);
    key.key_span = transform.SpanOf(node);
    keys.push_back(std::move(key));
  }
  return keys;
}

void AddElement(const Transform& transform, P::ChangedElementContext* context, Alter* alter) {
  if (context->tableConstraint() != nullptr) {
    alter->keys.push_back(transform.ToKey(context->tableConstraint()));
  } else if (context->watermark() != nullptr) {
    alter->watermarks.push_back(transform.ToWatermark(context->watermark()));
  } else {
    AddedColumn added;
    added.column = transform.ToColumn(context->column(), &alter->keys);
    added.first = context->FIRST() != nullptr;
    if (context->columnName() != nullptr) added.after = transform.ToNames(context->columnName());
    alter->added.push_back(std::move(added));
  }
}

void AddChange(const Transform& transform, P::TableChangeContext* context, Alter* alter) {
  const bool add = Has(context, P::ADD);
  if (auto* rename = dynamic_cast<P::RenameTableContext*>(context)) {
    alter->new_name = transform.ToObjectName(rename->objectName());
  } else if (auto* column = dynamic_cast<P::RenameColumnContext*>(context)) {
    alter->action = AlterAction::kRenameColumn;
    alter->column = transform.ToNames(column->columnName(0));
    alter->new_column = transform.ToSimpleName(column->columnName(1));
  } else if (auto* set = dynamic_cast<P::SetTableOptionsContext*>(context)) {
    alter->action = AlterAction::kSetOptions;
    alter->options = transform.ToOptions(set->optionList());
  } else if (auto* reset = dynamic_cast<P::ResetTableOptionsContext*>(context)) {
    alter->action = AlterAction::kResetOptions;
    alter->reset_keys = ToKeys(transform, reset->optionKeys());
  } else if (auto* distribution = dynamic_cast<P::ChangeDistributionContext*>(context)) {
    alter->action = AlterAction::kSetDistribution;
    alter->add_distribution = add;
    alter->distribution = transform.ToDistribution(distribution->distribution());
  } else if (auto* elements = dynamic_cast<P::ChangeElementsContext*>(context)) {
    alter->action = add ? AlterAction::kAdd : AlterAction::kModify;
    alter->parenthesised = elements->LEFT_PAREN() != nullptr;
    if (!alter->parenthesised) AddElement(transform, elements->changedElement(), alter);
    for (P::ListedElementContext* element : elements->listedElement()) {
      if (element->changedElement() != nullptr) {
        AddElement(transform, element->changedElement(), alter);
      } else if (alter->distribution) {
        transform.SyntaxError(transform.SpanOf(element), "DISTRIBUTION is given twice");
      } else {
        alter->distribution = transform.ToDistribution(element->distribution());
      }
    }
  } else if (auto* drop = dynamic_cast<P::DropColumnsContext*>(context)) {
    alter->action = AlterAction::kDropColumns;
    alter->parenthesised = drop->LEFT_PAREN() != nullptr;
    for (P::ColumnNameContext* name : drop->columnName()) {
      alter->columns.push_back(transform.ToNames(name));
    }
  } else if (auto* constraint = dynamic_cast<P::DropConstraintContext*>(context)) {
    alter->action = AlterAction::kDropConstraint;
    alter->columns = {{transform.ToName(constraint->identifier())}};
  } else if (dynamic_cast<P::DropPrimaryKeyContext*>(context) != nullptr) {
    alter->action = AlterAction::kDropPrimaryKey;
  } else if (dynamic_cast<P::DropWatermarkContext*>(context) != nullptr) {
    alter->action = AlterAction::kDropWatermark;
  } else if (dynamic_cast<P::DropDistributionContext*>(context) != nullptr) {
    alter->action = AlterAction::kDropDistribution;
  } else {
    alter->action = AlterAction::kPartitions;
    alter->text = transform.TextOf(context);
  }
}

}  // namespace

Alter Transform::ToAlterTable(P::AlterTableContext* context) const {
  Alter alter;
  alter.name = ToObjectName(context->objectName());
  alter.if_exists = context->ifExists() != nullptr;
  alter.action_span = SpanOf(context->tableChange());
  AddChange(*this, context->tableChange(), &alter);
  return alter;
}

Alter Transform::ToAlterView(P::AlterViewContext* context) const {
  Alter alter;
  alter.object = ObjectKind::kView;
  alter.name = ToObjectName(context->objectName(0));
  alter.if_exists = context->ifExists() != nullptr;
  if (alter.if_exists) {
    RequireExtension(SpanOf(context->ifExists()), "ALTER VIEW IF EXISTS", "Leave IF EXISTS out.");
  }
  alter.action_span = {alter.name.span.end, SpanOf(context).end};
  if (context->query() != nullptr) {
    alter.action = AlterAction::kSetQuery;
    alter.query = std::make_shared<const Query>(ToQuery(context->query()));
    alter.action_span.begin = SpanOf(context->AS()).begin;
  } else {
    alter.new_name = ToObjectName(context->objectName(1));
    alter.action_span.begin = SpanOf(context->RENAME()).begin;
  }
  return alter;
}

Alter Transform::ToAlterDatabase(P::AlterDatabaseContext* context) const {
  Alter alter;
  alter.object = ObjectKind::kDatabase;
  alter.name = ToObjectName(context->objectName());
  alter.action = AlterAction::kSetOptions;
  alter.options = ToOptions(context->optionList());
  alter.action_span = {SpanOf(context->SET()).begin, SpanOf(context).end};
  return alter;
}

Alter Transform::ToAlterCatalog(P::AlterCatalogContext* context) const {
  Alter alter;
  alter.object = ObjectKind::kCatalog;
  const Name name = ToName(context->identifier());
  alter.name = {{name}, name.span};
  if (context->optionList() != nullptr) {
    alter.action = AlterAction::kSetOptions;
    alter.options = ToOptions(context->optionList());
  } else if (context->optionKeys() != nullptr) {
    alter.action = AlterAction::kResetOptions;
    alter.reset_keys = ToKeys(*this, context->optionKeys());
  } else {
    alter.action = AlterAction::kComment;
    alter.comment = ToComment(context->comment()).value_or("");
  }
  auto* first = dynamic_cast<antlr4::ParserRuleContext*>(context->children[3]);
  antlr4::tree::TerminalNode* word = context->SET() != nullptr ? context->SET() : context->RESET();
  alter.action_span = {word != nullptr ? SpanOf(word).begin : SpanOf(first).begin,
                       SpanOf(context).end};
  return alter;
}

}  // namespace millrace::sql
