#include <fmt/core.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/transform.h"
#include "sql/unparse.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

std::string SimpleTypeName(const Transform& transform, P::TypeBodyContext* context) {
  if (Has(context, P::VARYING)) return Has(context, P::BINARY) ? "VARBINARY" : "VARCHAR";
  switch (context->getStart()->getType()) {
    case P::CHARACTER:
      return "CHAR";
    case P::DEC:
    case P::NUMERIC:
      return "DECIMAL";
    case P::INTEGER_WORD:
      return "INT";
    case P::TIMESTAMP:
      return Has(context, P::WITH) ? "TIMESTAMP_LTZ" : "TIMESTAMP";
    default:
      return ToUpper(transform.source.Text(transform.SpanOf(context->getStart())));
  }
}

// A user-defined type: in upper case if it is one plain word, else in backticks.
std::string UserTypeName(const Transform& transform, P::ObjectNameContext* context) {
  const std::string text = transform.TextOf(context);
  const ObjectName name = transform.ToObjectName(context);
  if (name.parts.size() == 1 && name.parts[0].text == text) return ToUpper(text);
  std::string quoted;
  for (const Name& part : name.parts)
    quoted += (quoted.empty() ? "" : ".") + QuoteIdentifier(part.text);
  return quoted;
}

std::vector<TypeField> ToFields(const Transform& transform, P::TypeBodyContext* context) {
  std::vector<TypeField> fields;
  for (P::RowFieldContext* field : context->rowField()) {
    TypeField one;
    one.name = transform.ToName(field->identifier());
    one.type = transform.ToType(field->dataType());
    if (field->STRING() != nullptr) one.comment = transform.Unquote(field->STRING());
    fields.push_back(std::move(one));
  }
  return fields;
}

}  // namespace

TypeName Transform::ToTypeBody(P::TypeBodyContext* context) const {
  TypeName type;
  type.span = SpanOf(context);
  if (context->objectName() != nullptr) {
    type.name = UserTypeName(*this, context->objectName());
    return type;
  }
  type.name = SimpleTypeName(*this, context);
  for (antlr4::tree::TerminalNode* node : context->INTEGER()) {
    type.parameters.push_back(ToNumber(node));
  }
  if (context->typeLength() != nullptr) {
    type.parameters.push_back(ToNumber(context->typeLength()->INTEGER()));
  }
  for (P::DataTypeContext* element : context->dataType()) type.elements.push_back(ToType(element));
  type.fields = ToFields(*this, context);
  for (P::TextContext* text : context->text()) type.texts.push_back(ToText(text));
  if (context->characterSet() != nullptr) {
    NotSupported(SpanOf(context->characterSet()), "CHARACTER SET",
                 "Leave it out; strings are Unicode.");
  }
  if (context->TIME().size() > 1 && Has(context, P::LOCAL) && !Has(context, P::TIMESTAMP)) {
    NotSupported(type.span, "TIME WITH LOCAL TIME ZONE", "Write TIME(p) or TIMESTAMP_LTZ(p).");
  }
  return type;
}

TypeName Transform::ToType(P::DataTypeContext* context) const {
  TypeName type = ToTypeBody(context->typeBody());
  const size_t begin = type.span.begin;
  if (context->typeSuffix().size() > kNestingMax) {
    NestedTooDeep(SpanOf(context->typeSuffix(kNestingMax)), "Simplify the type.");
    return type;
  }
  for (antlr4::tree::ParseTree* child : context->children) {
    if (auto* nullability = dynamic_cast<P::NullabilityContext*>(child)) {
      type.nullable = nullability->NOT() == nullptr;
      type.nullable_written = true;
      type.span.end = SpanOf(nullability).end;
    } else if (auto* suffix = dynamic_cast<P::TypeSuffixContext*>(child)) {
      TypeName outer;
      outer.name = ToUpper(suffix->getText());
      outer.span = {begin, SpanOf(suffix).end};
      outer.elements.push_back(std::move(type));
      type = std::move(outer);
    }
  }
  return type;
}

TypeName Transform::ToTarget(P::DataTypeContext* context, std::string_view what) const {
  for (P::NullabilityContext* nullability : context->nullability()) {
    RequireExtension(SpanOf(nullability),
                     fmt::format("{} in the type of {}", Words(nullability), what),
                     "Leave it out.");
  }
  return ToType(context);
}

TypeName Transform::ToType(P::CastTypeContext* context) const {
  if (context->dataType() != nullptr) return ToTarget(context->dataType(), "CAST");
  const Interval interval = ToInterval(context->intervalQualifier());
  TypeName type;
  type.name = "INTERVAL " + Unparse(interval);
  type.span = SpanOf(context);
  return type;
}

}  // namespace millrace::sql
