#include "expr/program.h"

#include <span>

#include "expr/cast.h"
#include "expr/machine.h"

namespace millrace {

Program::Program(uint32_t stride, std::vector<Constant> constants,
                 std::vector<Instruction> instructions, int64_t filter_slot)
    : stride_(stride),
      constants_(std::move(constants)),
      instructions_(std::move(instructions)),
      filter_slot_(filter_slot) {}

Status Program::Run(Batch* batch, std::vector<uint32_t>* selected,
                    const RunContext& context) const {
  return ProgramRun(*this, context).Run(batch, selected);
}

ProgramRun::ProgramRun(const Program& program, const RunContext& context)
    : program_(program), context_(context) {}

ProgramRun::~ProgramRun() = default;

Status ProgramRun::ReadConstants() {
  for (const Constant& constant : program_.constants()) {
    const Cell text = constant.is_null ? Cell::Null() : Cell::Text(constant.text);
    // A text is never padded to the length of its type, which may count units of UTF-16.
    const std::optional<Cell> cell = constant.type.kind == TypeKind::kNull ? Cell::Null()
                                     : constant.type.is_text()             ? text
                                     : constant.type.is_binary()
                                         ? Cell::View(CellKind::kBytes, constant.text)
                                         : CastCell(text, constant.type, &arena_, context_.zone);
    if (!cell) return Status::Permanent("invalid constant in the plan: " + constant.text);
    constants_.push_back(constant.is_null ? Cell::Null() : *cell);
  }
  machine_ =
      std::make_unique<Machine>(program_.instructions(), program_.stride(), constants_, context_);
  constants_read_ = true;
  return Status::Ok();
}

Status ProgramRun::Run(Batch* batch, uint32_t begin, uint32_t end,
                       std::vector<uint32_t>* selected) {
  selected->clear();
  if (program_.instructions().empty() && program_.filter_slot() < 0) {
    for (uint32_t row = begin; row < end; ++row) selected->push_back(row);
    return Status::Ok();
  }
  if (!constants_read_) MR_RETURN_IF_ERROR(ReadConstants());
  machine_->set_arena(&batch->arena());
  const uint32_t stride = program_.stride();
  for (uint32_t row = begin; row < end; ++row) {
    Cell* cells = batch->row(row);
    bool passes = true;
    MR_RETURN_IF_ERROR(machine_->RunRow(cells, &passes));
    if (program_.filter_slot() >= 0) {
      const auto slot = static_cast<uint32_t>(program_.filter_slot());
      const Cell& filter = slot < stride ? cells[slot] : constants_[slot - stride];
      if (filter.kind != CellKind::kBool || filter.u == 0) continue;
    }
    if (passes) selected->push_back(row);
  }
  return Status::Ok();
}

}  // namespace millrace
