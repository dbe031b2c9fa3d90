#include "connectors/mysql/ddl/parser.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace millrace;
using namespace millrace::mysql::ddl;

namespace {

constexpr Dialect kMariaDb = {.is_mariadb = true, .server_version = 101119};
constexpr Dialect kMysql = {.is_mariadb = false, .server_version = 90700};

std::string Printed(std::string_view text, const Dialect& dialect) {
  const Result<Statement> statement = Parse(text, dialect);
  return statement.ok() ? Print(*statement) : "error: " + statement.status().message();
}

struct Case {
  const char* text;
  const char* printed;
};

// Each text is read as both servers read it, unless said, and what it prints parses to the same.
void Check(const std::vector<Case>& cases,
           const std::vector<Dialect>& dialects = {kMariaDb, kMysql}) {
  for (const Case& one : cases) {
    for (const Dialect& dialect : dialects) {
      CAPTURE(std::string(one.text));
      CAPTURE(dialect.is_mariadb);
      const Result<Statement> statement = Parse(one.text, dialect);
      REQUIRE_MESSAGE(statement.ok(), statement.status().message());
      CHECK(Print(*statement) == std::string(one.printed));
      const Result<Statement> again = Parse(Print(*statement), dialect);
      REQUIRE_MESSAGE(again.ok(), again.status().message());
      CHECK(*again == *statement);
    }
  }
}

// The type of the column of a table that has only it.
DataType TypeOf(const std::string& type, const Dialect& dialect) {
  const Result<Statement> statement = Parse("CREATE TABLE t (c " + type + ")", dialect);
  REQUIRE_MESSAGE(statement.ok(), type, ": ", statement.status().message());
  return std::get<CreateTable>(*statement).columns.at(0).type;
}

}  // namespace

TEST_CASE("tables: what they are called, and where from") {
  Check({
      {"create table t (a int)", "CREATE TABLE `t` (`a` int)"},
      {"CREATE TABLE `d`.`t``x` (`a``b` INT)", "CREATE TABLE `d`.`t``x` (`a``b` int)"},
      {"CREATE TABLE d . t (a INT);", "CREATE TABLE `d`.`t` (`a` int)"},
      {"CREATE TABLE .t (t.a INT, d.t.b INT, .c INT)",
       "CREATE TABLE `t` (`a` int, `b` int, `c` int)"},
      {"CREATE TABLE d.select (1a INT, $b INT, größe INT, 0x INT, 1e INT)",
       "CREATE TABLE `d`.`select` (`1a` int, `$b` int, `größe` int, `0x` int, `1e` int)"},
      {"CREATE TABLE d.1e5 (a INT)", "CREATE TABLE `d`.`1e5` (`a` int)"},
      {"CREATE TABLE `😀` (`select` INT)", "CREATE TABLE `😀` (`select` int)"},
      {"CREATE TABLE action (first INT, after INT, comment INT, engine INT, value INT, type INT, "
       "vector INT, period INT, system INT, name INT, view INT, storage INT, data INT)",
       "CREATE TABLE `action` (`first` int, `after` int, `comment` int, `engine` int, `value` int, "
       "`type` int, `vector` int, `period` int, `system` int, `name` int, `view` int, `storage` "
       "int, `data` int)"},
      {"CREATE TEMPORARY TABLE IF NOT EXISTS t (a INT)",
       "CREATE TEMPORARY TABLE IF NOT EXISTS `t` (`a` int)"},
      {"CREATE OR REPLACE TABLE t (a INT)", "CREATE OR REPLACE TABLE `t` (`a` int)"},
      {"CREATE TABLE a.t LIKE b.u", "CREATE TABLE `a`.`t` LIKE `b`.`u`"},
      {"CREATE TABLE IF NOT EXISTS t (LIKE u)", "CREATE TABLE IF NOT EXISTS `t` LIKE `u`"},
      {"CREATE TABLE t SELECT 1", "CREATE TABLE `t` AS SELECT 1"},
      {"CREATE TABLE t AS (SELECT * FROM u)", "CREATE TABLE `t` AS SELECT 1"},
      {"CREATE TABLE t (a INT) ENGINE=InnoDB IGNORE AS SELECT ')' FROM u",
       "CREATE TABLE `t` (`a` int) ENGINE `innodb` AS SELECT 1"},
      {"CREATE TABLE t (a INT) ((SELECT 1) UNION (SELECT 2))",
       "CREATE TABLE `t` (`a` int) AS SELECT 1"},
      {"CREATE TABLE t WITH x AS (SELECT 1) SELECT * FROM x", "CREATE TABLE `t` AS SELECT 1"},
      {"CREATE TABLE t AS TABLE u", "CREATE TABLE `t` AS SELECT 1"},
      {"CREATE TABLE t PARTITION BY HASH (a) PARTITIONS 2 (SELECT 1 AS a)",
       "CREATE TABLE `t` AS SELECT 1"},
      {"CREATE TABLE t ENGINE=CONNECT TABLE_TYPE=DOS",
       "CREATE TABLE `t` ENGINE `connect` AS SELECT 1"},
      {"CREATE TABLE t (a INT) START TRANSACTION", "CREATE TABLE `t` (`a` int)"},
      {"SET STATEMENT max_statement_time=1, lock_wait_timeout=(2) FOR CREATE TABLE t (a INT)",
       "CREATE TABLE `t` (`a` int)"},
  });
}

