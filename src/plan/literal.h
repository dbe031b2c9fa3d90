// Literals to constants.
#pragma once

#include <optional>

#include "base/diagnostic.h"
#include "expr/expression.h"
#include "sql/expression.h"

namespace millrace {

// The constant of a literal; nothing and an error if it is out of range.
std::optional<BoundExpression> LiteralConstant(const sql::Expression& literal,
                                               Diagnostics* diagnostics);

// The constant NULL.
BoundExpression NullConstant();

}  // namespace millrace
