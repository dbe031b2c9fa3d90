// What statements make of layouts. That servers make the same of them is proven by
// tests/e2e/catalog_suite.py.
#include "connectors/mysql/schema/table_catalog.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "connectors/mysql/ddl/parser.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr std::array kKinds = {"created", "unknown",   "altered", "dropped",
                               "renamed", "truncated", "rows"};

std::string Text(const ServerColumn& column) {
  return fmt::format("{} {}{}{}", column.name, column.TypeText(),
                     column.charset.empty() ? "" : " " + column.charset,
                     column.is_nullable ? "" : "!");
}

std::string Text(const TableIndex& index) {
  return fmt::format("{}{}{}({})", index.name, index.is_unique ? "!" : "",
                     index.is_hash      ? "#"
                     : index.has_prefix ? "~"
                                        : "",
                     Join(index.columns, ","));
}

// A catalog of the database d (latin1) and e (utf8mb4).
class Server final {
 public:
  explicit Server(bool is_mariadb = false) {
    context_.database = "d";
    context_.server_charset = "utf8mb4";
    context_.database_charset = "latin1";
    context_.is_mariadb = is_mariadb;
    catalog_.PutDatabase("d", "latin1");
    catalog_.PutDatabase("e", "utf8mb4");
  }

  // "altered d.t; dropped d.u", or the error.
  std::string Run(const std::string& text) {
    ddl::Dialect dialect;
    dialect.is_mariadb = context_.is_mariadb;
    dialect.server_version = context_.is_mariadb ? 101119 : 90700;
    const auto statement = ddl::Parse(text, dialect);
    REQUIRE_MESSAGE(statement.ok(), text << ": " << statement.status().message());
    const auto changes = catalog_.Apply(*statement, context_);
    if (!changes.ok()) return changes.status().message();
    std::vector<std::string> shown;
    for (const TableChange& change : *changes) {
      shown.push_back(fmt::format("{} {}.{}", kKinds[static_cast<size_t>(change.kind)],
                                  change.table.database, change.table.table));
      if (!change.from.table.empty()) shown.back() += " from " + change.from.table;
    }
    return Join(shown, "; ");
  }

  // "a int!, b varchar(3) latin1"
  std::string Columns(const std::string& table = "t", const std::string& database = "d") const {
    const auto layout = catalog_.Find({database, table});
    if (layout == nullptr) return "unknown";
    std::vector<std::string> shown;
    for (const ServerColumn& column : layout->columns) shown.push_back(Text(column));
    return Join(shown, ", ");
  }
  std::string Names(const std::string& table = "t") const {
    const auto layout = catalog_.Find({"d", table});
    if (layout == nullptr) return "unknown";
    std::vector<std::string> shown;
    for (const ServerColumn& column : layout->columns) shown.push_back(column.name);
    return Join(shown, " ");
  }
  // "PRIMARY!(a), k(b,c)"
  std::string Indexes(const std::string& table = "t") const {
    std::vector<std::string> shown;
    for (const TableIndex& index : catalog_.Find({"d", table})->indexes) {
      shown.push_back(Text(index));
    }
    return Join(shown, " ");
  }

  TableCatalog& catalog() { return catalog_; }
  StatementContext& context() { return context_; }

 private:
  TableCatalog catalog_;
  StatementContext context_;
};

// The columns after one statement.
std::string Created(const std::string& definitions, bool is_mariadb = false) {
  Server server(is_mariadb);
  CHECK(server.Run("CREATE TABLE t (" + definitions) == "created d.t");
  return server.Columns();
}

struct Altered {
  std::string names;
  std::string indexes;
};
Altered Alter(const std::string& definitions, const std::string& alterations,
              bool is_mariadb = false) {
  Server server(is_mariadb);
  CHECK(server.Run("CREATE TABLE t (" + definitions + ")") == "created d.t");
  CHECK(server.Run("ALTER TABLE t " + alterations) == "altered d.t");
  return {server.Names(), server.Indexes()};
}

}  // namespace

