// Calls that are short for others, and the syntax of calls that functions do not know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/expression.h"

namespace millrace {

// A call with the spans of `origin`.
sql::Expression MakeCall(std::string name, const sql::Expression& origin,
                         std::vector<sql::Expression> children);

// What a call is short for: NOT ..., BETWEEN, IN (...), = ANY (...); nothing for all others.
std::optional<sql::Expression> Rewrite(const sql::Expression& call);

// The name of a call among the functions, and how messages name it: words between parentheses, as
// in TRIM(LEADING ...), are part of the name of a call.
struct CallName {
  std::string_view function;
  std::string_view shown;
};
CallName CallNameOf(std::string_view name);

// JSON_VALUE(j, path RETURNING type ...): the type is an argument of the function.
sql::Expression WithReturningType(const sql::Expression& call);

}  // namespace millrace
