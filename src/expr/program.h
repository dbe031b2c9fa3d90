// Compiled projections and filter of one SELECT: flat instructions over the slots of a row. The
// source has filled the first slots of each row; the program fills the others in place and lists
// the rows that pass. Immutable after compilation; Run may be called from any thread with its own
// batch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "expr/call.h"
#include "expr/ops.h"
#include "row/batch.h"
#include "row/type.h"

namespace millrace {

struct Function;

struct Instruction {
  Op op;
  uint32_t out = 0;          // slot, or for jumps the index of the next instruction
  std::vector<uint32_t> in;  // slots
  Type type;                 // of the result
  const Function* function =
      nullptr;  // of kCall: a row of the table (expr/functions/function_table.h)
  bool operator==(const Instruction&) const = default;
};

// A constant has a slot beyond those of the row (slot >= stride): text form and type, as in the
// JSON plan.
struct Constant {
  uint32_t slot = 0;
  Type type;
  std::string text;
  bool is_null = false;
  bool operator==(const Constant&) const = default;
};

class Program final {
 public:
  Program() = default;
  Program(uint32_t stride, std::vector<Constant> constants, std::vector<Instruction> instructions,
          int64_t filter_slot);

  // Cells of a row, including those of the source.
  uint32_t stride() const { return stride_; }
  bool empty() const { return instructions_.empty() && constants_.empty(); }
  const std::vector<Constant>& constants() const { return constants_; }
  const std::vector<Instruction>& instructions() const { return instructions_; }
  int64_t filter_slot() const { return filter_slot_; }  // -1: every row passes

  // A ProgramRun for one batch.
  Status Run(Batch* batch, std::vector<uint32_t>* selected, const RunContext& context = {}) const;

  bool operator==(const Program& other) const {
    return stride_ == other.stride_ && constants_ == other.constants_ &&
           instructions_ == other.instructions_ && filter_slot_ == other.filter_slot_;
  }

 private:
  uint32_t stride_ = 0;
  std::vector<Constant> constants_;
  std::vector<Instruction> instructions_;
  int64_t filter_slot_ = -1;
};

class Machine;

// One run of a program over many batches: its constants as cells, and what functions keep from row
// to row (compiled patterns, random numbers). One thread at a time. Results may point to its
// constants, so it must outlive its batches.
class ProgramRun final {
 public:
  // `program` must outlive the run.
  ProgramRun(const Program& program, const RunContext& context);
  ~ProgramRun();

  // Computes every row of the batch, or those of [begin, end), and replaces `selected` by the
  // indexes of the rows that pass (their filter is TRUE and no check dropped them), in order. A
  // value that cannot be computed (CAST of 'x' to INT, division by zero) is a Permanent status
  // naming operator and value; the batch is then unusable.
  Status Run(Batch* batch, std::vector<uint32_t>* selected) {
    return Run(batch, 0, batch->rows(), selected);
  }
  Status Run(Batch* batch, uint32_t begin, uint32_t end, std::vector<uint32_t>* selected);

 private:
  Status ReadConstants();

  const Program& program_;
  const RunContext context_;
  Arena arena_;  // of the constants
  std::vector<Cell> constants_;
  bool constants_read_ = false;
  std::unique_ptr<Machine> machine_;
};

}  // namespace millrace
