#include "plan/row_origin.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace millrace {
namespace {

constexpr size_t kNameParts = std::size(kTableNameMetadata);

// What a slot holds at one point of a program.
struct Content {
  bool known = false;               // the same in all rows of a table
  std::optional<size_t> name_part;  // it is this one of kTableNameMetadata
};

// Whether it is compared in the target without rounding of any kind.
bool IsExact(const Type& type) {
  return type.is_text() || type.kind == TypeKind::kTinyInt || type.kind == TypeKind::kSmallInt ||
         type.kind == TypeKind::kInt || type.kind == TypeKind::kBigInt;
}

// Follows a program, instruction by instruction, with what its slots hold.
class Follower final {
 public:
  Follower(const PlanSource& source, const Program& program) : program_(program) {
    size_t slots = std::max<size_t>(program.stride(), source.columns.size());
    for (const Constant& constant : program.constants()) {
      slots = std::max<size_t>(slots, constant.slot + 1);
    }
    slots_.resize(slots);
    for (size_t i = 0; i < source.columns.size(); ++i) {
      const std::string& key = source.table.schema.columns[source.columns[i]].metadata_key;
      const auto* const part =
          std::find(std::begin(kTableNameMetadata), std::end(kTableNameMetadata), key);
      if (part == std::end(kTableNameMetadata)) continue;
      slots_[i] = {true, static_cast<size_t>(part - std::begin(kTableNameMetadata))};
    }
    for (const Constant& constant : program.constants()) slots_[constant.slot] = {true, {}};
  }

  // Leaves the instructions that compute what is known.
  std::vector<Instruction> Follow() {
    std::vector<Instruction> needed;
    uint32_t conditional_until = 0;  // what a jump may pass over
    for (uint32_t i = 0; i < program_.instructions().size(); ++i) {
      const Instruction& instruction = program_.instructions()[i];
      if (IsJump(instruction.op) && !IsOfFilter(instruction)) {
        conditional_until = std::max(conditional_until, instruction.out);
      }
      if (IsJump(instruction.op) || IsCheck(instruction.op)) continue;
      const Content content = i < conditional_until ? Content() : ResultOf(instruction);
      slots_[instruction.out] = content;
      if (content.known) needed.push_back(instruction);
    }
    return needed;
  }

  const Content& At(uint32_t slot) const { return slots_[slot]; }

 private:
  // It passes over everything, for rows that are not written.
  bool IsOfFilter(const Instruction& jump) const {
    return jump.op == Op::kJumpUnlessTrue && jump.out == program_.instructions().size() &&
           static_cast<int64_t>(jump.in[0]) == program_.filter_slot();
  }

  // Calls may give another value for each row.
  Content ResultOf(const Instruction& instruction) const {
    Content content;
    content.known = instruction.op != Op::kCall &&
                    std::all_of(instruction.in.begin(), instruction.in.end(),
                                [this](uint32_t slot) { return slots_[slot].known; });
    const bool keeps_text = instruction.op == Op::kMove ||
                            (instruction.op == Op::kCast && instruction.type == Type::String());
    if (content.known && keeps_text) content.name_part = slots_[instruction.in[0]].name_part;
    return content;
  }

  const Program& program_;
  std::vector<Content> slots_;
};

}  // namespace

RowOrigin OriginOf(const PlanSource& source, const PlanFlow& flow, const PlanSink& sink) {
  RowOrigin origin;
  Follower follower(source, flow.program);
  std::vector<Instruction> needed = follower.Follow();
  std::set<size_t> parts;
  for (uint32_t i = 0; i < sink.slots.size(); ++i) {
    const Content& content = follower.At(sink.slots[i]);
    if (!content.known || !IsExact(sink.types[i])) continue;
    origin.columns.push_back(i);
    if (content.name_part) parts.insert(*content.name_part);
  }
  origin.names_table = parts.size() == kNameParts;
  origin.program = Program(flow.program.stride(), flow.program.constants(), std::move(needed),
                           /*filter_slot=*/-1);
  return origin;
}

}  // namespace millrace
