#include "connectors/mysql/schema/table_layout.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "connectors/mysql/schema/charset_name.h"
#include "connectors/mysql/schema/column_text.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

TableIndex Index(std::string name, bool unique, std::vector<std::string> columns) {
  TableIndex index;
  index.name = std::move(name);
  index.is_primary = index.name == kPrimaryName;
  index.is_unique = unique;
  index.columns = std::move(columns);
  return index;
}

TableLayout Layout() {
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "int(11) unsigned", "", false),
                    ParseServerColumn("Ä", "varchar(20)", "latin1", false),
                    ParseServerColumn("n", "decimal(10,2)"),
                    ParseServerColumn("e", "enum('a','b')", "utf8mb4", false)};
  layout.charset = "utf8mb4";
  return layout;
}

// Parsed and written again.
std::string TypeOf(std::string_view column_type) {
  return ParseServerColumn("c", column_type).TypeText();
}

}  // namespace

TEST_CASE("the text of a type is read once") {
  const ServerColumn number = ParseServerColumn("c", "int(10) unsigned", "", false);
  CHECK(number.type == ColumnType::kInt);
  CHECK(number.type_name == "int");
  CHECK(number.length == 0);  // the width of a display
  CHECK(number.is_unsigned);
  CHECK_FALSE(number.is_nullable);
  const ServerColumn decimal = ParseServerColumn("c", "decimal(10,3) zerofill");
  CHECK(decimal.length == 10);
  CHECK(decimal.scale == 3);
  CHECK(decimal.is_unsigned);
  const ServerColumn text = ParseServerColumn("c", "varchar(500) /*M!100301 COMPRESSED*/", "utf8");
  CHECK(text.length == 500);
  CHECK(text.charset == "utf8mb3");
  const ServerColumn label = ParseServerColumn("c", "enum('unsigned(1)','it''s','a\\\\b')", "utf8");
  CHECK(label.labels == std::vector<std::string>{"unsigned(1)", "it's", "a\\b"});
  CHECK_FALSE(label.is_unsigned);
  CHECK(label.length == 0);
  CHECK(ParseServerColumn("c", "geometrycollection").type == ColumnType::kGeometry);
}

TEST_CASE("types in messages") {
  CHECK(TypeOf("bigint(20) unsigned") == "bigint unsigned");
  CHECK(TypeOf("DECIMAL(5,0)") == "decimal(5,0)");
  CHECK(TypeOf("timestamp") == "timestamp");
  CHECK(TypeOf("timestamp(6)") == "timestamp(6)");
  CHECK(TypeOf("char(0)") == "char(0)");
  CHECK(TypeOf("year(4)") == "year");
  CHECK(TypeOf("set('x','y')") == "set('x','y')");
  CHECK(TypeOf("float(7,4)") == "float");
}

TEST_CASE("columns have their names in any case") {
  const TableLayout layout = Layout();
  CHECK(layout.Find("ID") == 0);
  CHECK(layout.Find("ä") == 1);
  CHECK_FALSE(layout.Find("a").has_value());
  CHECK(IsSameName("ÿ", "Ÿ"));
  CHECK(IsSameName("İ", "i"));
  CHECK_FALSE(IsSameName("σ", "ς"));
  CHECK_FALSE(IsSameName("e", "é"));
}

TEST_CASE("the key is primary, else the shortest unique index without NULLs") {
  TableLayout layout = Layout();
  CHECK(layout.Key().empty());
  layout.indexes = {Index("a", true, {"n"}), Index("b", false, {"id"}),
                    Index("c", true, {"e", "ID"})};
  CHECK(layout.Key() == std::vector<uint32_t>{3, 0});
  layout.indexes.push_back(Index("z", true, {"e"}));
  layout.indexes.push_back(Index("d", true, {"id"}));
  CHECK(layout.Key() == std::vector<uint32_t>{0});
  layout.indexes.back().has_prefix = true;
  CHECK(layout.Key() == std::vector<uint32_t>{3});
  layout.indexes.push_back(Index("PRIMARY", true, {"ä", "id"}));
  CHECK(layout.Key() == std::vector<uint32_t>{1, 0});
}

TEST_CASE("row ends are no part of a key") {
  TableLayout layout = Layout();
  layout.is_versioned = true;
  layout.AddHiddenColumns();
  CHECK(layout.row_end == 5);
  layout.indexes = {Index("u", true, {"row_end"}), Index("PRIMARY", true, {"id", "row_end"}),
                    Index("k", false, {"row_end"})};
  layout.NormalizeIndexes();
  CHECK(layout.indexes ==
        std::vector<TableIndex>{Index("PRIMARY", true, {"id"}), Index("k", false, {"row_end"})});
}

TEST_CASE("a layout is the same after JSON") {
  TableLayout layout = Layout();
  layout.indexes = {Index("PRIMARY", true, {"id"}), Index("u", true, {"n", ""}),
                    Index("k", false, {"e"})};
  layout.indexes[1].has_prefix = true;
  layout.is_versioned = true;
  layout.AddHiddenColumns();
  const Result<TableLayout> read =
      TableLayout::FromJson(Json::Parse(layout.ToJson().ToText()).value());
  REQUIRE(read.ok());
  CHECK(*read == layout);
  TableLayout sequence;
  sequence.is_sequence = true;
  CHECK(TableLayout::FromJson(sequence.ToJson()).value() == sequence);
}

TEST_CASE("JSON that is not a layout") {
  for (const char* text :
       {"{}", R"({"columns": [{"name": "a"}]})", R"({"columns": [], "indexes": [{}]})",
        R"({"columns": [], "row_end": 0})",
        R"({"columns": [{"name": "a", "type": "set", "labels": [1]}]})",
        R"({"columns": [{"name": "a", "type": "char", "length": 4294967296}]})"}) {
    CHECK_FALSE(TableLayout::FromJson(Json::Parse(text).value()).ok());
  }
}

TEST_CASE("equal layouts are one, as long as somebody holds it") {
  LayoutPool pool;
  const auto first = pool.Share(Layout());
  CHECK(pool.Share(Layout()) == first);
  TableLayout other = Layout();
  other.columns[0].is_nullable = true;
  CHECK(pool.Share(other) != first);
  std::weak_ptr<const TableLayout> gone = pool.Share(other);
  CHECK(gone.expired());
  for (uint32_t i = 0; i < 1'000; ++i) {
    other.columns[0].length = i;
    pool.Share(other);
  }
  CHECK(pool.Share(Layout()) == first);
}

TEST_CASE("names of character sets") {
  CHECK(CharsetNamed("UTF8") == "utf8mb3");
  CHECK(CharsetNamed("Latin1") == "latin1");
  CHECK(CharsetOfCollation("utf8_general_ci") == "utf8mb3");
  CHECK(CharsetOfCollation("utf8mb4_0900_ai_ci") == "utf8mb4");
  CHECK(CharsetOfCollation("binary") == "binary");
  CHECK(CharsetOfCollation("UCA1400_AI_CI") == "");
  CHECK(CharsetOfCollation("DEFAULT") == "");
}
