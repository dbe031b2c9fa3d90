#include "cli/shell_command.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("commands with and without a semicolon") {
  CHECK(ParseShellCommand("quit")->kind == ShellCommandKind::kQuit);
  CHECK(ParseShellCommand(" EXIT ; -- bye")->kind == ShellCommandKind::kQuit);
  CHECK(ParseShellCommand("/* ? */ Help;")->kind == ShellCommandKind::kHelp);
  CHECK(ParseShellCommand("CLEAR;")->kind == ShellCommandKind::kClear);
  CHECK(ParseShellCommand("source 'it''s.sql'")->path == "it's.sql");
  CHECK_FALSE(ParseShellCommand("SELECT quit"));
  CHECK_FALSE(ParseShellCommand("SOURCE file.sql"));
  CHECK_FALSE(ParseShellCommand("`quit`"));
  CHECK_FALSE(ParseShellCommand(""));
}

TEST_CASE("the name that a CREATE would have defined") {
  CHECK(CreatedName("CREATE TABLE t (a INT)") == "t");
  CHECK(CreatedName("create temporary table if not exists `a b` (x INT)") == "a b");
  CHECK(CreatedName("CREATE TABLE c.d.`t` (a INT)") == "t");
  CHECK(CreatedName("CREATE VIEW v AS SELECT 1") == "v");
  CHECK(CreatedName("SELECT 1").empty());
  CHECK(CreatedName("CREATE TABLE").empty());
}