TEST_CASE("tables: options and partitions") {
  Check({
      {"CREATE TABLE t (a INT) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin",
       "CREATE TABLE `t` (`a` int) CHARACTER SET `utf8mb4` COLLATE `utf8mb4_bin`"},
      {"CREATE TABLE t (a INT) CHARACTER SET 'LATIN1', COMMENT='x', COLLATE = DEFAULT",
       "CREATE TABLE `t` (`a` int) CHARACTER SET `latin1` COLLATE `default`"},
      {"CREATE TABLE t (a INT) CHAR SET BINARY ENGINE InnoDB ROW_FORMAT=COMPRESSED "
       "KEY_BLOCK_SIZE 8 AUTO_INCREMENT=5 STATS_PERSISTENT=DEFAULT MAX_ROWS=1 DATA DIRECTORY='/x' "
       "INDEX DIRECTORY '/y' CONNECTION='z' UNION=(a, b) TABLESPACE ts STORAGE DISK "
       "AUTOEXTEND_SIZE=4M SECONDARY_ENGINE=NULL PACK_KEYS=0",
       "CREATE TABLE `t` (`a` int) ENGINE `innodb` CHARACTER SET `binary`"},
      {"CREATE TABLE t (a INT) PAGE_COMPRESSED=ON ENCRYPTED=YES `MY OPTION`='x' other=1",
       "CREATE TABLE `t` (`a` int)"},
      {"CREATE TABLE t (a INT) PARTITION BY RANGE (YEAR(a)) SUBPARTITION BY HASH (a) SUBPARTITIONS "
       "2 "
       "(PARTITION p0 VALUES LESS THAN (1990) COMMENT = ')', PARTITION p1 VALUES LESS THAN "
       "MAXVALUE)",
       "CREATE TABLE `t` (`a` int)"},
      {"CREATE TABLE t (a INT) PARTITION BY LINEAR KEY ALGORITHM=2 (a) PARTITIONS 3 SELECT 1",
       "CREATE TABLE `t` (`a` int) AS SELECT 1"},
      {"CREATE TABLE t (a INT) /*!50100 PARTITION BY LIST (a) (PARTITION p VALUES IN (1)) */",
       "CREATE TABLE `t` (`a` int)"},
  });
  Check(
      {
          {"CREATE TABLE t (a INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 DAY "
           "STARTS TIMESTAMP'2020-01-01 00:00:00' AUTO PARTITIONS 3",
           "CREATE TABLE `t` (`a` int) WITH SYSTEM VERSIONING"},
          {"CREATE TABLE t (a INT WITH SYSTEM VERSIONING, b INT WITHOUT SYSTEM VERSIONING)",
           "CREATE TABLE `t` (`a` int, `b` int) WITH SYSTEM VERSIONING"},
          {"CREATE TABLE t (a INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, e "
           "TIMESTAMP(6) AS ROW END, PERIOD FOR system_time (s, e)) WITH SYSTEM VERSIONING",
           "CREATE TABLE `t` (`a` int, `s` mariadb_schema.timestamp(6) GENERATED ALWAYS AS ROW "
           "START, `e` "
           "mariadb_schema.timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (`s`, "
           "`e`)) WITH "
           "SYSTEM "
           "VERSIONING"},
          {"CREATE TABLE t (s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE (s, p WITHOUT OVERLAPS))",
           "CREATE TABLE `t` (`s` mariadb_schema.date NOT NULL, `e` mariadb_schema.date NOT NULL, "
           "UNIQUE KEY (`s`, `e`, `s`))"},
          {"CREATE TABLE t (a SERIAL PRIMARY KEY, b INT UNIQUE KEY PRIMARY KEY)",
           "CREATE TABLE `t` (`a` bigint UNSIGNED PRIMARY KEY NOT NULL, `b` int PRIMARY KEY NOT "
           "NULL)"},
          {"ALTER TABLE t CHARACTER SET latin1, CONVERT TO CHARACTER SET utf8, ADD a TEXT",
           "ALTER TABLE `t` CONVERT TO CHARACTER SET `utf8`, DEFAULT CHARACTER SET `latin1`, ADD "
           "COLUMN `a` text"},
          {"ALTER TABLE t ADD PRIMARY KEY (id, p WITHOUT OVERLAPS)",
           "ALTER TABLE `t` ADD PRIMARY KEY (`id`, (1))"},
          {"CREATE TABLE s (next_not_cached_value BIGINT NOT NULL) SEQUENCE=1",
           "CREATE SEQUENCE `s`"},
          {"CREATE TABLE t (a INT) SEQUENCE=0", "CREATE TABLE `t` (`a` int)"},
      },
      {kMariaDb});
}

