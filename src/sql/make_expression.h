// Expressions of one kind each, with their spans.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sql/expression.h"
#include "sql/query.h"

namespace millrace::sql {

Expression MakeLiteral(LiteralKind kind, std::string text, Span span);
Expression MakeCall(std::string name, Span name_span, Span span, std::vector<Expression> children);
// The last of the names is the column's; there is at least one.
Expression MakeColumn(std::vector<Name> names, Span span);
Expression MakeSymbol(std::string text, Span span);
Expression MakeSubquery(std::string text, Span span, Query query);
// An expression that is parsed and never run; `what` names it.
Expression MakeVerbatim(std::string what, std::string text, Span span);

// A literal of a number, with the sign that belongs to it.
bool IsNumber(const Expression& expression);
// The number with the other sign; a sign belongs to its number, as in Flink: -9223372036854775808
// is a BIGINT.
Expression Negative(Expression number, Span span);

template <typename... Children>
std::vector<Expression> ListOf(Children&&... children) {
  std::vector<Expression> list;
  (list.push_back(std::forward<Children>(children)), ...);
  return list;
}

}  // namespace millrace::sql
