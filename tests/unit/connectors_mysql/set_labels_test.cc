// A SET is a text with commas or an ARRAY of its labels, as declared.
#include <doctest/doctest.h>

#include "connectors/mysql/schema/row_layout.h"
#include "connectors/mysql/values/cell_writer.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

std::string Shown(Target target, std::string_view value) {
  Arena arena;
  CellWriter writer{TimeZone()};
  writer.set_arena(&arena);
  TargetColumn column;
  column.target = target;
  Cell cell = Cell::Null();
  writer.Text(column, value, &cell);
  std::string text;
  AppendCell(&text, cell);
  return text;
}

TEST_CASE("the labels of a SET") {
  CHECK(Shown(Target::kText, "x,z") == "x,z");
  CHECK(Shown(Target::kLabels, "x,z") == "[x, z]");
  CHECK(Shown(Target::kLabels, "x") == "[x]");
  CHECK(Shown(Target::kLabels, "") == "[]");
}

TEST_CASE("only a SET is an ARRAY, and only of texts") {
  const auto target = [](ColumnType server, const Type& declared) -> std::optional<Target> {
    TableLayout described;
    described.columns.emplace_back();
    described.columns.back().name = "c";
    described.columns.back().type = server;
    const ServerTable table("d", "t", std::make_shared<const TableLayout>(std::move(described)));
    SourceRequest request;
    request.table = "t";
    request.schema.columns.push_back({"c", declared, ""});
    request.columns = {0};
    const Result<RowLayout> layout = MakeLayout(table, request);
    if (!layout.ok()) return std::nullopt;
    return layout->targets[0]->target;
  };
  const Type texts = Type::Array(Type::String());
  CHECK(target(ColumnType::kSet, texts) == Target::kLabels);
  CHECK(target(ColumnType::kSet, Type::String()) == Target::kText);
  CHECK_FALSE(target(ColumnType::kSet, Type::Array(Type::Of(TypeKind::kInt))));
  CHECK_FALSE(target(ColumnType::kEnum, texts));
  CHECK_FALSE(target(ColumnType::kVarChar, texts));
}

}  // namespace
}  // namespace millrace::mysql
