#include "connectors/mysql/schema/row_layout.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "connectors/mysql/options.h"
#include "connectors/mysql/schema/column_text.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

// Of shop.t (id INT, name VARCHAR(5), memo TEXT, size ENUM, marks SET), all declared, `marks` as
// `marks_type`.
Result<RowLayout> Layout(const std::map<std::string, std::string>& added,
                         const std::string& marks_type = "STRING", bool is_versioned = false) {
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "int"),
                    ParseServerColumn("name", "varchar(5)", "utf8mb4"),
                    ParseServerColumn("memo", "text", "utf8mb4"),
                    ParseServerColumn("size", "enum('s','m')", "utf8mb4"),
                    ParseServerColumn("marks", "set('a','b')", "utf8mb4")};
  layout.is_versioned = is_versioned;
  const ServerTable table("shop", "t", std::make_shared<const TableLayout>(std::move(layout)));
  const Options options = Options::FromTexts(OptionTable(), added);
  SourceRequest request;
  request.table = "source";
  request.options = &options;
  request.schema.columns = {{"id", ParseType("INT")->NotNull(), ""},
                            {"name", *ParseType("STRING"), ""},
                            {"memo", *ParseType("STRING"), ""},
                            {"size", *ParseType("STRING"), ""},
                            {"marks", *ParseType(marks_type), ""}};
  request.columns = {0, 1, 2, 3, 4};
  request.stride = 5;
  return MakeLayout(table, request);
}

// "slot=text" of the slots that do not come from columns.
std::string Fixed(const RowLayout& layout) {
  Cell row[5] = {};
  FillMetadata(layout, {"shop", "t"}, RowKind::kInsert, 0, row);
  std::string text;
  for (const uint32_t slot : layout.null_slots) text += std::to_string(slot) + "=NULL ";
  for (const MetadataSlot& slot : layout.metadata) {
    text += std::to_string(slot.slot) + "=" + std::string(row[slot.slot].view()) + " ";
  }
  return text;
}

// The slots of columns that are cut, with the length.
std::string Cut(const RowLayout& layout) {
  std::string text;
  for (const auto& target : layout.targets) {
    if (!target || target->target != Target::kCutText) continue;
    text += std::to_string(target->slot) + ":" + std::to_string(target->characters_max) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("a column that is excluded, or not included, is NULL and is not read") {
  const auto excluded = Layout({{"debezium.column.exclude.list", "shop.t.size, SHOP.t.na.."}});
  REQUIRE(excluded.ok());
  CHECK(Fixed(*excluded) == "1=NULL 3=NULL ");
  CHECK_FALSE(excluded->targets[1].has_value());
  CHECK(excluded->targets[2].has_value());
  const auto included = Layout({{"debezium.column.include.list", "shop[.]t[.](id|memo)"}});
  REQUIRE(included.ok());
  CHECK(Fixed(*included) == "1=NULL 3=NULL 4=NULL ");
  const auto other = Layout({{"debezium.column.exclude.list", "shop.t2.memo,t.memo,memo"}});
  REQUIRE(other.ok());
  CHECK(Fixed(*other).empty());
}

TEST_CASE("a column that is declared NOT NULL cannot be excluded") {
  const auto layout = Layout({{"debezium.column.exclude.list", "shop.t.id"}});
  REQUIRE_FALSE(layout.ok());
  CHECK(layout.status().message().find("column shop.t.id is excluded") != std::string::npos);
}

TEST_CASE("texts are masked, other columns are not") {
  const auto layout = Layout({{"debezium.column.mask.with.3.chars", "shop.t.(id|memo|size)"},
                              {"debezium.column.mask.with.0.chars", "shop.t.marks"}});
  REQUIRE(layout.ok());
  CHECK(Fixed(*layout) == "2=*** 3=*** 4= ");
  CHECK(layout->targets[0].has_value());
  const auto array = Layout({{"debezium.column.mask.with.3.chars", ".*"}}, "ARRAY<STRING>");
  REQUIRE_FALSE(array.ok());
  CHECK(array.status().message().find("declare it as STRING") != std::string::npos);
}

TEST_CASE("texts that may be longer are cut") {
  const auto layout = Layout({{"debezium.column.truncate.to.5.chars", "shop.t.name"},
                              {"debezium.column.truncate.to.4.chars", "shop.t..*"}});
  REQUIRE(layout.ok());
  CHECK(Cut(*layout) == "1:4 2:4 4:4 ");
  const auto longer = Layout({{"debezium.column.truncate.to.5.chars", "shop.t.name"}});
  REQUIRE(longer.ok());
  CHECK(Cut(*longer).empty());
}

TEST_CASE("operations of a system-versioned table are not skipped") {
  CHECK(Layout({{"debezium.skipped.operations", "none"}}, "STRING", true).ok());
  const auto layout = Layout({{"debezium.skipped.operations", "d"}}, "STRING", true);
  REQUIRE_FALSE(layout.ok());
  CHECK(layout.status().message().find("is system-versioned") != std::string::npos);
}
