// CAST to INTERVAL.
#pragma once

#include <optional>

#include "expr/expression.h"
#include "sql/expression.h"

namespace millrace {

// The type, if it is one of an interval.
std::optional<Type> IntervalTypeOf(const sql::TypeName& name);

// What a CAST to an interval of one unit is short for: a whole number that is written out, and any
// DECIMAL, counts units, as in 1.5 * INTERVAL '1' YEAR. Other integers count months or
// milliseconds, as in Flink: nothing for those.
std::optional<sql::Expression> CountedInterval(const sql::Expression& cast,
                                               const BoundExpression& operand);

// False if Flink has no such cast: numbers become intervals of one unit only.
bool CanCastToInterval(const BoundExpression& operand, const sql::TypeName& name);

}  // namespace millrace
