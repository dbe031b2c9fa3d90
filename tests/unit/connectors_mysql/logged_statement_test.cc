#include "connectors/mysql/binlog/logged_statement.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

namespace {

bool NamesShop(std::string_view statement) {
  return NamesTable(statement, [](const std::string& database, const std::string& table) {
    return database == "shop" && table == "orders";
  });
}

}  // namespace

TEST_CASE("the words of a statement") {
  const std::vector<std::string> words = {"INSERT", "INTO", "a b", ".", "c`d",
                                          "VALUES", "(",    "1",   ",", ")"};
  CHECK(WordsOf("INSERT/* x */ INTO `a b`.`c``d` VALUES (1, 'it''s \\' here') -- end") == words);
  CHECK(WordsOf("").empty());
  CHECK(WordsOf("/* open").empty());
  CHECK(WordsOf("'open").empty());
  CHECK(WordsOf("`open") == std::vector<std::string>{"open"});
}

TEST_CASE("the first word comes after comments") {
  CHECK(FirstWordOf("  /* a */ /* b */insert into t") == "INSERT");
  CHECK(FirstWordOf("# one\nUPDATE t") == "UPDATE");
  CHECK(FirstWordOf("/*!50003 DROP TABLE t */") == "DROP");
  CHECK(FirstWordOf("COMMIT /* c */") == "COMMIT");
  CHECK(FirstWordOf("") == "");
}

TEST_CASE("statements that wrote rows") {
  CHECK(WritesRows("insert into t values (1)"));
  CHECK(WritesRows("REPLACE t SELECT 1"));
  CHECK(WritesRows("LOAD DATA INFILE 'x' INTO TABLE t"));
  CHECK(WritesRows("WITH a AS (SELECT 1) DELETE FROM t"));
  CHECK(WritesRows("CREATE TABLE t (a INT) AS SELECT 1 AS a"));
  CHECK(WritesRows("SELECT `shop`.`f`()"));
  CHECK(WritesRows("CREATE OR REPLACE TABLE t SELECT 1"));
  CHECK_FALSE(WritesRows("CREATE TABLE t (a INT COMMENT 'SELECT')"));
  CHECK_FALSE(WritesRows("CREATE VIEW v AS SELECT * FROM t"));
  CHECK_FALSE(WritesRows("CREATE PROCEDURE p() CREATE TABLE t SELECT 1"));
  CHECK_FALSE(WritesRows("ALTER TABLE t ADD a INT"));
}

TEST_CASE("tables that a statement names") {
  CHECK(NamesShop("UPDATE other.t, shop . orders SET a = 1"));
  CHECK(NamesShop("UPDATE `shop`.`orders` SET a = 1"));
  CHECK(NamesShop("UPDATE \"shop\".\"orders\" SET a = 1"));
  CHECK_FALSE(NamesShop("UPDATE other.t SET a = 'shop.orders'"));
  CHECK_FALSE(NamesShop("UPDATE orders SET shop = 1"));
}