TEST_CASE("types with what the text leaves open") {
  CHECK(Created("a BOOL, b FLOAT(24), c FLOAT(25), d FLOAT(7,4), e YEAR, f DEC, g NUMERIC(5,2))") ==
        "a tinyint, b float, c double, d float, e year, f decimal(10,0), g decimal(5,2)");
  CHECK(
      Created("a BIT, b CHAR, c BINARY, d CHAR(0), e INT ZEROFILL, f DOUBLE PRECISION, g REAL)") ==
      "a bit(1), b char(1) latin1, c binary(1), d char(0) latin1, e int unsigned, f double, g "
      "double");
  CHECK(Created("a SERIAL, b NATIONAL VARCHAR(4), c CHAR(3) BYTE, d LONG VARCHAR, e VECTOR)") ==
        "a bigint unsigned!, b varchar(4) utf8mb3, c binary(3), d mediumtext latin1, e "
        "vector(2048)");
  CHECK(Created("a TIME(3), b DATETIME, c TIMESTAMP(6), d GEOMETRYCOLLECTION, e POINT NOT NULL)") ==
        "a time(3), b datetime, c timestamp(6), d geomcollection, e point!");
  CHECK(Created("a JSON, b ENUM('x ','y'), c SET('x'))") ==
        "a json, b enum('x','y') latin1, c set('x') latin1");
  CHECK(Created("a JSON)", true) == "a longtext utf8mb4");
}

TEST_CASE("a TEXT is as long as it must be") {
  CHECK(Created("a TEXT(255), b TEXT(256), c BLOB(65536), d TEXT(16777216), e TEXT)") ==
        "a tinytext latin1, b text latin1, c mediumblob, d longtext latin1, e text latin1");
  CHECK(Created("a TEXT(63), b TEXT(64), c TEXT(16383), d TEXT(16384)) CHARSET utf8mb4") ==
        "a tinytext utf8mb4, b text utf8mb4, c text utf8mb4, d mediumtext utf8mb4");
  CHECK(Created("a TEXT(0))") == "a tinytext latin1");
  CHECK(Created("a TEXT(0))", true) == "a text latin1");
  CHECK(Created("a VARCHAR(70000), b VARBINARY(70000), c VARCHAR(65533))") ==
        "a mediumtext latin1, b mediumblob, c varchar(65533) latin1");
  CHECK(Created("a VARCHAR(30000) CHARSET utf8mb4)") == "a mediumtext utf8mb4");
}

TEST_CASE("where the character set of a column comes from") {
  CHECK(Created("a CHAR(3), b CHAR(3) CHARSET utf8, c CHAR(3) COLLATE latin2_general_ci)") ==
        "a char(3) latin1, b char(3) utf8mb3, c char(3) latin2");
  CHECK(Created("a CHAR(3), b TEXT ASCII, c TEXT UNICODE) COLLATE utf8mb3_bin") ==
        "a char(3) utf8mb3, b text latin1, c text ucs2");
  CHECK(Created("a CHAR(3), b VARCHAR(3), c TEXT, d ENUM('x')) CHARSET binary") ==
        "a binary(3), b varbinary(3), c blob, d enum('x')");
  CHECK(Created("a VARCHAR(3) COLLATE binary)") == "a varbinary(3)");
  CHECK(Created("a CHAR(3)) CHARSET DEFAULT", true) == "a char(3) latin1");
  CHECK(Created("a CHAR(3)) COLLATE uca1400_ai_ci", true) == "a char(3) latin1");
  Server server;
  CHECK(server.Run("CREATE TABLE e.t (a CHAR(3))") == "created e.t");
  CHECK(server.Columns("t", "e") == "a char(3) utf8mb4");
  CHECK(server.Run("CREATE TABLE unknown.t (a CHAR(3))") == "created unknown.t");
  CHECK(server.Columns("t", "unknown") == "a char(3) latin1");
}

TEST_CASE("what may be NULL") {
  CHECK(Created("a INT PRIMARY KEY, b INT NOT NULL, c TIMESTAMP)") ==
        "a int!, b int!, c timestamp");
  CHECK(Created("a INT, b INT, c INT, PRIMARY KEY (b, A))") == "a int!, b int!, c int");
  Server server;
  server.context().timestamps_may_be_null = false;
  server.Run("CREATE TABLE t (a TIMESTAMP, b TIMESTAMP NULL, c DATETIME)");
  CHECK(server.Columns() == "a timestamp!, b timestamp, c datetime");
}

