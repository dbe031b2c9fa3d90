#include "plan/alter.h"

#include "plan_world.h"
#include "sql/unparse.h"

using namespace millrace;

namespace {

constexpr std::string_view kTable =
    "CREATE TABLE t (id INT NOT NULL, name STRING, up AS id + 1, "
    "PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'store', 'path' = '/a')";

// The altered table as SQL; empty, with the error in the world, if the action does not fit.
std::string Alter(PlanWorld* world, std::string_view alter) {
  TableDefinition table;
  table.written = world->Parse<sql::CreateTable>(kTable);
  sql::Statement statement;
  std::optional<sql::CreateTable> altered =
      AlteredTable(table, world->Parse<sql::Alter>(alter), {}, &world->diagnostics);
  if (!altered) return "";
  statement.node = std::move(*altered);
  return sql::Unparse(statement);
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("options are set and reset") {
  PlanWorld world;
  const std::string set = Alter(&world, "ALTER TABLE t SET ('path' = '/b', 'old' = 'x')");
  CHECK(Has(set, "'path' = '/b'"));
  CHECK(Has(set, "'old' = 'x'"));
  CHECK_FALSE(Has(set, "'/a'"));
  CHECK_FALSE(Has(Alter(&world, "ALTER TABLE t RESET ('path')"), "path"));
  CHECK(world.diagnostics.empty());
  CHECK(Alter(&world, "ALTER TABLE t RESET ('connector')").empty());
  CHECK(world.TakeOnly().code == DiagnosticCode::kInvalidValue);
}

TEST_CASE("columns are added where the statement says") {
  PlanWorld world;
  const std::string first = Alter(&world, "ALTER TABLE t ADD a INT FIRST");
  CHECK(first.find("`a` INT") < first.find("`id` INT"));
  const std::string after = Alter(&world, "ALTER TABLE t ADD a INT AFTER id");
  CHECK(after.find("`id` INT") < after.find("`a` INT"));
  CHECK(after.find("`a` INT") < after.find("`name`"));
  CHECK(Alter(&world, "ALTER TABLE t ADD a INT AFTER nme").empty());
  const Diagnostic error = world.TakeOnly();
  CHECK(error.code == DiagnosticCode::kUnknownColumn);
  CHECK(error.hint == "Did you mean \"name\"?");
}

TEST_CASE("a column that something else needs is neither renamed nor dropped") {
  PlanWorld world;
  CHECK(Has(Alter(&world, "ALTER TABLE t RENAME name TO label"), "`label` STRING"));
  CHECK_FALSE(Has(Alter(&world, "ALTER TABLE t DROP name"), "name"));
  CHECK(world.diagnostics.empty());
  for (const char* alter : {"ALTER TABLE t RENAME id TO x", "ALTER TABLE t DROP id"}) {
    CHECK(Alter(&world, alter).empty());
    CHECK(world.TakeOnly().code == DiagnosticCode::kInUse);
  }
}

TEST_CASE("a key is added only where there is none, and dropped only where there is one") {
  PlanWorld world;
  CHECK(Alter(&world, "ALTER TABLE t ADD PRIMARY KEY (name) NOT ENFORCED").empty());
  CHECK(world.TakeOnly().message == "the table already has a primary key");
  CHECK(Has(Alter(&world, "ALTER TABLE t MODIFY PRIMARY KEY (name) NOT ENFORCED"),
            "PRIMARY KEY (`name`)"));
  CHECK_FALSE(Has(Alter(&world, "ALTER TABLE t DROP PRIMARY KEY"), "PRIMARY KEY"));
  CHECK(Alter(&world, "ALTER TABLE t DROP CONSTRAINT other").empty());
  CHECK(world.TakeOnly().hint == "Its primary key is called \"PK_id\".");
  CHECK(Alter(&world, "ALTER TABLE t DROP WATERMARK").empty());
  CHECK(world.TakeOnly().message == "the table has no watermark");
}
