#include <fmt/format.h>

#include "base/text.h"
#include "sql/transform.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

// The numbers in parentheses; beyond 64 bits is an error at the number.
std::vector<int64_t> Parameters(const Transform& transform, P::TypeParametersContext* context) {
  std::vector<int64_t> values;
  if (context == nullptr) return values;
  for (antlr4::tree::TerminalNode* node : context->INTEGER()) {
    const std::optional<int64_t> value = ParseInteger(node->getText());
    if (!value) transform.Error(transform.SpanOf(node), "this number is too large");
    values.push_back(value.value_or(0));
  }
  return values;
}

TypeName Collection(const Transform& transform, P::CollectionTypeContext* context) {
  TypeName type;
  type.name = context->ARRAY() != nullptr ? "ARRAY"
              : context->MAP() != nullptr ? "MAP"
                                          : "MULTISET";
  for (P::DataTypeContext* element : context->dataType()) {
    type.elements.push_back(transform.ToType(element));
  }
  const size_t wanted = type.name == "MAP" ? 2 : 1;
  if (type.elements.size() != wanted) {
    transform.Error(transform.SpanOf(context),
                    fmt::format("{} takes {} type{}", type.name, wanted, wanted == 1 ? "" : "s"));
  }
  return type;
}

}  // namespace

TypeName Transform::ToTypeBody(P::TypeBodyContext* context) const {
  TypeName type;
  if (auto* floating = dynamic_cast<P::DoubleTypeContext*>(context)) {
    (void)floating;
    type.name = "DOUBLE";
  } else if (auto* character = dynamic_cast<P::CharacterTypeContext*>(context)) {
    type.name = character->VARYING() != nullptr ? "VARCHAR" : "CHAR";
    type.parameters = Parameters(*this, character->typeParameters());
  } else if (auto* timestamp = dynamic_cast<P::TimestampTypeContext*>(context)) {
    type.name = "TIMESTAMP";
    if (timestamp->WITH() != nullptr) {
      if (timestamp->LOCAL() == nullptr) {
        Error(SpanOf(context), "TIMESTAMP WITH TIME ZONE is not a type of Flink SQL",
              "Write TIMESTAMP(p) or TIMESTAMP_LTZ(p).");
      }
      type.name = "TIMESTAMP_LTZ";
    }
    type.parameters = Parameters(*this, timestamp->typeParameters());
  } else if (auto* time = dynamic_cast<P::TimeTypeContext*>(context)) {
    type.name = "TIME";
    type.parameters = Parameters(*this, time->typeParameters());
  } else if (auto* collection = dynamic_cast<P::CollectionTypeContext*>(context)) {
    type = Collection(*this, collection);
  } else if (auto* row = dynamic_cast<P::RowTypeContext*>(context)) {
    type.name = "ROW";
    for (P::RowFieldContext* field : row->rowField())
      type.elements.push_back(ToType(field->dataType()));
  } else if (auto* named = dynamic_cast<P::NamedTypeContext*>(context)) {
    type.name = named->identifier() != nullptr ? ToUpper(ToName(named->identifier()).text)
                                               : ToUpper(named->getStart()->getText());
    type.parameters = Parameters(*this, named->typeParameters());
  }
  type.span = SpanOf(context);
  return type;
}

TypeName Transform::ToType(P::DataTypeContext* context) const {
  TypeName type = ToTypeBody(context->typeBody());
  bool negated = false;
  for (antlr4::tree::ParseTree* child : context->children) {
    if (auto* suffix = dynamic_cast<P::TypeSuffixContext*>(child)) {
      TypeName outer;
      outer.name = ToUpper(suffix->getText());
      outer.elements.push_back(std::move(type));
      type = std::move(outer);
    } else if (auto* word = dynamic_cast<antlr4::tree::TerminalNode*>(child)) {
      if (word->getSymbol()->getType() == P::NOT) {
        negated = true;
      } else {
        type.nullable = !negated;
        negated = false;
      }
    }
  }
  type.span = SpanOf(context);
  return type;
}

}  // namespace millrace::sql
