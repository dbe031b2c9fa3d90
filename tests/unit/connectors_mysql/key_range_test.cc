#include "connectors/mysql/snapshot/key_range.h"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "connectors/mysql/schema/column_text.h"

using namespace millrace::mysql;

namespace {

ServerTable Table(std::vector<ServerColumn> key) {
  TableLayout layout;
  TableIndex& primary = layout.indexes.emplace_back();
  primary.name = kPrimaryName;
  primary.is_primary = primary.is_unique = true;
  for (ServerColumn& column : key) {
    primary.columns.push_back(column.name);
    layout.columns.push_back(std::move(column));
  }
  layout.columns.push_back(ParseServerColumn("v", "text", "utf8mb4"));
  return {"d", "t`", std::make_shared<const TableLayout>(std::move(layout))};
}

const ServerColumn kInt = ParseServerColumn("id", "bigint(20)", "", false);
const ServerColumn kUnsigned = ParseServerColumn("id", "bigint(20) unsigned", "", false);
const ServerColumn kText = ParseServerColumn("name", "varchar(10)", "latin1", false);
const ServerColumn kBytes = ParseServerColumn("hash", "binary(16)", "", false);
const ServerColumn kEnum = ParseServerColumn("e", "enum('b','a')", "latin1", false);
const ServerColumn kDate = ParseServerColumn("day", "date", "", false);

}  // namespace

TEST_CASE("how a table is read follows from its key") {
  CHECK(ReadByOf(Table({})) == ReadBy::kWhole);
  CHECK(ReadByOf(Table({kInt})) == ReadBy::kIntegerRanges);
  CHECK(ReadByOf(Table({kUnsigned})) == ReadBy::kPages);
  CHECK(ReadByOf(Table({kInt, kText})) == ReadBy::kPages);
  CHECK(ReadByOf(Table({kText})) == ReadBy::kPages);
  CHECK(ReadByOf(Table({kEnum})) == ReadBy::kWhole);  // sorted by number, compared as text
  CHECK(ReadByOf(Table({kInt, kEnum})) == ReadBy::kWhole);
}

TEST_CASE("a range of an integer key") {
  const ServerTable table = Table({kInt});
  CHECK(WhereOf(table, {}) == "");
  CHECK(WhereOf(table, {.from = -5}) == " WHERE `id` >= -5");
  CHECK(WhereOf(table, {.from = -5, .to = 7}) == " WHERE `id` >= -5 AND `id` < 7");
  CHECK(BoundsQuery(table) == "SELECT MIN(`id`), MAX(`id`) FROM `d`.`t```");
}

TEST_CASE("a page of a key of several columns") {
  const ServerTable table = Table({kDate, kText});
  const std::vector<std::string> after = KeyLiterals(table, {"2020-01-02", "61"});
  CHECK(after == std::vector<std::string>{"'2020-01-02'", "_latin1 X'61'"});
  CHECK(KeyCondition(table, after, true, true) ==
        "(`day` >= '2020-01-02' AND ((`day` > '2020-01-02') OR (`day` = '2020-01-02' AND `name` > "
        "_latin1 X'61')))");
  CHECK(WhereOf(table, {.up_to = after}) ==
        " WHERE (`day` <= '2020-01-02' AND ((`day` < '2020-01-02') OR (`day` = '2020-01-02' AND "
        "`name` <= _latin1 X'61')))");
  CHECK(PageEndQuery(table, {}, 100) ==
        "SELECT `day`, HEX(`name`) FROM `d`.`t``` ORDER BY `day`, `name` LIMIT 99, 1");
}

TEST_CASE("a key of one column needs no alternatives") {
  const ServerTable table = Table({kBytes});
  CHECK(KeyLiterals(table, {"00ff"}) == std::vector<std::string>{"X'00ff'"});
  CHECK(WhereOf(table, {.after = {"X'00'"}, .up_to = {"X'10'"}}) ==
        " WHERE (`hash` > X'00') AND (`hash` <= X'10')");
}
