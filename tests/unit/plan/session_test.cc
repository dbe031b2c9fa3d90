#include "plan/compiler.h"
#include "plan_world.h"

using namespace millrace;

namespace {

struct SessionWorld {
  Session session{kPlanConnectors};
  Diagnostics diagnostics;

  SessionWorld() {
    Run("CREATE TABLE a (x INT, y STRING) WITH ('connector' = 'store', 'path' = '/a')");
    Run("CREATE TABLE keyed (k INT NOT NULL, v STRING, PRIMARY KEY (k) NOT ENFORCED) "
        "WITH ('connector' = 'store')");
    Run("CREATE TABLE changes (id INT NOT NULL, part INT NOT NULL, v STRING, "
        "PRIMARY KEY (id, part) NOT ENFORCED) WITH ('connector' = 'log')");
    REQUIRE(diagnostics.empty());
  }
  std::optional<Outcome> Run(std::string_view sql) { return session.Execute(sql, 0, &diagnostics); }
};

}  // namespace

TEST_CASE("an INSERT of a statement set warns once and is planned with the others") {
  SessionWorld world;
  CHECK(world.Run("BEGIN STATEMENT SET"));
  CHECK(world.session.in_statement_set());
  CHECK(world.Run("INSERT INTO keyed SELECT id, v FROM changes"));
  CHECK(world.diagnostics.size() == 1);  // the key
  CHECK_FALSE(world.Run("INSERT INTO keyed SELECT nothing FROM a"));
  CHECK_FALSE(world.Run("DROP TABLE a"));
  CHECK(world.diagnostics.back().code == DiagnosticCode::kMisplaced);
  CHECK(world.Run("INSERT INTO a SELECT x, y FROM a"));
  world.diagnostics.clear();

  const std::optional<Outcome> outcome = world.Run("END");
  CHECK(world.diagnostics.empty());
  REQUIRE(outcome.has_value());
  const Plan* plan = PlanOf(*outcome);
  REQUIRE(plan != nullptr);
  CHECK(plan->sinks.size() == 2);  // the INSERT that failed is not among them
  CHECK_FALSE(world.session.in_statement_set());
}

TEST_CASE("EXPLAIN and COMPILE PLAN plan what they hold and change nothing") {
  SessionWorld world;
  const char* statements[] = {
      "EXPLAIN SELECT x FROM a",
      "EXPLAIN INSERT INTO keyed SELECT x, y FROM a",
      "EXPLAIN STATEMENT SET BEGIN INSERT INTO keyed SELECT x, y FROM a; END",
      "EXPLAIN CREATE TABLE b WITH ('connector' = 'store') AS SELECT x FROM a",
  };
  for (const char* statement : statements) {
    const std::optional<Outcome> outcome = world.Run(statement);
    REQUIRE_MESSAGE(outcome.has_value(), statement);
    CHECK(std::holds_alternative<ResultTable>(*outcome));
  }
  CHECK(world.session.TableNames() == std::vector<std::string>{"a", "changes", "keyed"});
  const auto compiled = world.Run("COMPILE PLAN '/p' FOR INSERT INTO keyed SELECT x, y FROM a");
  REQUIRE(compiled.has_value());
  CHECK(PlanOf(*compiled) != nullptr);
}

TEST_CASE("CREATE TABLE AS SELECT makes the table with the job that fills it") {
  SessionWorld world;
  const auto outcome =
      world.Run("CREATE TABLE b WITH ('connector' = 'store') AS SELECT x AS n, y FROM a");
  REQUIRE(outcome.has_value());
  CHECK(std::holds_alternative<InsertJob>(*outcome));
  CHECK(world.session.ColumnNames("b") == std::vector<std::string>{"n", "y"});
  CHECK_FALSE(world.Run("CREATE TABLE c WITH ('connector' = 'log') AS SELECT x FROM a"));
  CHECK(world.session.ColumnNames("c").empty());
}

TEST_CASE("a session without connectors compiles queries that read no table") {
  Session session({});
  Diagnostics diagnostics;
  for (const char* sql : {"SELECT 1 + 1", "VALUES (1, 'a'), (2, 'b')"}) {
    const std::optional<Outcome> outcome = session.Execute(sql, 0, &diagnostics);
    REQUIRE_MESSAGE(outcome.has_value(), sql);
    CHECK(PlanOf(*outcome)->sources.size() == 1);
  }
  CHECK(diagnostics.empty());
}
