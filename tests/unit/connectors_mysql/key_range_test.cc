#include "connectors/mysql/snapshot/key_range.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

namespace {

ServerTable Table(std::vector<ServerColumn> key) {
  ServerTable table;
  table.database = "d";
  table.name = "t`";
  for (ServerColumn& column : key) {
    table.key.push_back(static_cast<uint32_t>(table.columns.size()));
    table.columns.push_back(std::move(column));
  }
  table.columns.push_back({"v", ColumnType::kText, "text", "utf8mb4", true});
  return table;
}

const ServerColumn kInt{"id", ColumnType::kBigInt, "bigint(20)", "", false};
const ServerColumn kUnsigned{"id", ColumnType::kBigInt, "bigint(20) unsigned", "", false};
const ServerColumn kText{"name", ColumnType::kVarChar, "varchar(10)", "latin1", false};
const ServerColumn kBytes{"hash", ColumnType::kBinary, "binary(16)", "", false};
const ServerColumn kEnum{"e", ColumnType::kEnum, "enum('b','a')", "latin1", false};
const ServerColumn kDate{"day", ColumnType::kDate, "date", "", false};

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
