#include "plan/table_binder.h"

#include "plan_world.h"

using namespace millrace;

namespace {

std::optional<TableDefinition> Bind(PlanWorld* world, std::string_view sql) {
  const auto create = world->Parse<sql::CreateTable>(sql);
  return TableBinder(create, world->context).Run("c.d.t");
}

}  // namespace

TEST_CASE("a table has its columns, key, options and computed columns") {
  PlanWorld world;
  const auto table = Bind(&world,
                          "CREATE TABLE t (id INT, twice AS id * 2, name STRING, "
                          "PRIMARY KEY (id) NOT ENFORCED) "
                          "WITH ('connector' = 'store', 'path' = '/a')");
  REQUIRE(table.has_value());
  CHECK(world.diagnostics.empty());
  CHECK(table->name == "c.d.t");
  CHECK(table->short_name() == "t");
  CHECK(table->ColumnNames() == std::vector<std::string>{"id", "twice", "name"});
  CHECK(table->schema.columns.size() == 2);
  CHECK(table->schema.key == std::vector<uint32_t>{0});
  CHECK_FALSE(table->schema.columns[0].type.nullable);  // because of the key
  CHECK(table->connector == &kStore);
  CHECK(table->options.Text("path") == "/a");
  CHECK(table->columns[1].type.kind == TypeKind::kInt);
  CHECK_FALSE(table->columns[1].is_writable());
}

TEST_CASE("a table without a connector is a template") {
  PlanWorld world;
  const auto table = Bind(&world, "CREATE TABLE t (id INT)");
  REQUIRE(table.has_value());
  CHECK(table->connector == nullptr);
}

TEST_CASE("all mistakes are reported, and none that follows from another") {
  PlanWorld world;
  CHECK_FALSE(Bind(&world,
                   "CREATE TABLE t (a TEXT, b INT, b INT, c AS a + 1, "
                   "PRIMARY KEY (a, nothing) NOT ENFORCED) "
                   "WITH ('connector' = 'store', 'pth' = '/a')"));
  std::vector<DiagnosticCode> codes;
  for (const Diagnostic& diagnostic : world.diagnostics) codes.push_back(diagnostic.code);
  CHECK(codes == std::vector<DiagnosticCode>{
                     DiagnosticCode::kUnknownType, DiagnosticCode::kAlreadyExists,
                     DiagnosticCode::kUnknownColumn, DiagnosticCode::kUnknownOption});
}

TEST_CASE("an unknown connector has the available ones as its hint") {
  PlanWorld world;
  CHECK_FALSE(Bind(&world, "CREATE TABLE t (a INT) WITH ('connector' = 'elsewhere')"));
  const Diagnostic error = world.TakeOnly();
  CHECK(error.code == DiagnosticCode::kUnknownConnector);
  CHECK(error.hint == "Available connectors: store, log.");
}

TEST_CASE("a key column must be physical, once, and known") {
  const std::pair<const char*, const char*> cases[] = {
      {"c", "column \"c\" of the PRIMARY KEY must be a physical column"},
      {"a, a", "column \"a\" is in the PRIMARY KEY twice"},
      {"x", "Primary key column \"x\" is not defined in the schema"},
  };
  for (const auto& [key, message] : cases) {
    PlanWorld world;
    CHECK_FALSE(Bind(&world, "CREATE TABLE t (a INT, c AS a + 1, PRIMARY KEY (" + std::string(key) +
                                 ") NOT ENFORCED)"));
    CHECK(world.TakeOnly().message == message);
  }
}
