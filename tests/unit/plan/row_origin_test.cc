#include "plan/row_origin.h"

#include <doctest/doctest.h>

using namespace millrace;

namespace {

// Slots 0 to 2 hold id, database and table; three more are computed; 6 and 7 are constants.
constexpr uint32_t kStride = 6;

RowOrigin Origin(std::vector<Instruction> instructions, std::vector<uint32_t> sink_slots,
                 Type sink_type = Type::String()) {
  PlanSource source;
  source.table.schema.columns = {{"id", Type::Of(TypeKind::kInt), ""},
                                 {"d", Type::String(), "database_name"},
                                 {"t", Type::String(), "table_name"}};
  source.columns = {0, 1, 2};
  PlanFlow flow;
  const Type number = Type::Of(TypeKind::kInt);
  flow.program = Program(kStride, {{6, Type::String(), "eu", false}, {7, number, "1", false}},
                         std::move(instructions), /*filter_slot=*/0);
  PlanSink sink;
  sink.types.assign(sink_slots.size(), std::move(sink_type));
  sink.slots = std::move(sink_slots);
  return OriginOf(source, flow, sink);
}

Instruction Make(Op op, uint32_t out, std::vector<uint32_t> in, Type type = Type::String()) {
  return {op, out, std::move(in), std::move(type), nullptr};
}

using Indexes = std::vector<uint32_t>;

}  // namespace

TEST_CASE("columns that name the table are found where they are, and where they are moved to") {
  const RowOrigin plain = Origin({}, {2, 0, 1});
  CHECK(plain.columns == Indexes{0, 2});
  CHECK(plain.names_table);
  CHECK(plain.program.empty() == false);  // it has the constants
  CHECK(plain.program.instructions().empty());
  CHECK(plain.program.filter_slot() == -1);
  const RowOrigin moved = Origin({Make(Op::kMove, 3, {1}), Make(Op::kCast, 4, {2})}, {3, 4, 0});
  CHECK(moved.columns == Indexes{0, 1});
  CHECK(moved.names_table);
  CHECK(moved.program.instructions().size() == 2);
}

TEST_CASE("a name that is cut, changed or chosen is not the name") {
  CHECK_FALSE(Origin({Make(Op::kUpper, 3, {1})}, {3, 2}).names_table);
  CHECK_FALSE(
      Origin({Make(Op::kCast, 3, {1}, Type{TypeKind::kVarChar, true, 3})}, {3, 2}).names_table);
  CHECK_FALSE(Origin({}, {1, 0}).names_table);
  // Up to instruction 2 it depends on the row.
  const RowOrigin chosen =
      Origin({Make(Op::kJumpUnlessTrue, 2, {5}), Make(Op::kMove, 3, {1})}, {3, 2});
  CHECK(chosen.columns == Indexes{1});
  CHECK_FALSE(chosen.names_table);
}

TEST_CASE("constants are part of the origin, values of the row are not") {
  const RowOrigin origin = Origin({Make(Op::kMove, 3, {6}), Make(Op::kConcat, 4, {6, 1}),
                                   Make(Op::kAdd, 5, {0, 7}, Type::Of(TypeKind::kInt))},
                                  {1, 2, 3, 4, 5});
  CHECK(origin.columns == Indexes{0, 1, 2, 3});
  CHECK(origin.program.instructions().size() == 2);
  // What a slot holds last counts.
  CHECK(Origin({Make(Op::kMove, 3, {6}), Make(Op::kMove, 3, {0})}, {1, 2, 3}).columns ==
        Indexes{0, 1});
}

TEST_CASE("a call may give another value for each row") {
  CHECK(Origin({Make(Op::kCall, 3, {6})}, {1, 2, 3}).columns == Indexes{0, 1});
}

TEST_CASE("a filter makes nothing depend on the row, a CASE at the end does") {
  // The filter of these programs is slot 0.
  const RowOrigin filtered =
      Origin({Make(Op::kJumpUnlessTrue, 3, {0}), Make(Op::kMove, 3, {6}), Make(Op::kMove, 4, {1})},
             {3, 4, 2});
  CHECK(filtered.columns == Indexes{0, 1, 2});
  CHECK(filtered.names_table);
  const RowOrigin chosen = Origin({Make(Op::kJumpUnlessTrue, 3, {5}), Make(Op::kMove, 3, {6}),
                                   Make(Op::kJump, 4, {}), Make(Op::kMove, 3, {7})},
                                  {3, 1, 2});
  CHECK(chosen.columns == Indexes{1, 2});
}

TEST_CASE("constants that a target may round are not compared") {
  CHECK(Origin({Make(Op::kMove, 3, {7})}, {3}, Type::Of(TypeKind::kInt)).columns == Indexes{0});
  CHECK(Origin({Make(Op::kMove, 3, {7})}, {3}, Type::Of(TypeKind::kDouble)).columns.empty());
}