TEST_CASE("columns: attributes") {
  Check({
      {"CREATE TABLE t (a INT NOT NULL, b INT NULL, c INT KEY, d INT PRIMARY KEY NULL, e INT "
       "UNIQUE, f "
       "INT "
       "UNIQUE KEY, g INT AUTO_INCREMENT, h SERIAL, i INT SERIAL DEFAULT VALUE)",
       "CREATE TABLE `t` (`a` int NOT NULL, `b` int NULL, `c` int PRIMARY KEY NOT NULL, `d` int "
       "PRIMARY KEY NOT NULL, `e` int UNIQUE KEY, `f` int UNIQUE KEY, `g` int NOT NULL, `h` bigint "
       "UNSIGNED UNIQUE KEY NOT NULL, `i` int UNIQUE KEY NOT NULL)"},
      {"CREATE TABLE t (a INT DEFAULT 1 COMMENT 'x' 'y', b INT DEFAULT -1.5e3, c CHAR DEFAULT 'a' "
       "'b' COLLATE latin1_bin, d DATETIME DEFAULT NOW() ON UPDATE CURRENT_TIMESTAMP(6), e INT "
       "DEFAULT "
       "(f(a, (1)) + 1), f BIT DEFAULT b'1', g DATE DEFAULT DATE '2000-01-01', h INT DEFAULT NULL)",
       "CREATE TABLE `t` (`a` int, `b` int, `c` char COLLATE `latin1_bin`, `d` datetime, `e` int, "
       "`f` "
       "bit, `g` mariadb_schema.date, `h` int)"},
      {"CREATE TABLE t (a INT AS (b + 1), b INT GENERATED ALWAYS AS (')') VIRTUAL NOT NULL, c INT "
       "AS "
       "(1) STORED UNIQUE, d INT AS (2) PERSISTENT COMMENT 'x')",
       "CREATE TABLE `t` (`a` int, `b` int NOT NULL, `c` int UNIQUE KEY, `d` int)"},
      {"CREATE TABLE t (a INT CHECK (a > 0) NOT ENFORCED, b INT CONSTRAINT c CHECK (b <> '('), c "
       "INT "
       "REFERENCES u (a) MATCH FULL ON DELETE SET NULL ON UPDATE NO ACTION, CONSTRAINT CHECK (1), "
       "CHECK "
       "(2) ENFORCED, FOREIGN KEY k (a, b) REFERENCES d.u (x, y) ON DELETE CASCADE)",
       "CREATE TABLE `t` (`a` int, `b` int, `c` int)"},
      {"CREATE TABLE t (a INT COLUMN_FORMAT FIXED STORAGE DISK INVISIBLE, p POINT SRID 4326 NOT "
       "NULL, b "
       "INT ENGINE_ATTRIBUTE='{}' SECONDARY_ENGINE_ATTRIBUTE = '{}' NOT SECONDARY VISIBLE)",
       "CREATE TABLE `t` (`a` int, `p` point NOT NULL, `b` int)"},
      {"CREATE TABLE t (a VARCHAR(9) COMPRESSED=zlib, b POINT REF_SYSTEM_ID=1, c INT DEFAULT NEXT "
       "VALUE "
       "FOR s, d INT DEFAULT CASE WHEN 1 THEN (2) END, e INT my_option=5, f INT DEFAULT "
       "REPLACE('a', "
       "'b', 'c') NOT NULL)",
       "CREATE TABLE `t` (`a` varchar(9) COMPRESSED, `b` point, `c` int, `d` int, `e` int, `f` int "
       "NOT "
       "NULL)"},
  });
}

TEST_CASE("columns: types and their synonyms") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"INTEGER(10) UNSIGNED ZEROFILL", "int(10) UNSIGNED"},
      {"INT1", "tinyint"},
      {"INT2", "smallint"},
      {"INT3", "mediumint"},
      {"MIDDLEINT", "mediumint"},
      {"INT4 SIGNED", "int"},
      {"INT8", "bigint"},
      {"BOOL", "tinyint(1)"},
      {"BOOLEAN", "tinyint(1)"},
      {"DEC(10)", "decimal(10)"},
      {"FIXED(10, 2)", "decimal(10, 2)"},
      {"NUMERIC", "decimal"},
      {"REAL(5, 2)", "double(5, 2)"},
      {"DOUBLE PRECISION", "double"},
      {"FLOAT8", "double"},
      {"FLOAT(24)", "float"},
      {"FLOAT(25)", "double"},
      {"FLOAT(7, 3) UNSIGNED", "float(7, 3) UNSIGNED"},
      {"BIT(64)", "bit(64)"},
      {"CHARACTER VARYING(20)", "varchar(20)"},
      {"VARCHARACTER(20)", "varchar(20)"},
      {"NATIONAL CHAR(5)", "char(5) CHARACTER SET `utf8mb3`"},
      {"NCHAR", "char CHARACTER SET `utf8mb3`"},
      {"NVARCHAR(5)", "varchar(5) CHARACTER SET `utf8mb3`"},
      {"NATIONAL VARCHAR(5)", "varchar(5) CHARACTER SET `utf8mb3`"},
      {"NATIONAL CHARACTER VARYING(5)", "varchar(5) CHARACTER SET `utf8mb3`"},
      {"NCHAR VARYING(5)", "varchar(5) CHARACTER SET `utf8mb3`"},
      {"NCHAR VARCHAR(5)", "varchar(5) CHARACTER SET `utf8mb3`"},
      {"CHAR(5) ASCII", "char(5) CHARACTER SET `latin1`"},
      {"CHAR(5) UNICODE BINARY", "char(5) BINARY CHARACTER SET `ucs2`"},
      {"CHAR(5) BYTE", "char(5) CHARACTER SET `binary`"},
      {"VARCHAR(5) BINARY CHARSET UTF8", "varchar(5) BINARY CHARACTER SET `utf8`"},
      {"TEXT CHARACTER SET latin1 COLLATE 'latin1_BIN'",
       "text CHARACTER SET `latin1` COLLATE `latin1_bin`"},
      {"LONG", "mediumtext"},
      {"LONG VARCHAR CHARACTER SET latin1", "mediumtext CHARACTER SET `latin1`"},
      {"LONG CHARACTER VARYING", "mediumtext"},
      {"LONG VARBINARY", "mediumblob"},
      {"TEXT(100)", "text(100)"},
      {"LONGBLOB", "longblob"},
      {"VARBINARY(9)", "varbinary(9)"},
      {"TIMESTAMP(6)", "mariadb_schema.timestamp(6)"},
      {"YEAR(4)", "year(4)"},
      {"MULTIPOLYGON", "multipolygon"},
      {"ENUM('a', 'b  ', '', N'c', \"d\", 0x65, x'66', b'01100111', 0xc3a9) CHARSET utf8",
       "enum('a', 'b', '', 'c', 'd', 'e', 'f', 'g', 'é') CHARACTER SET `utf8`"},
      {"ENUM('a ', 'b  ') BYTE", "enum('a ', 'b  ') CHARACTER SET `binary`"},
      {"SET('😀', 'it''s', \"a\"\"b\", _utf8mb4'x' 'y', _utf8mb4 x'f09f9880')",
       "set('😀', 'it''s', 'a\"b', 'xy', '😀')"},
      {R"(ENUM('a\\b', 'c\'d', 'e\tf'))", "enum(_utf8mb4 x'615c62', 'c''d', 'e\tf')"},
  };
  for (const auto& [written, printed] : cases) {
    Check({{("CREATE TABLE t (c " + std::string(written) + ")").c_str(),
            ("CREATE TABLE `t` (`c` " + std::string(printed) + ")").c_str()}});
  }
}

