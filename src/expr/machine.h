// Runs the instructions of a Program over one row after the other. Bytes of results go into the
// arena of the batch; nothing else is allocated per row.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "expr/program.h"
#include "row/batch.h"

namespace millrace {

class Machine final {
 public:
  // Everything borrowed must outlive the machine.
  Machine(std::span<const Instruction> instructions, uint32_t stride,
          std::span<const Cell> constants, const RunContext& context);

  // Bytes of later results go there.
  void set_arena(Arena* arena) { arena_ = arena; }
  // Fills the computed slots of one row; `passes` becomes false if a check drops it.
  Status RunRow(Cell* row, bool* passes);

 private:
  const Cell& In(const Cell* row, const Instruction& instruction, size_t index) const {
    const uint32_t slot = instruction.in[index];
    return slot < stride_ ? row[slot] : constants_[slot - stride_];
  }
  bool Jumps(const Cell* row, const Instruction& instruction) const;
  Status Compute(Cell* row, const Instruction& instruction);
  Cell ComputeText(const Cell* row, const Instruction& instruction);
  Status Cast(const Instruction& instruction, const Cell& in, Cell* out);
  Status CallFunction(const Cell* row, const Instruction& instruction, Cell* out);
  Status Check(const Cell* row, const Instruction& instruction, bool* passes) const;

  const std::span<const Instruction> instructions_;
  const uint32_t stride_;
  const std::span<const Cell> constants_;
  const TimeZone zone_;
  RowTime time_;
  Arena* arena_ = nullptr;
  std::vector<Cell> arguments_;                         // of the current call
  std::vector<std::unique_ptr<FunctionState>> states_;  // one per instruction
};

}  // namespace millrace
