#include "connectors/mysql/schema/table_history.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "connectors/mysql/schema/column_text.h"
#include "known_tables.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

TableLayout Layout() {
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "int", "", false), ParseServerColumn("x", "int"),
                    ParseServerColumn("a", "varchar(40)", "utf8mb4"),
                    ParseServerColumn("n", "int")};
  layout.charset = "utf8mb4";
  return layout;
}

SourceRequest Request() {
  SourceRequest request;
  request.table = "source";
  request.schema.columns = {{"id", ParseType("INT")->NotNull(), ""},
                            {"a", *ParseType("STRING"), ""},
                            {"n", *ParseType("INT"), ""}};
  request.schema.key = {0};
  request.columns = {0, 1, 2};
  request.stride = 3;
  return request;
}

// The tables shop.t_1 and shop.t_2 of the pattern t_.*, and what statements make of them.
class History final {
 public:
  explicit History(SchemaChange schema_change = SchemaChange::kStop, bool deletes_rows = false)
      : known_(Request(), "shop", "t_.*", Catalog(), KnownTables::Server(true), schema_change,
               deletes_rows) {}

  Status Apply(std::string_view statement, const std::string& database = "shop") {
    QueryText query;
    query.database = database;
    query.statement = statement;
    const auto logged = InContext(query, known_.server());
    REQUIRE(logged.ok());
    auto changed = known_.history()->Apply(*logged, {"bin.000001", offset_ += 100, std::nullopt});
    return changed.ok() ? Status::Ok() : changed.status();
  }
  // Applies it and wants a message with these words.
  void Refuses(std::string_view statement, std::initializer_list<std::string_view> words) {
    const Status status = Apply(statement);
    CHECK_FALSE_MESSAGE(status.ok(), statement);
    CHECK_FALSE(status.transient());
    for (const std::string_view word : words) {
      CHECK_MESSAGE(status.message().find(word) != std::string::npos, status.message());
    }
  }
  std::string Columns(const std::string& table) {
    const auto layout = known_.history()->Find({"shop", table});
    if (layout == nullptr) return "unknown";
    std::string names;
    for (const ServerColumn& column : layout->columns)
      names += (names.empty() ? "" : " ") + column.name;
    return names;
  }
  std::string Nulls() {
    std::string names;
    for (const std::string& name : known_.history()->NullColumns({"shop", "t_1"})) names += name;
    return names;
  }
  // As by a restart.
  void Restart() {
    const Json json = (*known_.history()->ToJson())["history"];
    known_.SetHistory(Json::Parse(json.ToText()).value());
    CHECK((*known_.history()->ToJson())["history"] == json);
  }
  TableHistory& history() { return *known_.history(); }

 private:
  static TableCatalog Catalog() {
    TableCatalog catalog;
    catalog.PutDatabase("shop", "utf8mb4");
    catalog.Put({"shop", "t_1"}, Layout());
    catalog.Put({"shop", "t_2"}, Layout());
    return catalog;
  }

  KnownTables known_;
  uint64_t offset_ = 0;
};

}  // namespace

TEST_CASE("statements change the layouts they are about, and no other") {
  History history;
  CHECK(history.Apply("ALTER TABLE t_1 ADD y INT FIRST, DROP x").ok());
  CHECK(history.Columns("t_1") == "y id a n");
  CHECK(history.Columns("t_2") == "id x a n");
  history.Restart();
  CHECK(history.Columns("t_1") == "y id a n");
  CHECK(history.Apply("CREATE TABLE shop.t_3 LIKE t_1").ok());
  CHECK(history.Columns("t_3") == "y id a n");
  CHECK(history.Apply("DROP TABLE t_1").ok());
  CHECK(history.Columns("t_1") == "unknown");
  CHECK(history.Apply("CREATE VIEW v AS SELECT 1").ok());
  CHECK(history.Apply("ALTER TABLE t_3 ADD z INT", "elsewhere").ok());
  CHECK(history.Columns("t_3") == "y id a n");
}

