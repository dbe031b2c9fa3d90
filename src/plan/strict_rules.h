// What Millrace runs and Flink, 1.20 and 2.2, refuses: errors under millrace.strict-flink.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "expr/expression.h"
#include "sql/expression.h"

namespace millrace {

struct StrictRefusal {
  size_t argument;      // that the refusal is about; beyond the last one: the call itself
  std::string problem;  // what Flink does, a sentence without its point
  std::string hint;
};

// Of a call with its arguments as they were written, before implicit casts.
std::optional<StrictRefusal> RefusedByFlink(const Function& function,
                                            std::span<const BoundExpression> arguments);

// Of a literal: why, if it is refused.
std::optional<std::string> RefusedByFlink(const sql::Expression& literal);

// Of a CAST of `operand` to `type`: why, if it is refused.
std::optional<std::string> RefusedCast(const BoundExpression& operand, const Type& type);

// True if DATE and TIMESTAMP are mixed, which have no common type in Flink.
bool MixDateAndTimestamp(const Type& a, const Type& b);

}  // namespace millrace
