#include "plan/planner.h"

#include "plan/slot_layout.h"
#include "plan_world.h"

using namespace millrace;

namespace {

struct JobWorld : PlanWorld {
  JobWorld() {
    Create("CREATE TABLE a (x INT, y STRING, z INT) WITH ('connector' = 'store', 'path' = '/a')");
    Create("CREATE TABLE b (x INT, w STRING) WITH ('connector' = 'store', 'path' = '/b')");
    Create(
        "CREATE TABLE keyed (k INT NOT NULL, v STRING, PRIMARY KEY (k) NOT ENFORCED) "
        "WITH ('connector' = 'store')");
    Create(
        "CREATE TABLE changes (id INT NOT NULL, part INT NOT NULL, v STRING, "
        "PRIMARY KEY (id, part) NOT ENFORCED) WITH ('connector' = 'log')");
  }

  std::optional<MatchedInsert> Match(std::string_view sql) {
    return MatchInsert(Parse<sql::Insert>(sql), context);
  }
  std::optional<Plan> PlanAll(const std::vector<std::string_view>& statements) {
    std::vector<MatchedInsert> inserts;
    for (const std::string_view sql : statements) {
      std::optional<MatchedInsert> one = Match(sql);
      REQUIRE_MESSAGE(one.has_value(), sql);
      inserts.push_back(std::move(*one));
    }
    return PlanInserts(std::move(inserts), context);
  }
};

}  // namespace

TEST_CASE("only needed columns are read, in ascending order") {
  JobWorld world;
  const auto plan = world.PlanAll({"INSERT INTO b SELECT z, UPPER(y) FROM a WHERE z > 1"});
  REQUIRE(plan.has_value());
  REQUIRE(plan->sources.size() == 1);
  CHECK(plan->sources[0].columns == std::vector<uint32_t>{1, 2});
  CHECK(plan->sinks[0].columns == std::vector<uint32_t>{0, 1});
  CHECK(plan->sinks[0].slots[0] == 1);  // z as it is read
  CHECK(plan->job == "insert-into_default_catalog.default_database.b");
}

TEST_CASE("flows into one sink use the same slots, after the columns of the widest source") {
  JobWorld world;
  const auto plan =
      world.PlanAll({"INSERT INTO b SELECT x, CONCAT(y, y) FROM a WHERE z > 1",
                     "INSERT INTO b (x) SELECT x FROM b /*+ OPTIONS('path' = '/c') */"});
  REQUIRE(plan.has_value());
  REQUIRE(plan->flows.size() == 2);
  REQUIRE(plan->sinks.size() == 1);
  CHECK(plan->sources[0].columns.size() == 3);
  CHECK(plan->sinks[0].slots == std::vector<uint32_t>{3, 4});
  for (const PlanFlow& flow : plan->flows) CHECK(flow.program.stride() >= 5);
}

TEST_CASE("a table that several INSERTs read is read once") {
  JobWorld world;
  const auto plan =
      world.PlanAll({"INSERT INTO b SELECT x, y FROM a", "INSERT INTO keyed SELECT x, y FROM a"});
  REQUIRE(plan.has_value());
  CHECK(plan->sources.size() == 1);
  CHECK(plan->flows[0].source == plan->flows[1].source);
  CHECK(plan->job ==
        "insert-into_default_catalog.default_database.b,default_catalog.default_database.keyed");
}

TEST_CASE("INSERTs into one table must have the same options and no LIMIT") {
  JobWorld world;
  CHECK_FALSE(world.PlanAll({"INSERT INTO b SELECT x, y FROM a",
                             "INSERT INTO b /*+ OPTIONS('path' = '/c') */ SELECT x, y FROM a"}));
  CHECK(world.TakeOnly().code == DiagnosticCode::kInvalidDefinition);
  for (const auto& [first, second] :
       {std::pair{"INSERT INTO b SELECT x, y FROM a LIMIT 3", "INSERT INTO b SELECT x, y FROM a"},
        std::pair{"INSERT INTO b SELECT x, y FROM a",
                  "INSERT INTO b SELECT x, y FROM a LIMIT 3"}}) {
    CHECK_FALSE(world.PlanAll({first, second}));
    CHECK(world.TakeOnly().message ==
          "Millrace does not support LIMIT for a table that several INSERTs write");
  }
}

