// Compiles bound expressions to a Program.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "expr/expression.h"
#include "expr/program.h"

namespace millrace {

enum class NotNullEnforcer : uint8_t { kError, kDrop };
enum class LengthEnforcer : uint8_t { kIgnore, kTrimPad, kError };

class ProgramBuilder final {
 public:
  // The source fills slots 0 .. source_slots - 1. Computed values go to `first_free_slot` and the
  // slots after it; the slots between are for MoveOutput.
  explicit ProgramBuilder(uint32_t source_slots) : ProgramBuilder(source_slots, source_slots) {}
  ProgramBuilder(uint32_t source_slots, uint32_t first_free_slot)
      : source_slots_(source_slots), next_slot_(first_free_slot) {}

  // Only rows for which it is TRUE pass. Call it before the first AddOutput, so that nothing more
  // is computed for the other rows.
  void SetFilter(const BoundExpression& filter);

  // The slot that will hold the value. For a column it is the column's own slot, also for
  // CAST(column AS STRING): any cell can be used as a string.
  uint32_t AddOutput(const BoundExpression& expression);

  // The checks of an INSERT for a value in `slot` (returned by AddOutput) before it is written.
  // Call them after the AddOutput of all columns; `column` is the qualified name for messages.
  //
  // NOT NULL, 'table.exec.sink.not-null-enforcer': the job fails, or the row is skipped.
  void CheckNotNull(uint32_t slot, NotNullEnforcer enforcer, std::string_view column);
  // CHAR, VARCHAR, BINARY and VARBINARY, 'table.exec.sink.type-length-enforcer': no check, or
  // the value is cut or padded, or the job fails. Returns the slot of the value to write.
  uint32_t CheckLength(uint32_t slot, const Type& type, LengthEnforcer enforcer,
                       std::string_view column);

  // Copies `slot` to `target`, a slot below first_free_slot that the source does not fill.
  void MoveOutput(uint32_t slot, uint32_t target, const Type& type);

  Program Build();

 private:
  using Kind = BoundExpression::Kind;

  uint32_t NewSlot();
  void Release(uint32_t slot);
  uint32_t ConstantSlot(const BoundExpression& constant);
  // The slot of a value for reading; a new one only if something is computed.
  uint32_t Emit(const BoundExpression& expression);
  void EmitInto(const BoundExpression& expression, uint32_t out);
  void EmitCase(const BoundExpression& expression, uint32_t out);
  void EmitLogic(const BoundExpression& expression, uint32_t out);
  void EmitFirstNotNull(const BoundExpression& expression, uint32_t out);
  void EmitCall(const BoundExpression& expression, uint32_t out);
  size_t Add(Op op, uint32_t out, std::vector<uint32_t> in, const Type& type);

  const uint32_t source_slots_;
  uint32_t next_slot_;
  std::vector<uint32_t> free_;
  std::vector<uint32_t> outputs_;
  std::vector<Constant> constants_;  // slots counted from kConstantBase until Build
  std::vector<Instruction> instructions_;
  int64_t filter_slot_ = -1;
};

}  // namespace millrace