TEST_CASE("character sets of tables that change") {
  Server server;
  server.Run(
      "CREATE TABLE t (a CHAR(3), b TEXT, c TINYTEXT, d VARCHAR(20000), e BLOB, f ENUM('x'))");
  CHECK(server.Run("ALTER TABLE t ADD g CHAR(3), CHARSET latin2, ADD h CHAR(3)") == "altered d.t");
  CHECK(server.Columns() ==
        "a char(3) latin1, b text latin1, c tinytext latin1, d varchar(20000) latin1, e blob, f "
        "enum('x') latin1, g char(3) latin2, h char(3) latin2");
  CHECK(server.Run("ALTER TABLE t CONVERT TO CHARSET utf8mb4, MODIFY g TEXT, ADD i TEXT CHARSET "
                   "latin1, DROP h") == "altered d.t");
  CHECK(server.Columns() ==
        "a char(3) utf8mb4, b mediumtext utf8mb4, c text utf8mb4, d mediumtext utf8mb4, e blob, f "
        "enum('x') utf8mb4, g text utf8mb4, i text utf8mb4");
  server.Run("ALTER TABLE t CONVERT TO CHARSET binary");
  CHECK(server.Columns() ==
        "a binary(3), b mediumblob, c blob, d mediumblob, e blob, f enum('x'), "
        "g blob, i blob");
  server.Run("ALTER TABLE t ADD j CHAR(2)");
  CHECK(server.catalog().Find({"d", "t"})->columns.back().type == ColumnType::kBinary);
  server.Run("CREATE TABLE e.u (a CHAR(3) CHARSET latin2)");
  server.Run("ALTER TABLE e.u CONVERT TO CHARSET DEFAULT");  // of the session
  CHECK(server.Columns("u", "e") == "a char(3) latin1");
  Server mariadb(true);
  mariadb.Run("CREATE TABLE e.u (a CHAR(3) CHARSET latin2)");
  mariadb.Run("ALTER TABLE e.u CONVERT TO CHARSET DEFAULT");  // of the database of the table
  CHECK(mariadb.Columns("u", "e") == "a char(3) utf8mb4");
}

TEST_CASE("where columns come to stand") {
  constexpr const char* kAbcd = "a INT, b INT, c INT, d INT";
  const auto names = [&](const std::string& alterations) {
    return Alter(kAbcd, alterations).names;
  };
  CHECK(names("ADD z INT") == "a b c d z");
  CHECK(names("ADD z INT FIRST, ADD y INT AFTER z, MODIFY d INT AFTER y, DROP b") == "z y d a c");
  CHECK(names("ADD z INT AFTER a, ADD y INT AFTER a") == "a y z b c d");
  CHECK(names("ADD e INT FIRST, ADD f INT FIRST, MODIFY d INT FIRST") == "d f e a b c");
  CHECK(names("MODIFY a INT AFTER d, MODIFY b INT AFTER a, MODIFY c INT FIRST") == "c d a b");
  CHECK(names("MODIFY b INT AFTER a, MODIFY a INT AFTER d") == "b c d a");
  CHECK(names("ADD q INT AFTER b, MODIFY b INT FIRST") == "b a q c d");
  CHECK(names("CHANGE a x INT, ADD q INT AFTER x") == "x q b c d");
  CHECK(names("RENAME COLUMN a TO x, ADD q INT AFTER x") == "x q b c d");
  CHECK(names("DROP a, ADD a BIGINT") == "b c d a");
  CHECK(names("CHANGE a b INT, CHANGE b a BIGINT") == "b a c d");
  CHECK(names("RENAME COLUMN a TO b, RENAME COLUMN b TO c, RENAME COLUMN c TO a") == "b c a d");
  CHECK(names("ADD b2 INT FIRST, CHANGE b b3 INT AFTER d") == "b2 a c d b3");
  CHECK(names("ADD COLUMN (y INT, z INT), DROP d") == "a b c y z");
  CHECK(names("MODIFY B BIGINT") == "a B c d");
}