TEST_CASE("a LIMIT is passed to a source whose rows are all written") {
  JobWorld world;
  CHECK(world.PlanAll({"INSERT INTO b SELECT x, y FROM a LIMIT 3"})->sources[0].limit == 3);
  CHECK(world.PlanAll({"INSERT INTO b SELECT x, y FROM a WHERE x > 1 LIMIT 3"})->sources[0].limit ==
        -1);
}

TEST_CASE("columns of a list are matched by name, the others are NULL") {
  JobWorld world;
  const auto matched = world.Match("INSERT INTO b (w) SELECT y FROM a");
  REQUIRE(matched.has_value());
  CHECK(matched->columns == std::vector<uint32_t>{0, 1});
  REQUIRE(matched->flows.size() == 1);
  CHECK(matched->flows[0].columns[0].is_null);
  CHECK(matched->flows[0].columns[1].slot == 1);
}

TEST_CASE("an INSERT that does not match its target is an error with a code") {
  const std::pair<const char*, DiagnosticCode> cases[] = {
      {"INSERT INTO b SELECT x FROM a", DiagnosticCode::kColumnCountMismatch},
      {"INSERT INTO b SELECT y, y FROM a", DiagnosticCode::kTypeMismatch},
      {"INSERT INTO b (v) SELECT y FROM a", DiagnosticCode::kUnknownColumn},
      {"INSERT INTO b (w, w) SELECT y, y FROM a", DiagnosticCode::kAlreadyExists},
      {"INSERT INTO keyed (v) SELECT y FROM a", DiagnosticCode::kInvalidValue},
      {"INSERT INTO nowhere SELECT y FROM a", DiagnosticCode::kUnknownTable},
      {"INSERT INTO changes SELECT x, x, y FROM a", DiagnosticCode::kWrongObject},
  };
  for (const auto& [sql, code] : cases) {
    JobWorld world;
    CHECK_FALSE_MESSAGE(world.Match(sql), sql);
    CHECK_MESSAGE(world.TakeOnly().code == code, sql);
  }
}

TEST_CASE("a target key without a column of the source key is a warning") {
  JobWorld world;
  const auto matched = world.Match("INSERT INTO keyed SELECT id, v FROM changes");
  REQUIRE(matched.has_value());
  CHECK(matched->updates);
  const Diagnostic warning = world.TakeOnly();
  CHECK(warning.code == DiagnosticCode::kUnsafeKey);
  CHECK(warning.severity == Severity::kWarning);
}

TEST_CASE("a query without FROM reads the single row, without any connector") {
  JobWorld world;
  const auto plan = PlanSelect(world.Parse<sql::Select>("SELECT 1, 'a'").query, world.context);
  REQUIRE(plan.has_value());
  CHECK(plan->sources[0].table.is_single_row());
  CHECK(plan->sources[0].columns.empty());
  const std::string json = ToJson(*plan);
  CHECK(json.find("\"connector\": \"values\"") != std::string::npos);
  const Result<Plan> again = PlanFromJson(json, {});
  REQUIRE(again.ok());
  CHECK(*again == *plan);
}

TEST_CASE("warnings of a table are not repeated at an OPTIONS hint") {
  JobWorld world;
  world.Create("CREATE TABLE warned (x INT) WITH ('connector' = 'store', 'old' = '1')");
  CHECK(world.TakeOnly().severity == Severity::kWarning);
  CHECK(world.Match("INSERT INTO b (x) SELECT x FROM warned /*+ OPTIONS('path' = '/c') */"));
  CHECK(world.diagnostics.empty());
  CHECK(world.Match("INSERT INTO b (x) SELECT x FROM a /*+ OPTIONS('old' = '2') */"));
  CHECK(world.TakeOnly().code == DiagnosticCode::kNoEffect);
  CHECK_FALSE(world.Match("INSERT INTO b (x) SELECT x FROM a /*+ OPTIONS('nonsense' = '2') */"));
  CHECK(world.TakeOnly().severity == Severity::kError);
}
