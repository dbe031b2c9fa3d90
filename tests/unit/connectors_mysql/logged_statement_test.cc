#include "connectors/mysql/binlog/logged_statement.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

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
