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

TEST_CASE("statements about jobs") {
  CHECK(ParseJobStatement("show jobs;")->kind == Outcome::Kind::kShowJobs);
  CHECK(ParseJobStatement("DESCRIBE JOB 'a'")->job_id == "a");
  const auto stop = ParseJobStatement("STOP JOB 'a' WITH SAVEPOINT WITH DRAIN");
  REQUIRE(stop);
  CHECK(stop->with_savepoint);
  CHECK(stop->with_drain);
  CHECK_FALSE(ParseJobStatement("STOP JOB 'a'")->with_savepoint);
  CHECK_FALSE(ParseJobStatement("STOP JOB 'a' WITH DRAIN"));
  CHECK_FALSE(ParseJobStatement("STOP JOB a"));
  CHECK_FALSE(ParseJobStatement("SHOW TABLES"));
}