TEST_CASE("a definition replaces all of a column") {
  Server server;
  server.Run("CREATE TABLE t (a INT UNSIGNED NOT NULL, b ENUM('x','y') CHARSET utf8mb4)");
  server.Run("ALTER TABLE t MODIFY a DECIMAL(5,1), CHANGE b c SET('z')");
  CHECK(server.Columns() == "a decimal(5,1), c set('z') latin1");
  CHECK(server.Run("ALTER TABLE t ENGINE = InnoDB, COMMENT 'x', ALTER a SET DEFAULT 1") == "");
  CHECK(server.Run("ALTER TABLE t MODIFY a DECIMAL(5,1)") == "");
}

TEST_CASE("MariaDB's IF EXISTS in clauses") {
  const auto names = [](const std::string& alterations) {
    return Alter("a INT, b INT, c INT, UNIQUE (c)", "DROP b, " + alterations, true).names;
  };
  CHECK(names("ADD IF NOT EXISTS a INT, ADD IF NOT EXISTS b INT") == "a c");  // it was there
  CHECK(names("ADD IF NOT EXISTS z INT, ADD IF NOT EXISTS z BIGINT") == "a c z");
  CHECK(names("DROP IF EXISTS x, MODIFY IF EXISTS x INT, CHANGE IF EXISTS x y INT") == "a c");
  CHECK(names("ADD z INT, MODIFY z BIGINT FIRST") == "z a c");  // of the same statement
  CHECK(Alter("a INT PRIMARY KEY, b INT, c INT, UNIQUE u (c)",
              "ADD INDEX IF NOT EXISTS u (a), ADD PRIMARY KEY IF NOT EXISTS (b), DROP b", true)
            .indexes == "PRIMARY!(a) u!(c)");
}

TEST_CASE("how indexes are called") {
  Server server;
  server.Run(
      "CREATE TABLE t (A INT, b INT, c INT, d INT UNIQUE, KEY (a), KEY (a, b), UNIQUE (a), "
      "UNIQUE KEY u (b, c), CONSTRAINT k UNIQUE (c), CONSTRAINT k2 UNIQUE INDEX i2 (d), "
      "PRIMARY KEY p (a))");
  CHECK(server.Indexes() == "A(A) A_2(A,b) A_3!(A) PRIMARY!(A) d!(d) i2!(d) k!(c) u!(b,c)");
  server.Run(
      "CREATE TABLE u (a INT, `PRIMARY` INT, UNIQUE (`PRIMARY`), KEY ((a + 1)), UNIQUE ((a * "
      "2), a))");
  CHECK(server.Indexes("u") == "PRIMARY_2!(PRIMARY) functional_index() functional_index_2!~(,a)");
  CHECK(
      Alter("a INT, KEY x (a)", "ADD c INT UNIQUE, ADD UNIQUE (a), RENAME INDEX x TO y").indexes ==
      "a!(a) c!(c) y(a)");
}

TEST_CASE("indexes follow their columns") {
  CHECK(Alter("a INT, b INT, c INT, KEY k (a, b, c)", "DROP b, CHANGE a b INT, CHANGE c a INT")
            .indexes == "k(b,a)");
  CHECK(Alter("a INT, b INT, c INT, KEY k1 (a, b), UNIQUE k2 (b), PRIMARY KEY (a, c)", "DROP b")
            .indexes == "PRIMARY!(a,c) k1(a)");
  CHECK(Alter("a INT, b INT, KEY (a), UNIQUE u (b, a)", "DROP a, ADD a BIGINT FIRST").indexes ==
        "a(a) u!(b,a)");
  CHECK(Alter("a INT, b INT, UNIQUE u (b)", "CHANGE b x INT, ADD b INT").indexes == "u!(x)");
  CHECK(Alter("a INT, b INT, UNIQUE u (b)", "RENAME COLUMN b TO x, ADD b INT FIRST").indexes ==
        "u!(b)");
  CHECK(Alter("a INT PRIMARY KEY, b INT", "DROP PRIMARY KEY, ADD PRIMARY KEY (B)").indexes ==
        "PRIMARY!(b)");
  CHECK(Alter("a INT, b INT, CONSTRAINT c CHECK (a > b), UNIQUE u (b)",
              "DROP CONSTRAINT c, DROP CONSTRAINT u", true)
            .indexes == "");
}