TEST_CASE("a declared column that goes stops the job, whatever took it away") {
  for (const std::string_view statement :
       {"ALTER TABLE t_1 DROP a", "ALTER TABLE t_1 DROP COLUMN A, ADD b INT",
        "ALTER TABLE t_1 MODIFY a BLOB"}) {
    History history;
    history.Refuses(statement,
                    {"declared column \"a\"", "shop.t_1", "--fresh", "'schema.change' = 'null'"});
  }
  History history;
  history.Refuses("ALTER TABLE t_1 CHANGE a b VARCHAR(40)", {"is called \"b\" now"});
  History key(SchemaChange::kNull);
  History same;
  same.Refuses("ALTER TABLE t_1 DROP a, ADD a VARCHAR(40) AFTER x",
               {"was replaced by another one of its name"});
  key.Refuses("ALTER TABLE t_1 RENAME COLUMN id TO no", {"declared column \"id\"", "NOT NULL"});
}

TEST_CASE("what can still be read goes on") {
  History history;
  for (const std::string_view statement :
       {"ALTER TABLE t_1 CHANGE a A TEXT FIRST", "ALTER TABLE t_1 MODIFY n BIGINT UNSIGNED",
        "ALTER TABLE t_1 RENAME COLUMN x TO y, ADD INDEX (y)", "CREATE INDEX i ON t_1 (n)",
        "ALTER TABLE t_1 CONVERT TO CHARACTER SET latin1", "TRUNCATE t_1"}) {
    const Status status = history.Apply(statement);
    CHECK_MESSAGE(status.ok(), status.message());
  }
  CHECK(history.Columns("t_1") == "A id y n");
}

TEST_CASE("'null' is for good, 'ignore' until the column is there again") {
  for (const SchemaChange choice : {SchemaChange::kNull, SchemaChange::kIgnore}) {
    History history(choice);
    CHECK(history.Apply("ALTER TABLE t_1 RENAME COLUMN a TO b").ok());
    CHECK(history.Nulls() == "a");
    history.Restart();
    CHECK(history.Nulls() == "a");
    CHECK(history.Apply("ALTER TABLE t_1 ADD a BLOB").ok());
    CHECK(history.Nulls() == "a");
    CHECK(history.Apply("ALTER TABLE t_1 MODIFY a CHAR(9)").ok());
    CHECK(history.Nulls() == (choice == SchemaChange::kNull ? "a" : ""));
  }
}

TEST_CASE("a table that takes the place of another one was altered") {
  History history;
  CHECK(history.Apply("CREATE TABLE _new LIKE t_1").ok());
  CHECK(history.Apply("ALTER TABLE _new ADD y INT FIRST").ok());
  CHECK(history.Apply("RENAME TABLE t_1 TO _old, _new TO t_1").ok());
  CHECK_FALSE(history.history().has_moved_rows());
  CHECK(history.Columns("t_1") == "y id x a n");
  CHECK(history.Apply("CREATE TABLE _bad (id INT PRIMARY KEY)").ok());
  history.Refuses("RENAME TABLE t_1 TO _older, _bad TO t_1", {"declared column \"a\"", "is gone"});
}

TEST_CASE("a table that is renamed to a captured name brings its rows") {
  History history;
  CHECK(history.Apply("RENAME TABLE t_1 TO gone").ok());
  CHECK_FALSE(history.history().has_moved_rows());
  CHECK(history.Apply("ALTER TABLE gone RENAME TO t_9").ok());
  CHECK(history.history().TakeArrived() == std::set<TableKey>{{"shop", "t_9"}});
  CHECK_FALSE(history.history().has_moved_rows());
  CHECK(history.Columns("t_9") == "id x a n");
  CHECK(history.Apply("RENAME TABLE other.unseen TO t_10").ok());
  CHECK(history.history().TakeArrived() == std::set<TableKey>{{"shop", "t_10"}});
  CHECK(history.Columns("t_10") == "unknown");
  // From one captured name to another: the rows were read.
  CHECK(history.Apply("RENAME TABLE t_9 TO t_11").ok());
  CHECK_FALSE(history.history().has_moved_rows());
}

