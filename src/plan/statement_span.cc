#include "plan/statement_span.h"

namespace millrace {
namespace {

void SetNameSpans(std::vector<sql::Name>* names, Span span) {
  for (sql::Name& name : *names) name.span = span;
}

void SetTypeSpans(sql::TypeName* type, Span span) {
  type->span = span;
  for (sql::TypeName& element : type->elements) SetTypeSpans(&element, span);
  for (sql::TypeField& field : type->fields) SetTypeSpans(&field.type, span);
}

void SetExpressionSpans(sql::Expression* expression, Span span) {
  expression->span = expression->text_span = span;
  SetNameSpans(&expression->qualifier, span);
  if (expression->type) SetTypeSpans(&*expression->type, span);
  for (sql::Expression& child : expression->children) SetExpressionSpans(&child, span);
}

}  // namespace

void SetSpans(sql::CreateTable* create, Span span) {
  create->name.span = create->options_span = create->partitioned_span = span;
  SetNameSpans(&create->name.parts, span);
  SetNameSpans(&create->partitioned_by, span);
  for (sql::ColumnDefinition& column : create->columns) {
    column.span = column.name.span = column.metadata_span = span;
    SetTypeSpans(&column.type, span);
    if (column.computed) SetExpressionSpans(&*column.computed, span);
  }
  for (sql::KeyDefinition& key : create->keys) {
    key.span = span;
    SetNameSpans(&key.columns, span);
  }
  for (sql::Watermark& watermark : create->watermarks) {
    watermark.span = span;
    SetNameSpans(&watermark.column, span);
    SetExpressionSpans(&watermark.expression, span);
  }
  if (create->distribution) create->distribution->span = span;
  for (sql::OptionPair& option : create->options) option.key_span = option.value_span = span;
}

}  // namespace millrace