TEST_CASE("the fronts of columns are no keys, whole ones are") {
  Server server;
  server.Run(
      "CREATE TABLE t (a VARCHAR(20), b TEXT, UNIQUE (a(20)), UNIQUE x (a(10)), KEY y "
      "(b(5)), UNIQUE z (b(9)))");
  CHECK(server.Indexes() == "a!(a) x!~(a) y(b) z!~(b)");
}

TEST_CASE("CREATE INDEX and DROP INDEX") {
  Server server;
  server.Run("CREATE TABLE t (a INT NOT NULL, b INT)");
  CHECK(server.Run("CREATE UNIQUE INDEX u ON t (a)") == "altered d.t");
  CHECK(server.catalog().Find({"d", "t"})->Key() == std::vector<uint32_t>{0});
  CHECK(server.Run("CREATE OR REPLACE INDEX u ON t (b)") == "altered d.t");
  CHECK(server.Run("CREATE INDEX IF NOT EXISTS u ON t (a, b)") == "");
  CHECK(server.Indexes() == "u(b)");
  CHECK(server.Run("DROP INDEX u ON t") == "altered d.t");
  CHECK(server.Run("DROP INDEX u ON t") == "");
}

TEST_CASE("MariaDB's hidden columns: of versioned tables") {
  Server server(true);
  server.Run("CREATE TABLE t (id INT PRIMARY KEY, x INT) WITH SYSTEM VERSIONING");
  CHECK(server.Names() == "id x row_start row_end");
  CHECK(server.catalog().Find({"d", "t"})->row_end == 3);
  server.Run("ALTER TABLE t ADD z INT");
  CHECK(server.Columns() ==
        "id int!, x int, z int, row_start timestamp(6)!, row_end timestamp(6)!");
  server.Run("ALTER TABLE t DROP SYSTEM VERSIONING");
  CHECK(server.Names() == "id x z");
  CHECK_FALSE(server.catalog().Find({"d", "t"})->row_end.has_value());
  server.Run("ALTER TABLE t ADD SYSTEM VERSIONING, ADD y INT, MODIFY x INT AFTER y");
  CHECK(server.Names() == "id z y x row_start row_end");
  server.Run("CREATE TABLE u (x INT WITH SYSTEM VERSIONING, y INT)");
  CHECK(server.Names("u") == "x y row_start row_end");
}

TEST_CASE("MariaDB's periods that a table names itself") {
  Server server(true);
  server.Run(
      "CREATE TABLE t (id INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) "
      "GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e), UNIQUE (id, e)) WITH SYSTEM "
      "VERSIONING");
  CHECK(server.Columns() == "id int, s timestamp(6)!, e timestamp(6)!");
  CHECK(server.Indexes() == "id!(id)");
  server.Run("ALTER TABLE t ADD z INT FIRST");
  CHECK(server.Names() == "z id s e");
  CHECK(server.catalog().Find({"d", "t"})->row_end == 3);
  server.Run("ALTER TABLE t DROP COLUMN s, DROP COLUMN e");
  CHECK(server.Names() == "z id row_start row_end");
  server.Run("ALTER TABLE t DROP SYSTEM VERSIONING");
  server.Run(
      "ALTER TABLE t ADD s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, ADD e TIMESTAMP(6) "
      "GENERATED ALWAYS AS ROW END FIRST, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM "
      "VERSIONING");
  CHECK(server.Names() == "e z id s");
  CHECK(server.catalog().Find({"d", "t"})->row_end == 0);
}

