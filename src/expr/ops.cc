#include "expr/ops.h"

#include <array>

namespace millrace {
namespace {

constexpr std::array<std::string_view, 49> kNames = {"jump",
                                                     "jump-unless-true",
                                                     "jump-if-false",
                                                     "jump-if-true",
                                                     "jump-if-not-null",
                                                     "check-not-null",
                                                     "drop-if-null",
                                                     "check-length",
                                                     "move",
                                                     "cast",
                                                     "try-cast",
                                                     "add",
                                                     "subtract",
                                                     "multiply",
                                                     "divide",
                                                     "modulo",
                                                     "negate",
                                                     "abs",
                                                     "equal",
                                                     "not-equal",
                                                     "less",
                                                     "less-equal",
                                                     "greater",
                                                     "greater-equal",
                                                     "is-distinct",
                                                     "is-not-distinct",
                                                     "and",
                                                     "or",
                                                     "not",
                                                     "is-null",
                                                     "is-not-null",
                                                     "is-true",
                                                     "is-not-true",
                                                     "is-false",
                                                     "is-not-false",
                                                     "like",
                                                     "concat",
                                                     "concat-ws",
                                                     "upper",
                                                     "lower",
                                                     "trim",
                                                     "trim-left",
                                                     "trim-right",
                                                     "substring",
                                                     "char-length",
                                                     "replace",
                                                     "null-if",
                                                     "call",
                                                     "type-of"};
static_assert(kNames.size() == static_cast<size_t>(Op::kTypeOf) + 1);

}  // namespace

std::string_view ToString(Op op) { return kNames[static_cast<size_t>(op)]; }

std::optional<Op> ParseOp(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Op>(i);
  }
  return std::nullopt;
}

}  // namespace millrace
