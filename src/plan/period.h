// Tests of periods: (start, end) OVERLAPS (start, interval) is a call of two rows for the parser,
// and of their values for the function.
#pragma once

#include <optional>
#include <string_view>

#include "base/diagnostic.h"
#include "sql/expression.h"

namespace millrace {

// OVERLAPS, CONTAINS, EQUALS and the like.
bool IsPeriodTest(std::string_view name);
// The call with the values of both rows as arguments; nothing and an error if an operand is not
// a period. CONTAINS also accepts a single moment on its right.
std::optional<sql::Expression> SpreadPeriods(const sql::Expression& call, Diagnostics* diagnostics);
// The inverse.
sql::Expression GatherPeriods(sql::Expression call);

}  // namespace millrace