TEST_CASE("MariaDB's hidden columns: of long unique keys") {
  Server server(true);
  server.Run(
      "CREATE TABLE t (a TEXT UNIQUE, b INT, c VARCHAR(769) CHARSET utf8mb4 UNIQUE, d "
      "VARCHAR(768) CHARSET utf8mb4 UNIQUE, UNIQUE e (b, d), UNIQUE f (c(100))) WITH SYSTEM "
      "VERSIONING");
  CHECK(server.Names() == "a b c d row_start row_end DB_ROW_HASH_1 DB_ROW_HASH_2 DB_ROW_HASH_3");
  CHECK(server.Indexes() == "a!#(a) c!#(c) d!(d) e!#(b,d) f!~(c)");
  server.Run("ALTER TABLE t MODIFY a VARCHAR(9), DROP INDEX e");
  CHECK(server.Names() == "a b c d row_start row_end DB_ROW_HASH_1");
  server.Run("ALTER TABLE t ADD z INT, MODIFY a BLOB");
  CHECK(server.Columns().ends_with("DB_ROW_HASH_1 bigint unsigned, DB_ROW_HASH_2 bigint unsigned"));
  server.Run("CREATE TABLE u (a VARCHAR(900) CHARSET utf8mb4, UNIQUE (a(800)))");
  CHECK(server.Names("u") == "a DB_ROW_HASH_1");
  server.Run("ALTER TABLE u ADD b INT");  // what the prefix is long, is known no more
  CHECK(server.Names("u") == "a b DB_ROW_HASH_1");
  Server mysql;
  mysql.Run("CREATE TABLE t (a VARCHAR(769) CHARSET utf8mb4 UNIQUE)");
  CHECK(mysql.Names() == "a");
}

TEST_CASE("MySQL's generated key stays the first column") {
  constexpr const char* kTable =
      "`my_row_id` bigint unsigned NOT NULL AUTO_INCREMENT /*!80023 INVISIBLE */, x INT, y INT, "
      "PRIMARY KEY (`my_row_id`)";
  CHECK(Alter(kTable, "ADD z INT FIRST, MODIFY y INT FIRST").names == "my_row_id y z x");
  CHECK(Alter(kTable, "DROP my_row_id, ADD z INT FIRST").names == "z x y");
  CHECK(Alter(kTable, "ADD z INT FIRST", true).names == "z my_row_id x y");
}

TEST_CASE("tables that are created") {
  Server server;
  CHECK(server.Run("CREATE TABLE t (a INT)") == "created d.t");
  CHECK(server.Run("CREATE TABLE IF NOT EXISTS t (b INT)") == "");
  CHECK(server.Run("CREATE TABLE IF NOT EXISTS u (b INT)") == "created d.u");
  CHECK(server.Names() == "a");
  CHECK(server.Run("CREATE OR REPLACE TABLE t (c INT)") == "dropped d.t; created d.t");
  CHECK(server.Names() == "c");
  CHECK(server.Run("CREATE TABLE t (c INT, d INT)") == "created d.t");  // it went without a word
  CHECK(server.Names() == "c d");
  CHECK(server.Run("CREATE TABLE e.v LIKE t") == "created e.v from t");
  CHECK(server.catalog().Find({"e", "v"}) == server.catalog().Find({"d", "t"}));
  CHECK(server.Run("CREATE TABLE w LIKE nobody.knows") == "unknown d.w from knows");
  CHECK(server.Run("CREATE TABLE x AS SELECT 1") == "unknown d.x");
  CHECK(server.Columns("x") == "unknown");
  CHECK(server.Run("CREATE TEMPORARY TABLE t (d INT)") == "");
  CHECK(server.Run("DROP TEMPORARY TABLE t") == "");
  CHECK(server.Names() == "c d");
}

TEST_CASE("tables that go and move") {
  Server server;
  server.Run("CREATE TABLE a (x INT)");
  server.Run("CREATE TABLE b (y INT)");
  CHECK(server.Run("RENAME TABLE a TO t, b TO a, t TO b") ==
        "renamed d.t from a; renamed d.a from b; renamed d.b from t");
  CHECK(server.Names("a") == "y");
  CHECK(server.Names("b") == "x");
  CHECK(server.Run("RENAME TABLE b TO e.b") == "renamed e.b from b");
  CHECK(server.Run("ALTER TABLE e.b ADD z INT, RENAME TO c") == "altered e.b; renamed d.c from b");
  CHECK(server.Names("c") == "x z");
  CHECK(server.Run("RENAME TABLE nobody TO c") == "renamed d.c from nobody");
  CHECK(server.Columns("c") == "unknown");
  CHECK(server.Run("ALTER TABLE a RENAME TO a") == "");
  CHECK(server.Run("DROP TABLE IF EXISTS a, e.nix") == "dropped d.a; dropped e.nix");
  CHECK(server.Run("TRUNCATE TABLE e.t") == "truncated e.t");
  server.Run("CREATE TABLE e.one (x INT)");
  server.Run("CREATE TABLE e.two (x INT)");
  CHECK(server.Run("DROP DATABASE e") == "dropped e.one; dropped e.two");
  CHECK(server.catalog().CharsetOf("e") == "");
}