TEST_CASE("tables that lose their rows are named where the target is to lose them too") {
  using Tables = std::set<TableKey>;
  const TableKey t_1{"shop", "t_1"};
  const TableKey t_2{"shop", "t_2"};
  const auto emptied = [&](std::initializer_list<std::string_view> statements,
                           Tables arrived = {}) {
    History history(SchemaChange::kStop, /*deletes_rows=*/true);
    for (const std::string_view statement : statements) CHECK(history.Apply(statement).ok());
    CHECK(history.history().TakeArrived() == arrived);
    Tables tables = history.history().TakeEmptied();
    CHECK_FALSE(history.history().has_moved_rows());
    return tables;
  };
  CHECK(emptied({"TRUNCATE t_1"}) == Tables{t_1});
  CHECK(emptied({"DROP TABLE IF EXISTS t_2, other.t_1, t_1"}) == Tables{t_1, t_2});
  CHECK(emptied({"DROP DATABASE shop"}) == Tables{t_1, t_2});
  CHECK(emptied({"CREATE OR REPLACE TABLE t_1 (id INT PRIMARY KEY, a TEXT, n INT)"}) ==
        Tables{t_1});
  CHECK(emptied({"TRUNCATE other.t_1", "DROP TEMPORARY TABLE t_1", "ALTER TABLE t_1 ADD y INT"})
            .empty());
  CHECK(emptied({"RENAME TABLE t_1 TO gone"}) == Tables{t_1});
  CHECK(emptied({"RENAME TABLE t_1 TO gone, gone TO t_1"}).empty());
  CHECK(emptied({"RENAME TABLE t_1 TO t_9"}, {{"shop", "t_9"}}) == Tables{t_1, {"shop", "t_9"}});
  CHECK(emptied({"RENAME TABLE t_1 TO aside, t_2 TO t_1, aside TO t_2"}, {t_1, t_2}) ==
        Tables{t_1, t_2});
  // A copy takes the place of its table.
  CHECK(emptied({"CREATE TABLE copy LIKE t_1", "RENAME TABLE t_1 TO gone, copy TO t_1"}).empty());
  CHECK(emptied({"CREATE TABLE copy LIKE t_1", "RENAME TABLE t_1 TO t_8, copy TO t_1"},
                {{"shop", "t_8"}}) == Tables{{"shop", "t_8"}});
  History history(SchemaChange::kStop, /*deletes_rows=*/true);
  history.Refuses("ALTER TABLE t_1 DROP PARTITION p", {"the binlog does not say which", "'keep'"});
  CHECK_FALSE(history.history().has_moved_rows());
}

TEST_CASE("rows of partitions that change tables are not known") {
  History history;
  history.Refuses("ALTER TABLE t_1 EXCHANGE PARTITION p WITH TABLE other",
                  {"shop.t_1", "got or lost rows"});
  history.Refuses("ALTER TABLE elsewhere EXCHANGE PARTITION p WITH TABLE t_1",
                  {"shop.t_1", "got or lost rows"});
  history.Refuses("ALTER TABLE t_1 IMPORT TABLESPACE", {"shop.t_1"});
  CHECK(history.Apply("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b").ok());
}

TEST_CASE("statements instead of rows matter where they write") {
  History history;
  history.Refuses("INSERT INTO t_1 VALUES (1)", {"a statement instead of rows", "binlog_format"});
  history.Refuses("CREATE TABLE t_3 (id INT) SELECT 1 AS id", {"a statement instead of rows"});
  CHECK(history.Apply("CREATE TABLE other SELECT * FROM t_1").ok());
  history.Refuses("UPDATE other JOIN t_2 USING (id) SET t_2.a = 1",
                  {"a statement instead of rows"});
  CHECK(history.Apply("INSERT INTO other SELECT * FROM t_1").ok());
  CHECK(history.Apply("REPLACE INTO elsewhere.t_1 SELECT * FROM shop.t_1").ok());
}

