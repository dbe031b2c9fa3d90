// The instructions of a Program. Their names are those in the JSON plan.
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
  // Checks of a value before it is written; in[1] is a constant, the name of its column.
  kCheckNotNull,  // fails if it is NULL
  kDropIfNull,    // the row does not pass if it is NULL
  kCheckLength,   // fails if it is too long for `type`
  // Values. `out` is a slot.
  kMove,
  kCast,     // fails if the value does not fit
  kTryCast,  // NULL if the value does not fit
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
  kTypeOf,  // only in the function table: becomes a constant before or while it is compiled
};

inline bool IsJump(Op op) { return op <= Op::kJumpIfNotNull; }
inline bool IsCheck(Op op) { return op > Op::kJumpIfNotNull && op <= Op::kCheckLength; }

std::string_view ToString(Op op);
std::optional<Op> ParseOp(std::string_view name);

}  // namespace millrace
