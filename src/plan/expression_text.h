// A bound expression as SQL, with all names, casts and short forms resolved: what EXPLAIN shows and
// what a checkpoint depends on.
#pragma once

#include <string>

#include "expr/expression.h"
#include "row/schema.h"

namespace millrace {

// Slots are indexes into the columns of `source`.
std::string ToText(const BoundExpression& expression, const Schema& source);

}  // namespace millrace
