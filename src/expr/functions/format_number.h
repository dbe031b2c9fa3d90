// The numbers of PRINTF: %d %o %x %e %f %g.
#pragma once

#include <optional>
#include <string_view>

#include "expr/functions/java_format.h"
#include "row/batch.h"

namespace millrace {

// A number in parts, so that zeros can be put between them. The parts live in the arena.
struct NumberText {
  std::string_view before;  // a sign, or 0x
  std::string_view body;
  std::string_view after;  // of a negative number in parentheses
  bool takes_zeros = true;
};

// The number in `cell`, without the width of the directive. Nothing if the directive does not take
// cells of this kind.
std::optional<NumberText> FormatNumber(const FormatDirective& directive, const Cell& cell,
                                       Arena* arena);

}  // namespace millrace
