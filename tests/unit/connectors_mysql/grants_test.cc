#include "connectors/mysql/preflight/grants.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("rights on everything") {
  const Grants grants = Grants::Parse(
      {"GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*D82'"});
  CHECK(grants.OnAll("REPLICATION SLAVE"));
  CHECK(grants.OnAll("BINLOG MONITOR"));
  CHECK_FALSE(grants.OnAll("SELECT"));
  CHECK_FALSE(grants.OnTable("SELECT", {"d", "t"}));
  const Grants all = Grants::Parse({"GRANT ALL PRIVILEGES ON *.* TO 'root'@'localhost'"});
  CHECK(all.OnAll("REPLICATION SLAVE"));
  CHECK(all.OnTable("SELECT", {"d", "t"}));
}

TEST_CASE("rights on databases, whose names are patterns, and on tables") {
  const Grants grants = Grants::Parse({"GRANT USAGE ON *.* TO `u`@`%`",
                                       "GRANT SELECT, INSERT ON `shop\\_%`.* TO `u`@`%`",
                                       "GRANT SELECT ON `odd ``name`.`t ON x` TO `u`@`%`"});
  CHECK(grants.OnTable("SELECT", {"shop_7", "t"}));
  CHECK_FALSE(grants.OnTable("SELECT", {"shopx7", "t"}));
  CHECK(grants.OnTable("SELECT", {"odd `name", "t ON x"}));
  CHECK_FALSE(grants.OnTable("SELECT", {"odd `name", "other"}));
  CHECK_FALSE(grants.OnTable("UPDATE", {"shop_7", "t"}));
  CHECK_FALSE(grants.OnAll("SELECT"));
}

TEST_CASE("rights on columns are not rights on their table") {
  const Grants some =
      Grants::Parse({"GRANT SELECT (`a`, `id`), INSERT (`a`) ON `d`.`t` TO `u`@`%`"});
  CHECK_FALSE(some.OnTable("SELECT", {"d", "t"}));
  CHECK_FALSE(some.ShowAllColumns({"d", "t"}));
  const Grants shown =
      Grants::Parse({"GRANT SELECT (`a`, `id`), REFERENCES ON `d`.`t` TO `u`@`%`"});
  CHECK_FALSE(shown.OnTable("SELECT", {"d", "t"}));
  CHECK(shown.ShowAllColumns({"d", "t"}));
}

TEST_CASE("what is taken away again is not relied on") {
  const Grants grants =
      Grants::Parse({"GRANT SELECT ON *.* TO `u`@`%`", "REVOKE SELECT ON `secret`.* FROM `u`@`%`"});
  CHECK(grants.OnTable("SELECT", {"d", "t"}));
  CHECK_FALSE(grants.OnTable("SELECT", {"secret", "t"}));
}

TEST_CASE("roles, procedures and what is not understood give nothing") {
  const Grants grants = Grants::Parse(
      {"GRANT `reader` TO `u`@`%`", "GRANT `r`@`%`,`s`@`%` TO `u`@`%`",
       "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`", "GRANT PROXY ON ''@'%' TO 'root'@'%'",
       "SET DEFAULT ROLE `reader` FOR `u`@`%`", "", "GRANT", "GRANT SELECT", "GRANT SELECT ON"});
  CHECK_FALSE(grants.OnAll("EXECUTE"));
  CHECK_FALSE(grants.OnTable("EXECUTE", {"d", "p"}));
  CHECK_FALSE(grants.OnTable("SELECT", {"d", "t"}));
}

TEST_CASE("patterns of grants") {
  CHECK(MatchesGrantPattern("a%c", "abbbc"));
  CHECK(MatchesGrantPattern("a%", "a"));
  CHECK(MatchesGrantPattern("a_c", "abc"));
  CHECK(MatchesGrantPattern("a\\_c", "a_c"));
  CHECK_FALSE(MatchesGrantPattern("a\\_c", "abc"));
  CHECK_FALSE(MatchesGrantPattern("a%c", "abbbd"));
  CHECK_FALSE(MatchesGrantPattern("a", "ab"));
  CHECK_FALSE(MatchesGrantPattern("ab", "a"));
}