TEST_CASE("types that depend on the server or its sql_mode") {
  CHECK(TypeOf("REAL", {.real_as_float = true}).name == "float");
  CHECK(TypeOf("DATE", {.is_mariadb = true, .oracle = true}).name == "datetime");
  CHECK(TypeOf("mariadb_schema.date", {.is_mariadb = true, .oracle = true}).name == "date");
  CHECK(TypeOf("oracle_schema.date", kMariaDb).name == "datetime");
  CHECK(TypeOf("BLOB", {.is_mariadb = true, .oracle = true}).name == "longblob");
  CHECK(TypeOf("BLOB(5)", {.is_mariadb = true, .oracle = true}).name == "blob");
  CHECK(TypeOf("NUMBER", {.is_mariadb = true, .oracle = true}).name == "double");
  CHECK(TypeOf("NUMBER(5)", {.is_mariadb = true, .oracle = true}).name == "decimal");
  CHECK(TypeOf("VARCHAR2(5)", {.is_mariadb = true, .oracle = true}).name == "varchar");
  CHECK(TypeOf("TIMESTAMP", {.maxdb = true}).name == "datetime");
  CHECK(TypeOf("JSON", kMysql).name == "json");
  const DataType json = TypeOf("JSON", kMariaDb);
  CHECK((json.name + " " + json.charset + " " + json.collation) == "longtext utf8mb4 utf8mb4_bin");
  CHECK(TypeOf("GEOMETRYCOLLECTION", kMysql).name == "geomcollection");
  CHECK(TypeOf("GEOMETRYCOLLECTION", kMariaDb).name == "geometrycollection");
  CHECK(TypeOf(R"(ENUM('a\'))", {.no_backslash_escapes = true}).labels ==
        std::vector<std::string>{"a\\"});
  CHECK(Printed("CREATE TABLE [d].[a]]b] (x INT)", {.is_mariadb = true, .mssql = true}) ==
        "CREATE TABLE `d`.`a]b` (`x` int)");
  CHECK(Printed(R"(CREATE TABLE "t" ("a""b" ENUM('x')))", {.ansi_quotes = true}) ==
        "CREATE TABLE `t` (`a\"b` enum('x'))");
}

TEST_CASE("indexes") {
  Check({
      {"CREATE TABLE t (a INT, PRIMARY KEY (a), UNIQUE (a, b), UNIQUE KEY u USING BTREE (a DESC) "
       "COMMENT "
       "'x', KEY (b(10)) KEY_BLOCK_SIZE=1, INDEX i (a ASC, (b + 1)) INVISIBLE, FULLTEXT KEY f (c) "
       "WITH "
       "PARSER ngram, SPATIAL INDEX (p))",
       "CREATE TABLE `t` (`a` int, PRIMARY KEY (`a`), UNIQUE KEY (`a`, `b`), UNIQUE KEY `u` (`a`), "
       "KEY "
       "(`b`(10)), KEY `i` (`a`, (1)), KEY `f` (`c`), KEY (`p`))"},
      {"CREATE TABLE t (a INT, CONSTRAINT c PRIMARY KEY p (a), CONSTRAINT c UNIQUE (a), CONSTRAINT "
       "c "
       "UNIQUE KEY u (a))",
       "CREATE TABLE `t` (`a` int, PRIMARY KEY (`a`), UNIQUE KEY `c` (`a`), UNIQUE KEY `u` (`a`))"},
      {"CREATE UNIQUE INDEX i USING HASH ON d.t (a, b(3)) COMMENT 'x' ALGORITHM=INPLACE LOCK = "
       "NONE",
       "CREATE UNIQUE INDEX `i` ON `d`.`t` (`a`, `b`(3)) USING HASH"},
      {"CREATE UNIQUE INDEX i ON t (a) USING HASH",
       "CREATE UNIQUE INDEX `i` ON `t` (`a`) USING HASH"},
      {"CREATE TABLE t (a INT, UNIQUE (a) USING hash, UNIQUE b TYPE HASH (b))",
       "CREATE TABLE `t` (`a` int, UNIQUE KEY (`a`) USING HASH, UNIQUE KEY `b` (`b`) USING HASH)"},
      {"CREATE OR REPLACE FULLTEXT INDEX IF NOT EXISTS i ON t (a) WAIT 5",
       "CREATE OR REPLACE INDEX IF NOT EXISTS `i` ON `t` (`a`)"},
      {"DROP INDEX IF EXISTS i ON d.t NOWAIT ALGORITHM COPY", "DROP INDEX `i` ON `d`.`t`"},
      {"DROP INDEX `PRIMARY` ON t", "DROP INDEX `PRIMARY` ON `t`"},
  });
}

