// The instructions a Program is made of. Names are what the JSON plan shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

enum class Op : uint16_t {
  // Control. `out` is the index of the next instruction.
  kJump,
  kJumpUnlessTrue,
  kJumpIfFalse,
  kJumpIfTrue,
  kJumpIfNotNull,
  // Checks of a value before it is written; in[1] is the constant name of its column.
  kCheckNotNull,  // fails if it is NULL
  kDropIfNull,    // the row does not pass if it is NULL
  kCheckLength,   // fails if it is too long for `type`
  // Values. `out` is a slot.
  kMove,
  kCast,     // fails if the value does not fit
  kTryCast,  // NULL if it does not
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kNegate,
  kAbs,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIsDistinct,
  kIsNotDistinct,
  kAnd,
  kOr,
  kNot,
  kIsNull,
  kIsNotNull,
  kIsTrue,
  kIsNotTrue,
  kIsFalse,
  kIsNotFalse,
  kLike,
  kConcat,
  kConcatWs,
  kUpper,
  kLower,
  kTrim,
  kTrimLeft,
  kTrimRight,
  kSubstring,
  kCharLength,
  kReplace,
  kNullIf,
  kCall,    // the function the instruction names
  kTypeOf,  // of the table only: becomes a constant
};

std::string_view ToString(Op op);
std::optional<Op> ParseOp(std::string_view name);

}  // namespace millrace
