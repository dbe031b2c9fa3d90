#include "expr/compile.h"

#include <algorithm>
#include <optional>

#include "expr/cast.h"
#include "expr/functions/function_table.h"

namespace millrace {
namespace {

// Slots of constants while the stride is not known yet.
constexpr uint32_t kConstantBase = 1u << 30;
constexpr uint32_t kLater = 0;  // the target of a jump that is set later

// Whether a cell of that type prints like CAST(x AS STRING).
bool PrintsAsCast(const Type& type) {
  return !type.is_binary() && !type.is_structured() &&
         (type.kind != TypeKind::kTime || type.precision == 0);
}

// A cast of a constant is a constant, its text read as the other type. Not where the cast fails,
// because it may never be reached, nor where the value prints differently from the constant.
std::optional<BoundExpression> FoldCast(const BoundExpression& cast) {
  const BoundExpression& constant = cast.children[0];
  const Type& from = constant.type;
  const Type& to = cast.type;
  const auto is_moment = [](const Type& type) {
    return type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp;
  };
  const bool readable =
      from.is_text() || from.is_integer() || from.kind == TypeKind::kDecimal || is_moment(from);
  const bool folds = constant.kind == BoundExpression::Kind::kConstant && !constant.is_null &&
                     readable && (to.is_numeric() || is_moment(to));
  if (!folds || (from.is_numeric() && !to.is_numeric())) return std::nullopt;
  // The length of a CHAR or the scale of a DECIMAL matters too: fold only if the cast of the value
  // and the read of the text give the same.
  Arena arena;
  const TimeZone utc;
  const std::optional<Cell> value = CastCell(Cell::Text(constant.text), from, &arena, utc);
  const std::optional<Cell> cast_value = value ? CastCell(*value, to, &arena, utc) : std::nullopt;
  const std::optional<Cell> read = CastCell(Cell::Text(constant.text), to, &arena, utc);
  if (!cast_value || !read || cast_value->is_null()) return std::nullopt;
  if (TextOf(*cast_value, &arena, utc) != TextOf(*read, &arena, utc)) return std::nullopt;
  BoundExpression folded = constant;
  folded.type = to;
  return folded;
}

// What compares ARRAY, MAP and ROW values in place of an operator; null if it need not be replaced.
const Function* ForStructures(const BoundExpression& call) {
  const bool structured =
      std::any_of(call.children.begin(), call.children.end(),
                  [](const BoundExpression& child) { return child.type.is_structured(); });
  if (!structured || call.children.size() != 2) return nullptr;
  switch (call.function->op) {
    case Op::kEqual:
      return FindFunction("STRUCTURES =", 2);
    case Op::kNotEqual:
      return FindFunction("STRUCTURES <>", 2);
    case Op::kNullIf:
      return FindFunction("STRUCTURES NULLIF", 2);
    default:
      return nullptr;
  }
}

bool IsPlainString(const Type& type) {
  return type.kind == TypeKind::kVarChar && type.length == Type::kLengthMax;
}

}  // namespace

uint32_t ProgramBuilder::NewSlot() {
  if (free_.empty()) return next_slot_++;
  const uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

void ProgramBuilder::Release(uint32_t slot) {
  const bool temporary = slot >= source_slots_ && slot < kConstantBase &&
                         std::find(outputs_.begin(), outputs_.end(), slot) == outputs_.end();
  if (temporary) free_.push_back(slot);
}

size_t ProgramBuilder::Add(Op op, uint32_t out, std::vector<uint32_t> in, const Type& type) {
  instructions_.push_back({op, out, std::move(in), type});
  return instructions_.size() - 1;
}

uint32_t ProgramBuilder::ConstantSlot(const BoundExpression& constant) {
  const auto known = std::find_if(constants_.begin(), constants_.end(), [&](const Constant& other) {
    return other.type == constant.type && other.text == constant.text &&
           other.is_null == constant.is_null;
  });
  if (known != constants_.end()) return known->slot;
  const auto slot = kConstantBase + static_cast<uint32_t>(constants_.size());
  constants_.push_back({slot, constant.type, constant.text, constant.is_null});
  return slot;
}

uint32_t ProgramBuilder::Emit(const BoundExpression& expression) {
  if (expression.kind == Kind::kSlot) return expression.slot;
  if (expression.kind == Kind::kConstant) return ConstantSlot(expression);
  if (expression.kind == Kind::kCast) {
    if (const auto folded = FoldCast(expression)) return ConstantSlot(*folded);
  }
  const uint32_t out = NewSlot();
  EmitInto(expression, out);
  return out;
}

void ProgramBuilder::EmitInto(const BoundExpression& expression, uint32_t out) {
  switch (expression.kind) {
    case Kind::kSlot:
    case Kind::kConstant:
      Add(Op::kMove, out, {Emit(expression)}, expression.type);
      return;
    case Kind::kCase:
      EmitCase(expression, out);
      return;
    case Kind::kCast: {
      const uint32_t in = Emit(expression.children[0]);
      Add(expression.try_cast ? Op::kTryCast : Op::kCast, out, {in}, expression.type);
      Release(in);
      return;
    }
    case Kind::kCall:
      EmitCall(expression, out);
      return;
  }
}

void ProgramBuilder::EmitCall(const BoundExpression& expression, uint32_t out) {
  const Op op = expression.function->op;
  if (op == Op::kAnd || op == Op::kOr) {
    EmitLogic(expression, out);
    return;
  }
  if (op == Op::kJumpUnlessTrue) {  // IF
    EmitCase(expression, out);
    return;
  }
  if (op == Op::kJumpIfNotNull) {  // COALESCE
    EmitFirstNotNull(expression, out);
    return;
  }
  if (op == Op::kTypeOf) {
    BoundExpression text;
    text.type = expression.type;
    // Without an argument it is a constant of the session, which the binder puts in its place.
    if (!expression.children.empty()) text.text = ToString(expression.children[0].type);
    Add(Op::kMove, out, {ConstantSlot(text)}, expression.type);
    return;
  }
  std::vector<uint32_t> in;
  for (const BoundExpression& child : expression.children) in.push_back(Emit(child));
  for (const uint32_t slot : in) Release(slot);
  const Function* function = op == Op::kCall ? expression.function : ForStructures(expression);
  const size_t added =
      Add(function == nullptr ? op : Op::kCall, out, std::move(in), expression.type);
  instructions_[added].function = function;
}

// An argument is not computed if one before it is not NULL.
void ProgramBuilder::EmitFirstNotNull(const BoundExpression& expression, uint32_t out) {
  std::vector<size_t> jumps_to_end;
  for (const BoundExpression& child : expression.children) {
    EmitInto(child, out);
    if (&child == &expression.children.back()) break;
    jumps_to_end.push_back(Add(Op::kJumpIfNotNull, kLater, {out}, expression.type));
  }
  for (const size_t jump : jumps_to_end) {
    instructions_[jump].out = static_cast<uint32_t>(instructions_.size());
  }
}

// The second operand is not computed if the first one decides.
void ProgramBuilder::EmitLogic(const BoundExpression& expression, uint32_t out) {
  const bool is_and = expression.function->op == Op::kAnd;
  const uint32_t left = Emit(expression.children[0]);
  Add(Op::kMove, out, {left}, expression.type);
  const size_t jump =
      Add(is_and ? Op::kJumpIfFalse : Op::kJumpIfTrue, kLater, {out}, expression.type);
  const uint32_t right = Emit(expression.children[1]);
  Add(expression.function->op, out, {out, right}, expression.type);
  Release(right);
  Release(left);
  instructions_[jump].out = static_cast<uint32_t>(instructions_.size());
}

void ProgramBuilder::EmitCase(const BoundExpression& expression, uint32_t out) {
  std::vector<size_t> jumps_to_end;
  const std::vector<BoundExpression>& children = expression.children;
  for (size_t i = 0; i + 1 < children.size(); i += 2) {
    const uint32_t condition = Emit(children[i]);
    const size_t skip = Add(Op::kJumpUnlessTrue, kLater, {condition}, children[i].type);
    Release(condition);
    EmitInto(children[i + 1], out);
    jumps_to_end.push_back(Add(Op::kJump, kLater, {}, expression.type));
    instructions_[skip].out = static_cast<uint32_t>(instructions_.size());
  }
  EmitInto(children.back(), out);
  for (const size_t jump : jumps_to_end) {
    instructions_[jump].out = static_cast<uint32_t>(instructions_.size());
  }
}

void ProgramBuilder::SetFilter(const BoundExpression& filter) {
  uint32_t slot = Emit(filter);
  outputs_.push_back(slot);
  filter_slot_ = slot;
  Add(Op::kJumpUnlessTrue, UINT32_MAX, {slot}, filter.type);
}

uint32_t ProgramBuilder::AddOutput(const BoundExpression& expression) {
  if (expression.kind == Kind::kSlot) return expression.slot;
  const bool of_slot = expression.kind == Kind::kCast && expression.children[0].kind == Kind::kSlot;
  const bool free_cast =
      of_slot && IsPlainString(expression.type) && PrintsAsCast(expression.children[0].type);
  if (free_cast) return expression.children[0].slot;
  const uint32_t out = NewSlot();
  outputs_.push_back(out);
  EmitInto(expression, out);
  return out;
}

void ProgramBuilder::CheckNotNull(uint32_t slot, NotNullEnforcer enforcer,
                                  std::string_view column) {
  BoundExpression name;
  name.type = Type::String().NotNull();
  name.text = column;
  const Op op = enforcer == NotNullEnforcer::kError ? Op::kCheckNotNull : Op::kDropIfNull;
  Add(op, 0, {slot, ConstantSlot(name)}, Type::Of(TypeKind::kBoolean));
}

uint32_t ProgramBuilder::CheckLength(uint32_t slot, const Type& type, LengthEnforcer enforcer,
                                     std::string_view column) {
  const bool has_length = (type.is_text() || type.is_binary()) && type.length != Type::kLengthMax;
  if (!has_length || enforcer == LengthEnforcer::kIgnore) return slot;
  if (enforcer == LengthEnforcer::kTrimPad) {
    const uint32_t out = NewSlot();
    outputs_.push_back(out);
    Add(Op::kCast, out, {slot}, type);
    return out;
  }
  BoundExpression name;
  name.type = Type::String().NotNull();
  name.text = column;
  Add(Op::kCheckLength, 0, {slot, ConstantSlot(name)}, type);
  return slot;
}

void ProgramBuilder::MoveOutput(uint32_t slot, uint32_t target, const Type& type) {
  // Strings are cast: a cell of another kind that is used as a string would differ from the same
  // column of another flow.
  Add(type.is_text() ? Op::kCast : Op::kMove, target, {slot},
      type.is_text() ? Type::String() : type);
}

Program ProgramBuilder::Build() {
  const uint32_t stride = next_slot_;
  const auto final_slot = [&](uint32_t slot) {
    return slot >= kConstantBase && slot < UINT32_MAX ? stride + (slot - kConstantBase) : slot;
  };
  for (Instruction& instruction : instructions_) {
    for (uint32_t& slot : instruction.in) slot = final_slot(slot);
    if (IsJump(instruction.op) && instruction.out == UINT32_MAX) {
      instruction.out = static_cast<uint32_t>(instructions_.size());  // to the end of the row
    }
  }
  for (Constant& constant : constants_) constant.slot = final_slot(constant.slot);
  const int64_t filter =
      filter_slot_ < 0 ? -1 : static_cast<int64_t>(final_slot(static_cast<uint32_t>(filter_slot_)));
  return Program(stride, std::move(constants_), std::move(instructions_), filter);
}

}  // namespace millrace