TEST_CASE("what wrote rows of a captured table without rows in the log") {
  History history;
  for (const std::string_view statement :
       {"insert into t_1 values (1)", "REPLACE t_1 SELECT 1", "LOAD DATA INFILE 'x' INTO TABLE t_1",
        "WITH a AS (SELECT 1) DELETE FROM t_1", "CREATE TABLE t_3 (a INT) AS SELECT 1 AS a",
        "SELECT `shop`.`f`()", "CREATE OR REPLACE TABLE t_1 SELECT 1",
        "UPDATE other.t, shop . t_1 SET t_1.a = 1", "UPDATE `shop`.`t_1` SET a = 1"}) {
    history.Refuses(statement, {"a statement instead of rows"});
  }
  history.Refuses("UPDATE \"shop\".\"t_1\" SET a = 1", {"is not understood"});
  CHECK(history.Apply("UPDATE t_1 SET shop = 1", "elsewhere").ok());
  for (const std::string_view statement :
       {"CREATE TABLE t_3 (id INT COMMENT 'SELECT')", "CREATE VIEW v AS SELECT * FROM t_1",
        "CREATE PROCEDURE p() CREATE TABLE t_1 SELECT 1", "ALTER TABLE t_1 ADD b INT",
        "UPDATE other.t SET a = 'shop.t_1'"}) {
    CHECK_MESSAGE(history.Apply(statement).ok(), statement);
  }
}

TEST_CASE("a statement that is not understood stops the job if it may be about a captured table") {
  History history;
  history.Refuses("ALTER TABLE t_1 BANANA SPLIT", {"is not understood", "t_1"});
  CHECK(history.Apply("ALTER TABLE other BANANA SPLIT").ok());
}

TEST_CASE("a layout that holds from a position on") {
  TableLayout later = Layout();
  later.columns.pop_back();
  KnownTables known(Request(), "shop", "t_.*", TableCatalog());
  const NamePattern databases("shop");
  const NamePattern tables("t_.*");
  const SourceRequest request = Request();
  Log log(LogLevel::kOff, stderr);
  TableHistory history({&request, &databases, &tables, SchemaChange::kStop, false, &log},
                       TableCatalog(),
                       {{{"shop", "t_1"}, {"bin.000001", 500, std::nullopt}, later}});
  const auto apply = [&](std::string_view statement, uint64_t offset) {
    QueryText query;
    query.database = "shop";
    query.statement = statement;
    return history.Apply(*InContext(query, known.server()), {"bin.000001", offset, std::nullopt})
        .ok();
  };
  CHECK(apply("ALTER TABLE t_1 ADD m INT", 400));
  CHECK(history.Find({"shop", "t_1"}) == nullptr);
  CHECK(history.WhyUnknown({"shop", "t_1"}).find("ADD m INT") != std::string::npos);
  CHECK((*history.ToJson())["history"]["later"].items().size() == 1);
  CHECK(apply("ALTER TABLE t_1 DROP n", 500));
  REQUIRE(history.Find({"shop", "t_1"}) != nullptr);
  CHECK(*history.Find({"shop", "t_1"}) == later);
  CHECK((*history.ToJson())["history"]["later"].items().empty());
}

TEST_CASE("a table that is new to the patterns is captured when the earlier ones are forgotten") {
  const SourceRequest request = Request();
  const NamePattern databases("shop");
  const NamePattern tables("t_.*");
  Log log(LogLevel::kOff, stderr);
  std::vector<TablePatterns> earlier;
  earlier.emplace_back("shop", "t_1|gone");
  TableHistory history({&request, &databases, &tables, SchemaChange::kStop, false, &log, &earlier},
                       TableCatalog());
  CHECK(history.IsCaptured({"shop", "t_1"}));
  CHECK_FALSE(history.IsCaptured({"shop", "t_2"}));
  CHECK_FALSE(history.IsCaptured({"shop", "gone"}));
  // A checkpoint is of what both capture.
  const auto both = TableHistory::CapturedIn((*history.ToJson())["history"]);
  CHECK(both.size() == 2);
  CHECK(AllMatch(both, {"shop", "t_1"}));
  CHECK_FALSE(AllMatch(both, {"shop", "t_2"}));
  earlier.clear();
  history.ForgetEarlier();
  CHECK(history.IsCaptured({"shop", "t_2"}));
  CHECK(TableHistory::CapturedIn((*history.ToJson())["history"]).size() == 1);
  CHECK(TableHistory::CapturedIn(Json::Object()).empty());
}
