// Names of objects, columns and functions.
#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"
#include "sql/keywords.h"
#include "sql/string_escape.h"
#include "sql/transform.h"
#include "sql/unparse.h"

namespace millrace::sql {
namespace {

using P = FlinkSqlParser;

constexpr size_t kObjectNamePartsMax = 3;

Name NameOf(const Transform& transform, P::CallableNameContext* name, Span span) {
  const std::string_view text = transform.source.Text(span);
  if (name == nullptr) return {std::string(text), span};
  if (name->BACKQUOTED() != nullptr) return {Undouble(text.substr(1, text.size() - 2), '`'), span};
  if (name->UNICODE_NAME() == nullptr) return {std::string(text), span};
  const std::string_view quoted = transform.source.Text(transform.SpanOf(name->UNICODE_NAME()));
  const std::string inside = Undouble(quoted.substr(3, quoted.size() - 4), '"');
  return {transform.DecodeUnicode(inside, name->STRING(), span), span};
}

}  // namespace

Name Transform::ToName(P::IdentifierContext* context) const {
  return NameOf(*this, context->callableName(), SpanOf(context));
}

Name Transform::ToName(P::CallableNameContext* context) const {
  return NameOf(*this, context, SpanOf(context));
}

std::vector<Name> Transform::ToNames(const std::vector<P::IdentifierContext*>& contexts) const {
  std::vector<Name> names;
  names.reserve(contexts.size());
  for (P::IdentifierContext* context : contexts) names.push_back(ToName(context));
  return names;
}

std::vector<Name> Transform::ToNames(P::NamesContext* context) const {
  return context == nullptr ? std::vector<Name>() : ToNames(context->identifier());
}

std::vector<Name> Transform::ToNames(P::ColumnNameContext* context) const {
  return ToNames(context->identifier());
}

Name Transform::ToSimpleName(P::ColumnNameContext* context) const {
  if (context->identifier().size() > 1) {
    NotSupported(SpanOf(context), "columns inside of a row column",
                 "If the dot is part of the name, put the whole name in backticks.");
  }
  return ToName(context->identifier(0));
}

std::string Transform::ToFunctionName(const std::vector<Name>& parts) const {
  if (parts.size() > 1) return QuoteNames(parts, ".");
  const std::string name = ToUpper(parts[0].text);
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return IsLetterOrDigit(c) || c == '_'; });
  return plain && !IsDigit(name[0]) && IsCallable(name) ? name : QuoteIdentifier(name);
}

ObjectName Transform::ToObjectName(P::ObjectNameContext* context) const {
  ObjectName name;
  name.parts = ToNames(context->identifier());
  name.span = SpanOf(context);
  if (name.parts.size() > kObjectNamePartsMax) {
    Error(DiagnosticCode::kInvalidValue, name.span, "a name has at most three parts",
          "Write `catalog`.`database`.`table`.");
  }
  return name;
}

}  // namespace millrace::sql