TEST_CASE("partitions") {
  Server server(true);
  server.Run("CREATE TABLE t (a INT)");
  server.Run("CREATE TABLE u (a INT)");
  CHECK(server.Run("ALTER TABLE t DROP PARTITION p0") == "rows d.t");
  CHECK(server.Run("ALTER TABLE t TRUNCATE PARTITION ALL") == "rows d.t");
  CHECK(server.Run("ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE u") == "rows d.t; rows d.u");
  CHECK(server.Run("ALTER TABLE t CONVERT PARTITION p0 TO TABLE e.v") ==
        "rows d.t; created e.v from t; rows e.v");
  CHECK(server.Run("ALTER TABLE t CONVERT TABLE u TO PARTITION p0 VALUES LESS THAN (1)") ==
        "rows d.t; dropped d.u");
  CHECK(server.Run("ALTER TABLE t ADD PARTITION (PARTITION p3 VALUES LESS THAN (40))") == "");
}

TEST_CASE("sequences are known and nothing is said of them") {
  Server server(true);
  CHECK(server.Run("CREATE SEQUENCE s") == "");
  CHECK(server.catalog().Find({"d", "s"})->is_sequence);
  CHECK(server.catalog().Find({"d", "s"})->columns.size() == 8);
  CHECK(server.Run("RENAME TABLE s TO s2") == "");
  CHECK(server.Run("CREATE TABLE s3 LIKE s2") == "");
  CHECK(server.Run("DROP TABLE s3") == "");
  CHECK(server.Run("DROP SEQUENCE s2") == "");
  CHECK(server.catalog().tables().empty());
}

TEST_CASE("databases and their character sets") {
  Server server(true);
  server.Run("CREATE DATABASE f CHARACTER SET utf8");
  server.Run("CREATE DATABASE g COLLATE latin2_bin");
  server.Run("CREATE DATABASE h");
  server.Run("CREATE DATABASE IF NOT EXISTS d CHARACTER SET utf8mb4");
  CHECK(server.catalog().CharsetOf("f") == "utf8mb3");
  CHECK(server.catalog().CharsetOf("g") == "latin2");
  CHECK(server.catalog().CharsetOf("h") == "utf8mb4");
  CHECK(server.catalog().CharsetOf("d") == "latin1");
  server.Run("ALTER DATABASE CHARACTER SET koi8r");
  CHECK(server.catalog().CharsetOf("d") == "koi8r");
  server.Run("CREATE TABLE t (a CHAR(1))");
  CHECK(server.Columns() == "a char(1) koi8r");
  CHECK(server.Run("CREATE OR REPLACE DATABASE d CHARACTER SET latin1") == "dropped d.t");
}

TEST_CASE("a statement that does not fit changes nothing") {
  Server server;
  server.Run("CREATE TABLE t (a INT, b INT)");
  const auto before = server.catalog().Find({"d", "t"});
  for (const char* alterations :
       {"DROP x", "ADD c INT, DROP x", "MODIFY x INT", "CHANGE x y INT", "RENAME COLUMN x TO y",
        "ADD A INT", "ADD c INT AFTER x", "CHANGE a b INT", "DROP a, DROP b",
        "CHANGE a x INT, ADD q INT AFTER a"}) {
    const std::string message = server.Run(std::string("ALTER TABLE t ") + alterations);
    CHECK_MESSAGE(message.starts_with("table d.t: "), alterations << ": " << message);
    CHECK(server.catalog().Find({"d", "t"}) == before);
  }
}

