// The query port and the metadata pages.
#include <doctest/doctest.h>

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

using Lines = std::vector<std::string>;

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_CASE("_schema") {
  Server server;
  const HttpAnswer answer = Http(server.fe(), "GET", "/api/db/t/_schema", {kRoot});
  CHECK(Contains(answer.body, R"("keysType":"UNIQUE_KEYS")"));
  CHECK(Contains(answer.body, R"({"name":"a","type":"VARCHAR","comment":"","aggregation_type":)"
                              R"("REPLACE"})"));
  CHECK(Http(server.fe(), "GET", "/api/db/no/_schema", {kRoot}).Number("code") == 1);
}

TEST_CASE("greeting and login") {
  Server server;
  CHECK(Contains(MysqlClient(server.query_port()).greeting(), "5.7.99"));
  CHECK(MysqlClient(server.query_port()).login_error() == "");
  CHECK(MysqlClient(server.query_port(), "admin").login_error() == "");
  CHECK(Contains(MysqlClient(server.query_port(), "root", std::string(20, 'x')).login_error(),
                 "Access denied for user 'root' (using password: YES)"));
  CHECK(Contains(MysqlClient(server.query_port(), "bob").login_error(), "Access denied"));
}

TEST_CASE("shapes of DESC, SHOW and information_schema") {
  Server server;
  MysqlClient client(server.query_port());
  client.Query("USE db");
  const QueryResult described = client.Query("DESC t");
  CHECK(described.columns == Lines{"Field", "Type", "Null", "Key", "Default", "Extra"});
  CHECK(described.rows == Lines{"k|int|No|true|NULL|", "a|varchar(10)|Yes|false|NULL|REPLACE",
                                "b|string|Yes|false|NULL|REPLACE"});
  CHECK(client.Query("SHOW TABLES").columns == Lines{"Tables_in_db"});
  CHECK(client.Query("show databases like 'd%'").rows == Lines{"db"});
  CHECK(client
            .Query("SELECT COLUMN_NAME, DATA_TYPE, COLUMN_KEY FROM information_schema.columns "
                   "WHERE TABLE_SCHEMA = 'db' AND table_name = \"t\" ORDER BY ORDINAL_POSITION")
            .rows == Lines{"k|int|UNI", "a|varchar|", "b|string|"});
  CHECK(client.Query("SELECT table_name FROM information_schema.tables WHERE table_schema='db'")
            .rows == Lines{"t"});
  server.Load("1\ta\tb\n", {"label: L", "two_phase_commit: true"});
  const QueryResult shown = client.Query("SHOW TRANSACTION WHERE LABEL = 'L'");
  CHECK(shown.columns[3] == "TransactionStatus");
  REQUIRE(shown.rows.size() == 1);
  CHECK(Contains(shown.rows[0], "|L|BE: 127.0.0.1|PRECOMMITTED|BACKEND_STREAMING|"));
  CHECK(client.Query("SHOW TRANSACTION FROM db WHERE id = 4711").rows.empty());
  CHECK(client.Query("SHOW STREAM LOAD").rows.size() == 1);
  CHECK(client.Query("ADMIN SHOW FRONTEND CONFIG LIKE 'stream_load_default_pre%'").rows ==
        Lines{"stream_load_default_precommit_timeout_second|3600|long|true|false|"});
  for (const char* sql : {"SHOW FRONTENDS", "SHOW BACKENDS", "SHOW VARIABLES LIKE 'version%'",
                          "SET autocommit = 1", "SHOW FULL COLUMNS FROM t FROM db"}) {
    CHECK(client.Query(sql).error == "");
  }
}

TEST_CASE("the text of SHOW CREATE TABLE creates the same table") {
  const std::string ddl =
      "CREATE TABLE IF NOT EXISTS db.t (`k` INT NOT NULL COMMENT \"the \\\"key\\\"\", d "
      "DATETIMEV2(3) "
      "DEFAULT CURRENT_TIMESTAMP, v DECIMALV3(12, 4) DEFAULT '-1.5', c CHAR(2)) ENGINE = olap "
      "UNIQUE KEY(k) COMMENT 'x' PARTITION BY RANGE(k) (PARTITION p1 VALUES LESS THAN ('10')) "
      "DISTRIBUTED BY HASH(k) BUCKETS AUTO PROPERTIES (\"replication_num\" = \"1\", "
      "\"light_schema_change\" = \"true\");";
  Server server(ddl);
  const std::string first = server.Rows("SHOW CREATE TABLE t")[0].substr(2);
  CHECK(Contains(first,
                 "CREATE TABLE `t` (\n  `k` int NOT NULL COMMENT \"the \\\"key\\\"\",\n"
                 "  `d` datetime(3) NULL DEFAULT CURRENT_TIMESTAMP,\n"
                 "  `v` decimal(12,4) NULL DEFAULT \"-1.5\",\n  `c` char(2) NULL\n"
                 ") ENGINE=OLAP\nUNIQUE KEY(`k`)\n"));
  server.Restart();
  CHECK(server.Rows("SHOW CREATE TABLE t")[0].substr(2) == first);
  server.Load("1\n", {"columns: k"});
  CHECK(server.Rows("SELECT v, d > '2020-01-01', LENGTH(d) FROM t") == Lines{"-1.5000|1|23"});
}