TEST_CASE("ALTER TABLE: columns") {
  Check({
      {"ALTER TABLE t", "ALTER TABLE `t` "},
      {"ALTER ONLINE IGNORE TABLE IF EXISTS d.t WAIT 3 ADD a INT FIRST, ADD COLUMN IF NOT EXISTS b "
       "INT NOT "
       "NULL AFTER `a`, ADD (c INT, d INT, KEY (c))",
       "ALTER TABLE IF EXISTS `d`.`t` ADD COLUMN `a` int FIRST, ADD COLUMN IF NOT EXISTS `b` int "
       "NOT NULL "
       "AFTER `a`, ADD COLUMN `c` int, ADD COLUMN `d` int, ADD KEY (`c`)"},
      {"ALTER TABLE t CHANGE a b INT UNSIGNED AFTER c, CHANGE COLUMN IF EXISTS x x TEXT, MODIFY y "
       "INT "
       "FIRST, MODIFY COLUMN IF EXISTS z INT",
       "ALTER TABLE `t` CHANGE COLUMN `a` `b` int UNSIGNED AFTER `c`, CHANGE COLUMN IF EXISTS `x` "
       "`x` text, "
       "CHANGE COLUMN `y` `y` int FIRST, CHANGE COLUMN IF EXISTS `z` `z` int"},
      {"ALTER TABLE t DROP a, DROP COLUMN b RESTRICT, DROP IF EXISTS c, RENAME COLUMN d TO e, DROP "
       "system",
       "ALTER TABLE `t` DROP COLUMN `a`, DROP COLUMN `b`, DROP COLUMN IF EXISTS `c`, RENAME COLUMN "
       "`d` TO "
       "`e`, DROP COLUMN `system`"},
      {"ALTER TABLE t ALTER a SET DEFAULT 5, ALTER COLUMN b DROP DEFAULT, ALTER c SET INVISIBLE, "
       "ALTER d "
       "SET DEFAULT (1 + 1)",
       "ALTER TABLE `t` "},
  });
}

TEST_CASE("ALTER TABLE: indexes, names, character sets") {
  Check({
      {"ALTER TABLE t ADD INDEX (a), ADD UNIQUE u (b), ADD PRIMARY KEY (c), ADD CONSTRAINT k "
       "UNIQUE (d), "
       "ADD KEY IF NOT EXISTS i (e)",
       "ALTER TABLE `t` ADD KEY (`a`), ADD UNIQUE KEY `u` (`b`), ADD PRIMARY KEY (`c`), ADD UNIQUE "
       "KEY `k` "
       "(`d`), ADD KEY IF NOT EXISTS `i` (`e`)"},
      {"ALTER TABLE t DROP PRIMARY KEY, DROP INDEX a, DROP KEY IF EXISTS b, DROP CONSTRAINT c, "
       "RENAME "
       "INDEX d TO e, DROP FOREIGN KEY f, DROP CHECK g, ALTER INDEX h INVISIBLE, ALTER CHECK i NOT "
       "ENFORCED",
       "ALTER TABLE `t` DROP PRIMARY KEY, DROP INDEX `a`, DROP INDEX `b`, DROP INDEX `c`, RENAME "
       "INDEX `d` "
       "TO `e`"},
      {"ALTER TABLE t RENAME u, RENAME TO d.u, RENAME AS `v`, RENAME = w",
       "ALTER TABLE `t` RENAME TO `u`, RENAME TO `d`.`u`, RENAME TO `v`, RENAME TO `w`"},
      {"ALTER TABLE t ADD a TEXT, CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin",
       "ALTER TABLE `t` CONVERT TO CHARACTER SET `latin1` COLLATE `latin1_bin`, ADD COLUMN `a` "
       "text"},
      {"ALTER TABLE t ENGINE=InnoDB DEFAULT CHARSET utf8, COLLATE=utf8_bin",
       "ALTER TABLE `t` DEFAULT CHARACTER SET `utf8` COLLATE `utf8_bin`"},
      {"ALTER TABLE t COLLATE utf8_bin", "ALTER TABLE `t` DEFAULT COLLATE `utf8_bin`"},
      {"ALTER TABLE t FORCE, ALGORITHM=INSTANT, LOCK=NONE, ORDER BY a, b DESC, DISABLE KEYS, "
       "COMMENT 'x', "
       "WITHOUT VALIDATION, SECONDARY_LOAD, ADD CHECK (1), ADD FOREIGN KEY (a) REFERENCES u (a)",
       "ALTER TABLE `t` "},
      {"ALTER TABLE t ADD SYSTEM VERSIONING, ADD PERIOD FOR SYSTEM_TIME (s, e), DROP SYSTEM "
       "VERSIONING, "
       "DROP PERIOD FOR p",
       "ALTER TABLE `t` ADD SYSTEM VERSIONING, ADD PERIOD FOR SYSTEM_TIME (`s`, `e`), DROP SYSTEM "
       "VERSIONING"},
  });
}

