#include "expr/machine.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "expr/arithmetic.h"
#include "expr/cast.h"
#include "expr/compare.h"
#include "expr/functions/function_table.h"
#include "expr/text.h"
#include "row/print.h"

// The functions that run for every instruction of every row have no arrays on their stacks: a stack
// protector would cost more than what some instructions do.
#define MR_NO_STACK_PROTECTOR __attribute__((no_stack_protector))

namespace millrace {
namespace {

bool IsTrue(const Cell& cell) { return cell.kind == CellKind::kBool && cell.u != 0; }
bool IsFalse(const Cell& cell) { return cell.kind == CellKind::kBool && cell.u == 0; }
bool IsNaN(const Cell& cell) {
  return (cell.kind == CellKind::kFloat || cell.kind == CellKind::kDouble) && std::isnan(cell.f);
}

bool Satisfies(Op op, int order) {
  switch (op) {
    case Op::kEqual:
      return order == 0;
    case Op::kNotEqual:
      return order != 0;
    case Op::kLess:
      return order < 0;
    case Op::kLessEqual:
      return order <= 0;
    case Op::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool IsComparison(Op op) { return op >= Op::kEqual && op <= Op::kGreaterEqual; }
bool IsArithmetic(Op op) { return op >= Op::kAdd && op <= Op::kModulo; }

Cell ThreeValued(Op op, const Cell& a, const Cell& b) {
  const bool is_and = op == Op::kAnd;
  const auto decides = [&](const Cell& cell) { return is_and ? IsFalse(cell) : IsTrue(cell); };
  if (decides(a) || decides(b)) return Cell::Bool(!is_and);
  if (a.is_null() || b.is_null()) return Cell::Null();
  return Cell::Bool(is_and);
}

Cell Test(Op op, const Cell& cell) {
  switch (op) {
    case Op::kNot:
      return cell.is_null() ? Cell::Null() : Cell::Bool(cell.u == 0);
    case Op::kIsNull:
      return Cell::Bool(cell.is_null());
    case Op::kIsNotNull:
      return Cell::Bool(!cell.is_null());
    case Op::kIsTrue:
      return Cell::Bool(IsTrue(cell));
    case Op::kIsNotTrue:
      return Cell::Bool(!IsTrue(cell));
    case Op::kIsFalse:
      return Cell::Bool(IsFalse(cell));
    default:
      return Cell::Bool(!IsFalse(cell));
  }
}

bool Distinct(const Cell& a, const Cell& b) {
  if (a.is_null() || b.is_null()) return a.is_null() != b.is_null();
  return CompareCells(a, b) != 0;
}

// In characters for string types, else in bytes.
int64_t LengthOf(const Cell& cell, const Type& type, const TimeZone& zone) {
  if (!cell.has_bytes()) {
    char text[kCellTextMax];
    return static_cast<int64_t>(PrintCell(text, cell, zone));
  }
  return type.is_text() ? CountCharacters(cell.view()) : static_cast<int64_t>(cell.size);
}

}  // namespace

bool Machine::Jumps(const Cell* row, const Instruction& instruction) const {
  switch (instruction.op) {
    case Op::kJump:
      return true;
    case Op::kJumpUnlessTrue:
      return !IsTrue(In(row, instruction, 0));
    case Op::kJumpIfFalse:
      return IsFalse(In(row, instruction, 0));
    case Op::kJumpIfTrue:
      return IsTrue(In(row, instruction, 0));
    default:
      return !In(row, instruction, 0).is_null();
  }
}

Machine::Machine(std::span<const Instruction> instructions, uint32_t stride,
                 std::span<const Cell> constants, const RunContext& context)
    : instructions_(instructions),
      stride_(stride),
      constants_(constants),
      zone_(context.zone),
      time_(context),
      states_(instructions.size()) {
  size_t arguments_max = 0;
  for (const Instruction& instruction : instructions) {
    arguments_max = std::max(arguments_max, instruction.in.size());
  }
  arguments_.resize(arguments_max);
}

MR_NO_STACK_PROTECTOR Status Machine::RunRow(Cell* row, bool* passes) {
  time_.NextRow();
  for (size_t at = 0; at < instructions_.size();) {
    const Instruction& instruction = instructions_[at];
    if (instruction.op <= Op::kJumpIfNotNull) {
      at = Jumps(row, instruction) ? instruction.out : at + 1;
      continue;
    }
    if (instruction.op <= Op::kCheckLength) [[unlikely]] {
      MR_RETURN_IF_ERROR(Check(row, instruction, passes));
    } else {
      MR_RETURN_IF_ERROR(Compute(row, instruction));
    }
    ++at;
  }
  return Status::Ok();
}

MR_NO_STACK_PROTECTOR Status Machine::Compute(Cell* row, const Instruction& instruction) {
  const Op op = instruction.op;
  Cell& out = row[instruction.out];
  if (op >= Op::kLike && op <= Op::kReplace) {
    out = ComputeText(row, instruction);
    return Status::Ok();
  }
  if (op == Op::kCall) return CallFunction(row, instruction, &out);
  const Cell a = In(row, instruction, 0);
  if (instruction.in.size() == 1) {
    if (op == Op::kMove) {
      out = a;
    } else if (op == Op::kCast || op == Op::kTryCast) {
      return Cast(instruction, a, &out);
    } else if (op == Op::kNegate) {
      out = NegatedCell(a, instruction.type, arena_);
    } else if (op == Op::kAbs) {
      out = AbsoluteCell(a, instruction.type, arena_);
    } else {
      out = Test(op, a);
    }
    return Status::Ok();
  }
  const Cell b = In(row, instruction, 1);
  if (op == Op::kAnd || op == Op::kOr) {
    out = ThreeValued(op, a, b);
  } else if (op == Op::kIsDistinct || op == Op::kIsNotDistinct) {
    out = Cell::Bool(Distinct(a, b) == (op == Op::kIsDistinct));
  } else if (op == Op::kNullIf) {
    out = !a.is_null() && !b.is_null() && CompareCells(a, b) == 0 ? Cell::Null() : a;
  } else if (a.is_null() || b.is_null()) {
    out = Cell::Null();
  } else if (IsComparison(op)) {
    // NaN equals NaN, as in Flink, and has no order beside other numbers.
    const bool unordered = IsNaN(a) != IsNaN(b);
    out = Cell::Bool(unordered ? op == Op::kNotEqual : Satisfies(op, CompareCells(a, b)));
  } else if (IsArithmetic(op)) {
    return CalculateCells(op, instruction.type, a, b, arena_, &out);
  }
  return Status::Ok();
}

Status Machine::Cast(const Instruction& instruction, const Cell& in, Cell* out) {
  const std::optional<Cell> value = CastCell(in, instruction.type, arena_, zone_);
  if (value) {
    *out = *value;
    return Status::Ok();
  }
  if (instruction.op == Op::kTryCast) {
    *out = Cell::Null();
    return Status::Ok();
  }
  constexpr size_t kShownMax = 60;
  return Status::Permanent(fmt::format("CAST of '{}' to {} failed; TRY_CAST would return NULL",
                                       TextOf(in, arena_, zone_).substr(0, kShownMax),
                                       ToString(instruction.type.Nullable())));
}

MR_NO_STACK_PROTECTOR Status Machine::CallFunction(const Cell* row, const Instruction& instruction,
                                                   Cell* out) {
  const Function& function = *instruction.function;
  const size_t count = instruction.in.size();
  for (size_t i = 0; i < count; ++i) {
    arguments_[i] = In(row, instruction, i);
    if (arguments_[i].is_null() && function.nulls == Nulls::kStrict) {
      *out = Cell::Null();
      return Status::Ok();
    }
  }
  const auto index = static_cast<size_t>(&instruction - instructions_.data());
  const FunctionCall call{
      {arguments_.data(), count}, instruction.type, arena_, zone_, &time_, &states_[index]};
  Status status = function.evaluate(call, out);
  return status.ok() ? status : status.Annotated(std::string(function.name));
}

Status Machine::Check(const Cell* row, const Instruction& instruction, bool* passes) const {
  const Cell& value = In(row, instruction, 0);
  if (instruction.op == Op::kDropIfNull) {
    if (value.is_null()) *passes = false;
    return Status::Ok();
  }
  const std::string_view column = In(row, instruction, 1).view();
  if (instruction.op == Op::kCheckNotNull) {
    if (!value.is_null()) return Status::Ok();
    return Status::Permanent(
        fmt::format("column {} is NOT NULL, but the value to write is NULL; set "
                    "'table.exec.sink.not-null-enforcer' = 'DROP' to skip such rows",
                    column));
  }
  if (value.is_null()) return Status::Ok();
  const int64_t length = LengthOf(value, instruction.type, zone_);
  const Type& type = instruction.type;
  const bool exact = type.kind == TypeKind::kChar || type.kind == TypeKind::kBinary;
  if (exact ? length == type.length : length <= type.length) return Status::Ok();
  return Status::Permanent(
      fmt::format("column {} is {}, but the value to write has length {}; set "
                  "'table.exec.sink.type-length-enforcer' = 'TRIM_PAD' to cut or pad such values",
                  column, ToString(type.Nullable()), length));
}

Cell Machine::ComputeText(const Cell* row, const Instruction& instruction) {
  const size_t count = instruction.in.size();
  const auto text = [&](size_t i) { return TextOf(In(row, instruction, i), arena_, zone_); };
  const auto is_null = [&](size_t i) { return In(row, instruction, i).is_null(); };
  if (instruction.op == Op::kConcatWs) {
    if (is_null(0)) return Cell::Null();
    Joiner joiner(arena_, text(0));
    for (size_t i = 1; i < count; ++i) {
      if (!is_null(i)) joiner.Add(text(i));
    }
    return Cell::Text(joiner.Finish());
  }
  for (size_t i = 0; i < count; ++i) {
    if (is_null(i)) return Cell::Null();
  }
  switch (instruction.op) {
    case Op::kLike:
      return Cell::Bool(Like(text(0), text(1), count > 2 ? text(2) : std::string_view()));
    case Op::kConcat: {
      Joiner joiner(arena_, "");
      for (size_t i = 0; i < count; ++i) joiner.Add(text(i));
      return Cell::Text(joiner.Finish());
    }
    case Op::kUpper:
    case Op::kLower:
      return Cell::Text(ChangeCase(text(0), instruction.op == Op::kUpper, arena_));
    case Op::kTrim:
    case Op::kTrimLeft:
    case Op::kTrimRight:
      return Cell::Text(TrimText(text(0), count > 1 ? text(1) : " ",
                                 instruction.op != Op::kTrimRight,
                                 instruction.op != Op::kTrimLeft));
    case Op::kSubstring: {
      const int64_t length = count > 2 ? In(row, instruction, 2).i : INT64_MAX;
      if (length < 0) return Cell::Null();
      return Cell::Text(Substring(text(0), In(row, instruction, 1).i, length));
    }
    case Op::kCharLength:
      return Cell::Int(CountCharacters(text(0)));
    default:
      return Cell::Text(ReplaceText(text(0), text(1), text(2), arena_));
  }
}

}  // namespace millrace
