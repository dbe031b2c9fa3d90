#include "connectors/mysql/snapshot/key_range.h"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "connectors/mysql/schema/column_text.h"

using millrace::Result;
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
const ServerColumn kWhole = ParseServerColumn("number", "decimal(36,0)", "", false);
const ServerColumn kTooLong = ParseServerColumn("number", "decimal(37,0)", "", false);
const ServerColumn kAmount = ParseServerColumn("amount", "decimal(10,2)", "", false);
const ServerColumn kText = ParseServerColumn("name", "varchar(10)", "latin1", false);
const ServerColumn kBytes = ParseServerColumn("hash", "binary(16)", "", false);
const ServerColumn kEnum = ParseServerColumn("e", "enum('b','a')", "latin1", false);
const ServerColumn kDate = ParseServerColumn("day", "date", "", false);

}  // namespace

TEST_CASE("how a table is read follows from its key") {
  const auto read_by = [](std::vector<ServerColumn> key) {
    return CutByKey(Table(std::move(key))).read_by;
  };
  CHECK(read_by({}) == ReadBy::kWhole);
  CHECK(read_by({kInt}) == ReadBy::kNumberRanges);
  CHECK(read_by({kUnsigned}) == ReadBy::kNumberRanges);
  CHECK(read_by({kWhole}) == ReadBy::kNumberRanges);
  CHECK(read_by({kTooLong}) == ReadBy::kPages);
  CHECK(read_by({kAmount}) == ReadBy::kPages);
  CHECK(read_by({kInt, kText}) == ReadBy::kPages);
  CHECK(read_by({kText}) == ReadBy::kPages);
}

TEST_CASE("a table is cut by its key up to a column that is not sorted as it is compared") {
  CHECK(CutByKey(Table({kEnum})).read_by == ReadBy::kWhole);  // sorted by number, compared as text
  CHECK(CutByKey(Table({kEnum, kInt})).columns.empty());
  const CutKey cut = CutByKey(Table({kText, kEnum, kBytes}));
  CHECK(cut.read_by == ReadBy::kPages);
  CHECK(cut.columns == std::vector<uint32_t>{0});
  CHECK(CutByKey(Table({kInt, kEnum})).read_by == ReadBy::kNumberRanges);
}

TEST_CASE("a range of a number") {
  const ServerTable table = Table({kInt});
  const CutKey cut = CutByKey(table);
  CHECK(ConditionOf(table, cut, {}) == "");
  CHECK(ConditionOf(table, cut, {.from = -5}) == "`id` >= -5");
  CHECK(ConditionOf(table, cut, {.from = -5, .to = 7}) == "`id` >= -5 AND `id` < 7");
  CHECK(ConditionOf(table, cut, {.from = UINT64_MAX}) == "`id` >= 18446744073709551615");
  CHECK(BoundsQuery(table, cut) == "SELECT MIN(`id`), MAX(`id`) FROM `d`.`t```");
}

TEST_CASE("a page of a key of several columns") {
  const ServerTable table = Table({kDate, kText});
  const CutKey cut = CutByKey(table);
  const std::vector<std::string> after = KeyLiterals(table, cut, {"2020-01-02", "61"});
  CHECK(after == std::vector<std::string>{"'2020-01-02'", "_latin1 X'61'"});
  CHECK(KeyCondition(table, cut, after, true, true) ==
        "(`day` >= '2020-01-02' AND ((`day` > '2020-01-02') OR (`day` = '2020-01-02' AND `name` > "
        "_latin1 X'61')))");
  CHECK(ConditionOf(table, cut, {.up_to = after}) ==
        "(`day` <= '2020-01-02' AND ((`day` < '2020-01-02') OR (`day` = '2020-01-02' AND "
        "`name` <= _latin1 X'61')))");
  CHECK(PageEndQuery(table, cut, {}, 100) ==
        "SELECT `day`, HEX(`name`) FROM `d`.`t``` ORDER BY `day`, `name` LIMIT 99, 1");
}

TEST_CASE("a key of one column needs no alternatives") {
  const ServerTable table = Table({kBytes});
  const CutKey cut = CutByKey(table);
  CHECK(KeyLiterals(table, cut, {"00ff"}) == std::vector<std::string>{"X'00ff'"});
  CHECK(ConditionOf(table, cut, {.after = {"X'00'"}, .up_to = {"X'10'"}}) ==
        "(`hash` > X'00') AND (`hash` <= X'10')");
}

TEST_CASE("the first chunk has the rows whose column is NULL") {
  ServerColumn nullable = kText;
  nullable.is_nullable = true;
  ServerColumn number = kUnsigned;
  number.is_nullable = true;
  const ServerTable table = {"d", "t", std::make_shared<const TableLayout>([&] {
                               TableLayout layout;
                               layout.columns = {nullable, number};
                               return layout;
                             }())};
  const Result<CutKey> pages = CutByColumn(table, "NAME");
  REQUIRE(pages.ok());
  CHECK(pages->read_by == ReadBy::kPages);
  CHECK(ConditionOf(table, *pages, {.up_to = {"'b'"}}) == "((`name` <= 'b') OR `name` IS NULL)");
  CHECK(ConditionOf(table, *pages, {.after = {"'b'"}, .up_to = {"'c'"}}) ==
        "(`name` > 'b') AND (`name` <= 'c')");
  CHECK(ConditionOf(table, *pages, {}) == "");
  CHECK(PageEndQuery(table, *pages, {}, 10) ==
        "SELECT HEX(`name`) FROM `d`.`t` WHERE `name` IS NOT NULL ORDER BY `name` LIMIT 9, 1");
  CHECK(PageEndQuery(table, *pages, {"'b'"}, 10) ==
        "SELECT HEX(`name`) FROM `d`.`t` WHERE (`name` > 'b') ORDER BY `name` LIMIT 9, 1");
  const Result<CutKey> ranges = CutByColumn(table, "id");
  REQUIRE(ranges.ok());
  CHECK(ranges->read_by == ReadBy::kNumberRanges);
  CHECK(ConditionOf(table, *ranges, {.to = 7}) == "(`id` < 7 OR `id` IS NULL)");
  CHECK(ConditionOf(table, *ranges, {.from = 7}) == "`id` >= 7");
}

TEST_CASE("a chosen column that is not there or cannot cut is named with those that can") {
  const ServerTable table = Table({kInt, kEnum});
  const Result<CutKey> missing = CutByColumn(table, "nmae");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.status().code() == millrace::StatusCode::kPermanent);
  CHECK(
      missing.status().message() ==
      "column \"nmae\" of MySQL table d.t` is not there, and cannot be its "
      "'scan.incremental.snapshot.chunk.key-column'. Name one of \"id\", or leave the option out.");
  const Result<CutKey> unfit = CutByColumn(table, "e");
  REQUIRE_FALSE(unfit.ok());
  CHECK(unfit.status().message().find("is enum('b','a'), which is not ordered as it is compared") !=
        std::string::npos);
}