TEST_CASE("ALTER TABLE: partitions") {
  Check({
      {"ALTER TABLE t DROP PARTITION p0, p1", "ALTER TABLE `t` DROP PARTITION `p0`, `p1`"},
      {"ALTER TABLE t TRUNCATE PARTITION ALL", "ALTER TABLE `t` TRUNCATE PARTITION ALL"},
      {"ALTER TABLE t TRUNCATE PARTITION p", "ALTER TABLE `t` TRUNCATE PARTITION `p`"},
      {"ALTER TABLE t EXCHANGE PARTITION p WITH TABLE d.u WITHOUT VALIDATION",
       "ALTER TABLE `t` EXCHANGE PARTITION `p` WITH TABLE `d`.`u`"},
      {"ALTER TABLE t CONVERT PARTITION p TO TABLE u",
       "ALTER TABLE `t` CONVERT PARTITION `p` TO TABLE `u`"},
      {"ALTER TABLE t CONVERT TABLE u TO PARTITION p VALUES LESS THAN (5)",
       "ALTER TABLE `t` CONVERT TABLE `u` TO PARTITION `p`"},
      {"ALTER TABLE t DISCARD TABLESPACE", "ALTER TABLE `t` DISCARD TABLESPACE"},
      {"ALTER TABLE t IMPORT PARTITION p, q TABLESPACE",
       "ALTER TABLE `t` IMPORT PARTITION `p`, `q` TABLESPACE"},
      {"ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (10))", "ALTER TABLE `t` "},
      {"ALTER TABLE t ADD PARTITION IF NOT EXISTS PARTITIONS 2", "ALTER TABLE `t` "},
      {"ALTER TABLE t REORGANIZE PARTITION a, b INTO (PARTITION c VALUES LESS THAN (1))",
       "ALTER TABLE `t` "},
      {"ALTER TABLE t COALESCE PARTITION 2", "ALTER TABLE `t` "},
      {"ALTER TABLE t REBUILD PARTITION ALL", "ALTER TABLE `t` "},
      {"ALTER TABLE t REMOVE PARTITIONING", "ALTER TABLE `t` "},
      {"ALTER TABLE t ADD a INT PARTITION BY HASH (a) PARTITIONS 4",
       "ALTER TABLE `t` ADD COLUMN `a` int"},
      {"ALTER TABLE t PARTITION BY KEY ()", "ALTER TABLE `t` "},
  });
}

TEST_CASE("other definitions") {
  Check({
      {"DROP TABLE IF EXISTS a, d.b CASCADE", "DROP TABLE `a`, `d`.`b`"},
      {"DROP TABLE `t` /* generated by server */", "DROP TABLE `t`"},
      {"DROP TEMPORARY TABLES t WAIT 1", "DROP TEMPORARY TABLE `t`"},
      {"RENAME TABLE a TO b, c.d TO e.f", "RENAME TABLE `a` TO `b`, `c`.`d` TO `e`.`f`"},
      {"RENAME TABLES IF EXISTS a WAIT 5 TO b, c NOWAIT TO d",
       "RENAME TABLE `a` TO `b`, `c` TO `d`"},
      {"TRUNCATE d.t", "TRUNCATE TABLE `d`.`t`"},
      {"TRUNCATE TABLE t NOWAIT", "TRUNCATE TABLE `t`"},
      {"CREATE DATABASE d", "CREATE DATABASE `d`"},
      {"CREATE OR REPLACE SCHEMA IF NOT EXISTS d DEFAULT CHARACTER SET = LATIN1 COLLATE latin1_bin "
       "COMMENT 'x'",
       "CREATE OR REPLACE DATABASE IF NOT EXISTS `d` CHARACTER SET `latin1` COLLATE `latin1_bin`"},
      {"ALTER DATABASE CHARACTER SET utf8", "ALTER DATABASE  CHARACTER SET `utf8`"},
      {"ALTER SCHEMA d READ ONLY = 1", "ALTER DATABASE `d` COMMENT ''"},
      {"DROP DATABASE IF EXISTS d", "DROP DATABASE `d`"},
      {"CREATE SEQUENCE s START WITH 1 INCREMENT BY 1 MINVALUE = -5 NOCACHE CYCLE ENGINE=InnoDB",
       "CREATE SEQUENCE `s`"},
      {"CREATE OR REPLACE TEMPORARY SEQUENCE IF NOT EXISTS d.s",
       "CREATE OR REPLACE TEMPORARY SEQUENCE IF NOT EXISTS `d`.`s`"},
      {"DROP SEQUENCE IF EXISTS a, b", "DROP SEQUENCE `a`, `b`"},
  });
}

