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
  CHECK((FindCreatedObject("CREATE TABLE t (a INT)") == CreatedObject{"table", "t"}));
  CHECK((FindCreatedObject("create temporary table if not exists `a b` (x INT)") ==
         CreatedObject{"table", "a b"}));
  CHECK((FindCreatedObject("CREATE TABLE c.d.`t` (a INT)") == CreatedObject{"table", "t"}));
  CHECK((FindCreatedObject("CREATE VIEW v AS SELECT 1") == CreatedObject{"table", "v"}));
  CHECK(
      (FindCreatedObject("CREATE CATALOG c WITH ('type' = 'x')") == CreatedObject{"catalog", "c"}));
  CHECK((FindCreatedObject("create database if not exists c.d") == CreatedObject{"database", "d"}));
  CHECK(!FindCreatedObject("CREATE FUNCTION f AS 'x'"));
  CHECK(!FindCreatedObject("SELECT 1"));
  CHECK(!FindCreatedObject("CREATE TABLE"));
}
