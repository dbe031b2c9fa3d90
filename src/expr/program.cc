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

Status Program::Run(Batch* batch, std::vector<uint32_t>* selected, int64_t zone_offset_us) const {
  selected->clear();
  const uint32_t rows = batch->rows();
  if (instructions_.empty()) {
    for (uint32_t row = 0; row < rows; ++row) selected->push_back(row);
    return Status::Ok();
  }
  std::vector<Cell> constants;
  for (const Constant& constant : constants_) {
    const Cell text = constant.is_null ? Cell::Null() : Cell::Text(constant.text);
    const std::optional<Cell> cell =
        constant.type.kind == TypeKind::kNull ? Cell::Null()
        : constant.type.is_binary()
            ? Cell::View(CellKind::kBytes, constant.text)
            : CastCell(text, constant.type, &batch->arena(), zone_offset_us);
    if (!cell)
      return Status::Permanent("the plan holds a constant that cannot be read: " + constant.text);
    constants.push_back(constant.is_null ? Cell::Null() : *cell);
  }
  Machine machine(instructions_, stride_, constants, &batch->arena(), zone_offset_us);
  for (uint32_t row = 0; row < rows; ++row) {
    Cell* cells = batch->row(row);
    MR_RETURN_IF_ERROR(machine.RunRow(cells));
    if (filter_slot_ >= 0) {
      const auto slot = static_cast<uint32_t>(filter_slot_);
      const Cell& filter = slot < stride_ ? cells[slot] : constants[slot - stride_];
      if (filter.kind != CellKind::kBool || filter.u == 0) continue;
    }
    selected->push_back(row);
  }
  return Status::Ok();
}

}  // namespace millrace