TEST_CASE("statements that write rows") {
  Check({
      {"INSERT INTO t (a, b) VALUES (1, NOW()), (2, UUID())", "UPDATE `t` SET `c` = 1"},
      {"insert delayed ignore d.t set a = 1", "UPDATE `d`.`t` SET `c` = 1"},
      {"INSERT t VALUES (1) AS n (x) ON DUPLICATE KEY UPDATE a = VALUES(a)",
       "UPDATE `t` SET `c` = 1"},
      {"REPLACE INTO d.c (db, n) SELECT 'x', COUNT(*) FROM y.t WHERE (a) IN (1)",
       "UPDATE `d`.`c` SET `c` = 1"},
      {"INSERT INTO t VALUES (my_function(1))", "UPDATE `t` SET `c` = `f`()"},
      {"INSERT INTO t SELECT d.now()", "UPDATE `t` SET `c` = `f`()"},
      {"UPDATE t SET a = 1 WHERE b = 2", "UPDATE `t` SET `c` = 1"},
      {"UPDATE LOW_PRIORITY t AS x SET x.a = (SELECT MAX(b) FROM u), b := 2 ORDER BY a LIMIT 1",
       "UPDATE `t` SET `c` = 1"},
      {"UPDATE t1 a JOIN d.t2 b ON a.id = b.id SET b.x = a.y", "UPDATE `d`.`t2` SET `c` = 1"},
      {"UPDATE t1, t2 SET t1.a = 1, t2.b = 2", "UPDATE `t1`, `t2` SET `c` = 1"},
      {"UPDATE t1 LEFT JOIN (t2 CROSS JOIN t3) USING (id) SET x = 1",
       "UPDATE `t1`, `t2`, `t3` SET `c` = 1"},
      {"UPDATE t1 NATURAL JOIN (SELECT 1 AS a) AS s SET t1.b = s.a", "UPDATE `t1` SET `c` = 1"},
      {"UPDATE d.t1, t2 PARTITION (p) SET d.t1.a = LEFT('abc', 1)", "UPDATE `d`.`t1` SET `c` = 1"},
      {"WITH x AS (SELECT 1) UPDATE t SET a = 1", "UPDATE `t` SET `c` = 1"},
      {"DELETE FROM d.t WHERE a IN (1, 2)", "UPDATE `d`.`t` SET `c` = 1"},
      {"DELETE QUICK FROM t", "UPDATE `t` SET `c` = 1"},
      {"DELETE a, d.c.* FROM t1 AS a INNER JOIN d.c WHERE 1", "UPDATE `t1`, `d`.`c` SET `c` = 1"},
      {"DELETE FROM a.*, t2 USING t1 a, t2, t3 WHERE 1", "UPDATE `t1`, `t2` SET `c` = 1"},
      {"DELETE HISTORY FROM t BEFORE SYSTEM_TIME '2000-01-01'", "UPDATE `t` SET `c` = 1"},
      {"LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE d.t FIELDS TERMINATED BY ',' (a, @b) SET c = "
       "HEX(@b)",
       "UPDATE `d`.`t` SET `c` = 1"},
      {"LOAD XML INFILE 'x' INTO TABLE t", "UPDATE `t` SET `c` = 1"},
      {"CALL p(1)", "DO `f`()"},
      {"SELECT f(1)", "DO `f`()"},
      {"WITH x AS (SELECT f()) SELECT 1", "DO `f`()"},
      {"DO f()", "DO `f`()"},
      {"SET @a = d.f()", "DO `f`()"},
      {"UPDATE t FOR PORTION OF p FROM '2000-01-01' TO (NOW()) SET a = 1",
       "UPDATE `t` SET `c` = 1"},
      {"DELETE FROM d.t FOR PORTION OF p FROM '2000-01-01' TO NOW()", "UPDATE `d`.`t` SET `c` = 1"},
      {"UPDATE t1 x STRAIGHT_JOIN JSON_TABLE('[]', '$[*]' COLUMNS (a INT PATH '$')) AS j ON x.a = "
       "j.a SET x.b = 1",
       "UPDATE `t1` SET `c` = 1"},
      {"UPDATE {OJ t1 LEFT JOIN t2 ON t1.a = t2.a} SET t2.b = 1", "UPDATE `t2` SET `c` = 1"},
      {"VALUES (f())", "DO `f`()"},
      {"ANALYZE FORMAT=JSON DELETE FROM t", "UPDATE `t` SET `c` = 1"},
  });
}

TEST_CASE("statements of no interest") {
  for (const char* text :
       {"SELECT COUNT(*), NOW() FROM t",
        "DO SLEEP(1)",
        "SET @a = 1, sql_mode = ''",
        "BEGIN",
        "COMMIT",
        "START TRANSACTION",
        "ROLLBACK TO s",
        "SAVEPOINT `s`",
        "RELEASE SAVEPOINT s",
        "XA PREPARE 'x'",
        "CREATE VIEW v AS SELECT 1",
        "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`u`@`%` SQL SECURITY "
        "INVOKER VIEW view AS SELECT 1",
        "CREATE DEFINER=CURRENT_USER() TRIGGER t BEFORE INSERT ON u FOR "
        "EACH ROW SET @a = 1",
        "CREATE DEFINER='u' @ 'h' PROCEDURE p() BEGIN INSERT INTO t VALUES (1); END",
        "CREATE AGGREGATE FUNCTION f RETURNS INTEGER SONAME 'x'",
        "CREATE FUNCTION f() RETURNS INT RETURN 1",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
        "CREATE USER u@h IDENTIFIED BY 'x'",
        "CREATE ROLE r",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (USER 'x')",
        "CREATE UNDO TABLESPACE t ADD DATAFILE 'x'",
        "CREATE LOGFILE GROUP g ADD UNDOFILE 'x'",
        "CREATE SPATIAL REFERENCE SYSTEM 1 NAME 'x'",
        "CREATE RESOURCE GROUP g TYPE = USER",
        "CREATE OR REPLACE PACKAGE BODY p AS END",
        "ALTER VIEW v AS SELECT 1",
        "ALTER EVENT e DISABLE",
        "ALTER USER u IDENTIFIED BY 'x'",
        "ALTER SEQUENCE s RESTART 5",
        "ALTER TABLESPACE t RENAME TO u",
        "ALTER INSTANCE ROTATE INNODB MASTER KEY",
        "ALTER DATABASE d UPGRADE DATA DIRECTORY NAME",
        "DROP VIEW IF EXISTS v",
        "DROP TRIGGER t",
        "DROP USER u",
        "DROP PROCEDURE p",
        "DROP UNDO TABLESPACE t",
        "RENAME USER a TO b",
        "GRANT ALL ON *.* TO u@`%`",
        "REVOKE ALL ON d.* FROM u",
        "ANALYZE TABLE t",
        "ANALYZE NO_WRITE_TO_BINLOG TABLE t",
        "OPTIMIZE LOCAL TABLE t",
        "REPAIR TABLE t",
        "CHECK TABLE t",
        "FLUSH TABLES",
        "LOCK TABLES t WRITE",
        "UNLOCK TABLES",
        "INSTALL PLUGIN p SONAME 'x'",
        "USE d",
        "LOAD INDEX INTO CACHE t",
        "DROP PREPARE s",
        "ANALYZE TABLE t PERSISTENT FOR COLUMNS (a) INDEXES (b)",
        "ANALYZE TABLE t UPDATE HISTOGRAM ON a",
        "ANALYZE SELECT 1",
        "TABLE t",
        "VALUES ROW(1, NOW())",
        "(SELECT 1) UNION (SELECT CAST(a AS DECIMAL(5, 2)) FROM t USE INDEX (i) JOIN u USING (b))",
        "/* nothing */ COMMIT # done"}) {
    Check({{text, "COMMIT"}});
  }
}