TEST_CASE("tables Doris would refuse") {
  Server server("");
  MysqlClient client(server.query_port());
  client.Query("USE db");
  const auto refused = [&](const std::string& columns, const std::string& rest) {
    return client
        .Query("CREATE TABLE x (" + columns + ") " + rest + " DISTRIBUTED BY HASH(a) BUCKETS 1")
        .error;
  };
  CHECK(Contains(refused("b INT, a INT", "UNIQUE KEY(a)"), "ordered prefix of the schema"));
  CHECK(Contains(refused("a DOUBLE, b INT", "UNIQUE KEY(a)"), "Float or double"));
  CHECK(Contains(refused("a STRING, b INT", "UNIQUE KEY(a)"), "String Type"));
  CHECK(Contains(refused("a STRING, b INT", ""), "String Type"));
  CHECK(Contains(refused("a INT, b INT", "UNIQUE KEY(c)"), "doesn't exist"));
  CHECK(Contains(refused("a INT, a INT", "UNIQUE KEY(a)"), "Duplicate column name"));
  CHECK(Contains(refused("a INT, b INT", "AGGREGATE KEY(a)"), "aggregation type"));
  CHECK(Contains(refused("a INT, b BITMAP", "UNIQUE KEY(a)"), "does not support type BITMAP"));
  CHECK(Contains(refused("a INT DEFAULT 'x'", "UNIQUE KEY(a)"), "Invalid default value"));
  CHECK(Contains(refused("a INT, b INT",
                         "UNIQUE KEY(a) "
                         "PROPERTIES('function_column.sequence_col' = 'b')"),
                 "sequence columns"));
  CHECK(client.Query("SHOW TABLES").rows.empty());
}

TEST_CASE("SELECT over names of databases and tables") {
  Server server;
  server.Load("1\ta\tb\n2\tc\td\n");
  MysqlClient client(server.query_port());
  CHECK(Contains(client.Query("SELECT * FROM t").error, "no such table"));
  CHECK(client.Query("SELECT COUNT(*) FROM db.t").columns == Lines{"COUNT(*)"});
  CHECK(client.Query("SELECT t.a FROM db.t WHERE db.t.k = '2'").rows == Lines{"c"});
  CHECK(client.Query("SELECT x.a, y.a FROM `db`.`t` x, db.t AS y WHERE x.k < y.k").rows ==
        Lines{"a|c"});
  CHECK(client.Query("SELECT a FROM (SELECT * FROM db.t ORDER BY k DESC LIMIT 1) s").rows ==
        Lines{"c"});
  CHECK(client.Query("WITH w AS (SELECT k FROM db.t) SELECT COUNT(*) FROM w").rows == Lines{"2"});
  CHECK(Contains(client.Query("SELECT * FROM db.no").error, "Table [no] does not exist"));
  CHECK(client.Query("SELECT DATABASE(), 'it''s', \"x\\ty\", CONCAT('a', 1), IF(1>2, 'y', 'n')")
            .rows == Lines{"NULL|it's|x\ty|a1|n"});
  CHECK(Contains(client.Query("SELECT @@version_comment LIMIT 1").rows[0], "Doris version "));
  CHECK(client.Query("SELECT 1 FROM dual").rows == Lines{"1"});
  CHECK(Contains(client.Query("FROBNICATE").error, "near 'FROBNICATE'"));
}

TEST_CASE("decimals are exact and compare as numbers") {
  Server server(
      "CREATE TABLE t (k DECIMAL(38,2) NOT NULL, l LARGEINT) UNIQUE KEY(k) "
      "DISTRIBUTED BY HASH(k) BUCKETS 1");
  server.Load("123456789012345678901234567890.12\t-1\n9\t100\n10.00\t99\n-2.5\t\\N\n");
  CHECK(server.Rows("SELECT k FROM t ORDER BY k") ==
        Lines{"-2.50", "9.00", "10.00", "123456789012345678901234567890.12"});
  CHECK(server.Rows("SELECT k FROM t WHERE k > 9.5 AND l < 100 ORDER BY l") ==
        Lines{"123456789012345678901234567890.12", "10.00"});
}

TEST_CASE("INSERT, DELETE, TRUNCATE, DROP") {
  Server server;
  MysqlClient client(server.query_port());
  client.Query("USE db");
  CHECK(client.Query("INSERT INTO t VALUES (1, 'a', NULL), (2, 'it\\'s', 'x')").affected == 2);
  CHECK(client.Query("INSERT INTO t (a, k) VALUES ('z', 1)").affected == 1);
  CHECK(client.Query("INSERT INTO t SELECT k + 10, a, b FROM t").affected == 2);
  CHECK(client.Query("SELECT * FROM t ORDER BY k").rows ==
        Lines{"1|z|NULL", "2|it's|x", "11|z|NULL", "12|it's|x"});
  CHECK(Contains(client.Query("INSERT INTO t VALUES ('x', 'a', 'b')").error, "filtered data"));
  CHECK(Contains(client.Query("INSERT INTO t (a) VALUES ('x')").error, "column=k"));
  CHECK(client.Query("DELETE FROM t WHERE k IN (1, 2, 99)").affected == 2);
  CHECK(client.Query("TRUNCATE TABLE t").error == "");
  CHECK(client.Query("SELECT COUNT(*) FROM t").rows == Lines{"0"});
  CHECK(client.Query("DROP TABLE t").error == "");
  CHECK(Contains(client.Query("DROP TABLE t").error, "Unknown table"));
  CHECK(client.Query("DROP DATABASE db").error == "");
  CHECK(client.Query("SHOW DATABASES LIKE 'db'").rows.empty());
}

TEST_CASE("large statements and large results") {
  Server server;
  MysqlClient client(server.query_port());
  client.Query("USE db");
  const std::string text(1'000'000, 'x');
  CHECK(client.Query("INSERT INTO t VALUES (1, 'a', '" + text + "')").affected == 1);
  CHECK(client.Query("SELECT b FROM t").rows == Lines{text});
}

}  // namespace
}  // namespace millrace::minidoris::testing
