// Moves the spans of a statement: what is put together from several places of a script, or from
// several scripts, is reported at the place where it was put together.
#include "plan/table_definition.h"

namespace millrace {
namespace {

void PlaceNames(std::vector<sql::Name>* names, Span span) {
  for (sql::Name& name : *names) name.span = span;
}

void PlaceType(sql::TypeName* type, Span span) {
  type->span = span;
  for (sql::TypeName& element : type->elements) PlaceType(&element, span);
  for (sql::TypeField& field : type->fields) PlaceType(&field.type, span);
}

void PlaceExpression(sql::Expression* expression, Span span) {
  expression->span = expression->text_span = span;
  PlaceNames(&expression->qualifier, span);
  if (expression->type) PlaceType(&*expression->type, span);
  for (sql::Expression& child : expression->children) PlaceExpression(&child, span);
}

}  // namespace

void PlaceAt(sql::CreateTable* create, Span span) {
  create->name.span = create->options_span = create->partitioned_span = span;
  PlaceNames(&create->name.parts, span);
  PlaceNames(&create->partitioned_by, span);
  for (sql::ColumnDefinition& column : create->columns) {
    column.span = column.name.span = column.metadata_span = span;
    PlaceType(&column.type, span);
    if (column.computed) PlaceExpression(&*column.computed, span);
  }
  for (sql::KeyDefinition& key : create->keys) {
    key.span = span;
    PlaceNames(&key.columns, span);
  }
  for (sql::Watermark& watermark : create->watermarks) {
    watermark.span = span;
    PlaceNames(&watermark.column, span);
    PlaceExpression(&watermark.expression, span);
  }
  if (create->distribution) create->distribution->span = span;
  for (sql::OptionPair& option : create->options) option.key_span = option.value_span = span;
}

}  // namespace millrace