TEST_CASE("comments and what of them is executed") {
  Check({
      {"CREATE /* a */ TABLE # b\n t -- c\n (a INT) --", "CREATE TABLE `t` (`a` int)"},
      {"CREATE TABLE t (a INT -- 'x\n, b INT /*! , c INT */)",
       "CREATE TABLE `t` (`a` int, `b` int, `c` int)"},
      {"CREATE TABLE t (a INT /*!50503 , b INT /* x */ */ /*!999999 , c INT /* y */ , d INT */)",
       "CREATE TABLE `t` (`a` int, `b` int)"},
      {"CREATE TABLE t (a INT/*!50100,b INT*/)", "CREATE TABLE `t` (`a` int, `b` int)"},
      {"CREATE TABLE t (a INT DEFAULT (5--1))", "CREATE TABLE `t` (`a` int)"},
      {"CREATE TABLE t (a ENUM('/*', '--', '#', '*/'))",
       "CREATE TABLE `t` (`a` enum('/*', '--', '#', '*/'))"},
  });
  const char* const of_mysql8 = "CREATE TABLE t (a INT /*!80000 , b INT */ /*M! , c INT */)";
  CHECK(Printed(of_mysql8, kMysql) == "CREATE TABLE `t` (`a` int, `b` int)");
  CHECK(Printed(of_mysql8, kMariaDb) == "CREATE TABLE `t` (`a` int, `c` int)");
  CHECK(Printed(of_mysql8, {.server_version = 50744}) == "CREATE TABLE `t` (`a` int)");
  const char* const of_mariadb =
      "CREATE TABLE t (a INT /*!100100 , b INT */ /*M!110000 , c INT */)";
  CHECK(Printed(of_mariadb, kMysql) == "CREATE TABLE `t` (`a` int)");
  CHECK(Printed(of_mariadb, kMariaDb) == "CREATE TABLE `t` (`a` int, `b` int)");
}

TEST_CASE("what is not understood is an error that says where") {
  const std::vector<Case> cases = {
      {"FROBNICATE t", "line 1, column 1: not understood at \"FROBNICATE t\""},
      {"", "line 1, column 1: not understood at its end"},
      {"CREATE TABLE t (a INT,\n größe FROB)",
       "line 2, column 8: the type FROB is not known at \"FROB)\""},
      {"CREATE TABLE t (a INT FROB)", "line 1, column 27: not understood at \")\""},
      {"CREATE TABLE t (a INT) FROB x", "line 1, column 29: not understood at \"x\""},
      {"ALTER TABLE t FROB a", "line 1, column 20: not understood at \"a\""},
      {"ALTER TABLE t ADD a INT b", "line 1, column 26: not understood at its end"},
      {"DROP TABLE t u", "line 1, column 14: not understood at \"u\""},
      {"CREATE FROB x", "line 1, column 8: not understood at \"FROB x\""},
      {"DROP TABLE t; DROP TABLE u", "line 1, column 15: not understood at \"DROP TABLE u\""},
      {"CREATE TABLE t (a ENUM('x", "line 1, column 24: this quote is not closed at \"'x\""},
      {"INSERT INTO t VALUES ('x", "line 1, column 23: this quote is not closed at \"'x\""},
      {"CREATE TABLE t (a INT /* x", "line 1, column 23: this comment is not closed at \"/* x\""},
      {"CREATE TABLE t (a INT /*! )",
       "line 1, column 28: the end of an executable comment is missing at its end"},
      {"CREATE TABLE t (a ENUM(_latin1'\xc3\xa9'))",
       "line 1, column 24: text in latin1 is understood in ASCII only at \"_latin1'\xc3\xa9'))\""},
      {"CREATE TABLE t (a ENUM(x'e4') CHARSET latin1)",
       "line 1, column 24: labels as bytes are understood in UTF-8 and ASCII only at \"x'e4') "
       "CHARSET latin1)\""},
      {"CREATE TABLE t (a ENUM(x'0041') CHARSET ucs2)",
       "line 1, column 24: labels as bytes are understood in UTF-8 and ASCII only at \"x'0041') "
       "CHARSET ucs2)\""},
      {"CREATE TABLE t (a ENUM(x'61'))",
       "line 1, column 24: labels as bytes need a character set in the definition of the column at "
       "\"x'61'))\""},
      {"CREATE TABLE t (a ENUM(x'4'))",
       "line 1, column 24: not a number of whole bytes at \"x'4'))\""},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(one.text));
    CHECK(Printed(one.text, kMysql) == "error: " + std::string(one.printed));
  }
}

TEST_CASE("parentheses are not nested without limit") {
  const std::string open(100'000, '(');
  const std::string close(100'000, ')');
  CHECK(
      Printed("CREATE TABLE t (a INT DEFAULT " + open + "1" + close + ")", kMysql).find("nested") !=
      std::string::npos);
  CHECK(Printed("UPDATE " + open + "t" + close + " SET a = 1", kMysql).find("nested") !=
        std::string::npos);
  CHECK(Printed("INSERT INTO t VALUES (" + open + "1" + close + ")", kMysql) ==
        "UPDATE `t` SET `c` = 1");
  std::string deep = "t";
  for (int i = 0; i < 190; ++i) deep = "(" + deep + ")";
  CHECK(Printed("UPDATE " + deep + " SET a = 1", kMysql) == "UPDATE `t` SET `c` = 1");
}
