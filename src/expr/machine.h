// Runs the instructions of a Program over one row after the other. Text results go into the arena
// of the batch; nothing else is allocated.
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "expr/program.h"
#include "row/batch.h"

namespace millrace {

class Machine final {
 public:
  // Everything borrowed must outlive the machine.
  Machine(std::span<const Instruction> instructions, uint32_t stride,
          std::span<const Cell> constants, Arena* arena, int64_t zone_offset_us)
      : instructions_(instructions),
        stride_(stride),
        constants_(constants),
        arena_(arena),
        zone_offset_us_(zone_offset_us) {}

  // Fills the computed slots of one row.
  Status RunRow(Cell* row);

 private:
  const Cell& In(const Cell* row, const Instruction& instruction, size_t index) const {
    const uint32_t slot = instruction.in[index];
    return slot < stride_ ? row[slot] : constants_[slot - stride_];
  }
  bool Jumps(const Cell* row, const Instruction& instruction) const;
  Status Compute(Cell* row, const Instruction& instruction);
  Status ComputeNumber(const Instruction& instruction, const Cell& a, const Cell& b, Cell* out);
  Cell ComputeText(const Cell* row, const Instruction& instruction);
  Status Cast(const Instruction& instruction, const Cell& in, Cell* out);

  const std::span<const Instruction> instructions_;
  const uint32_t stride_;
  const std::span<const Cell> constants_;
  Arena* const arena_;
  const int64_t zone_offset_us_;
};

// -1, 0 or 1; cells of comparable kinds, none of them NULL. Numbers compare by value across kinds,
// text and bytes byte by byte.
int CompareCells(const Cell& a, const Cell& b);

}  // namespace millrace
