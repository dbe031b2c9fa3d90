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
};

std::string_view ToString(Op op);
std::optional<Op> ParseOp(std::string_view name);

}  // namespace millrace