TEST_CASE("tables that are not known stay so") {
  Server server;
  CHECK(server.Run("ALTER TABLE nix ADD a INT, RENAME TO nada") ==
        "altered d.nix; renamed d.nada from nix");
  CHECK(server.Run("CREATE INDEX i ON nix (a)") == "altered d.nix");
  CHECK(server.Run("ALTER TABLE nix ENGINE = InnoDB") == "");
  CHECK(server.catalog().tables().empty());
}

TEST_CASE("names in small letters") {
  TableCatalog catalog(true);
  catalog.PutDatabase("D", "latin1");
  StatementContext context;
  context.database = "D";
  const auto create = ddl::Parse("CREATE TABLE `TÄ` (A CHAR(1))", {});
  const auto changes = catalog.Apply(create.value(), context);
  CHECK(changes.value()[0].table == ddl::TableName{"d", "tä"});
  CHECK(catalog.Find({"D", "Tä"})->columns[0].charset == "latin1");
  const auto again = TableCatalog::FromJson(catalog.ToJson());
  REQUIRE(again.ok());
  CHECK(again->Find({"D", "TÄ"}) != nullptr);
}

TEST_CASE("a catalog is the same after JSON, and equal tables share a layout") {
  Server server(true);
  for (int i = 0; i < 100; ++i) {
    server.Run(
        fmt::format("CREATE TABLE t_{} (id INT PRIMARY KEY, v ENUM('a','b'), b TEXT UNIQUE)", i));
  }
  server.Run("CREATE TABLE e.u (a INT) WITH SYSTEM VERSIONING");
  server.Run("CREATE SEQUENCE s");
  const Json json = server.catalog().ToJson();
  CHECK(json["layouts"].items().size() == 3);
  const auto read = TableCatalog::FromJson(Json::Parse(json.ToText()).value());
  REQUIRE(read.ok());
  CHECK(read->ToJson() == json);
  CHECK(read->CharsetOf("e") == "utf8mb4");
  CHECK(read->Find({"d", "t_1"}) == read->Find({"d", "t_99"}));
  CHECK(*read->Find({"d", "t_1"}) == *server.catalog().Find({"d", "t_1"}));
  for (int i = 0; i < 100; ++i) server.Run(fmt::format("ALTER TABLE t_{} ADD c INT", i));
  CHECK(server.catalog().ToJson()["layouts"].items().size() == 3);
  for (const char* text :
       {"{}", R"({"tables": {"d": {"t": 0}}})", R"({"databases": {"d": 1}, "tables": {}})",
        R"({"layouts": [{}], "tables": {}})", R"({"tables": {}, "runs": [{"database": "d"}]})",
        R"({"tables": {}, "database_runs": {"d": "utf8mb4"}})",
        R"({"tables": {}, "runs": [{"database": "d", "tables": "t_0..9", "layout": 0}]})"}) {
    CHECK_FALSE(TableCatalog::FromJson(Json::Parse(text).value()).ok());
  }
}

TEST_CASE("ten thousand tables that are alike take little room") {
  TableCatalog catalog;
  for (int database = 0; database < 100; ++database) {
    catalog.PutDatabase(fmt::format("s_{}", database), "utf8mb4");
    for (int table = 0; table < 100; ++table) {
      catalog.Put({fmt::format("s_{}", database), fmt::format("t_{}", table)}, TableLayout());
    }
    catalog.Put({fmt::format("s_{}", database), "shards"}, TableLayout());
  }
  catalog.Forget({"s_7", "t_70"});
  const Json json = catalog.ToJson();
  CHECK(json.ToIndentedText().size() < 3'000);
  const auto read = TableCatalog::FromJson(json);
  REQUIRE(read.ok());
  CHECK(read->ToJson() == json);
  CHECK(read->tables().size() == 10'099);
  CHECK(read->Find({"s_7", "t_70"}) == nullptr);
  CHECK(read->Find({"s_8", "t_70"}) != nullptr);
  CHECK(read->Find({"s_99", "shards"}) != nullptr);
  CHECK(read->CharsetOf("s_99") == "utf8mb4");
}
