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
  CHECK((FindCreated("CREATE TABLE t (a INT)") == Created{"table", "t"}));
  CHECK((FindCreated("create temporary table if not exists `a b` (x INT)") ==
         Created{"table", "a b"}));
  CHECK((FindCreated("CREATE TABLE c.d.`t` (a INT)") == Created{"table", "t"}));
  CHECK((FindCreated("CREATE VIEW v AS SELECT 1") == Created{"table", "v"}));
  CHECK((FindCreated("CREATE CATALOG c WITH ('type' = 'x')") == Created{"catalog", "c"}));
  CHECK((FindCreated("create database if not exists c.d") == Created{"database", "d"}));
  CHECK(!FindCreated("CREATE FUNCTION f AS 'x'"));
  CHECK(!FindCreated("SELECT 1"));
  CHECK(!FindCreated("CREATE TABLE"));
}
