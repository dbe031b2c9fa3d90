#include "plan/like.h"

#include "plan_world.h"
#include "sql/unparse.h"

using namespace millrace;

namespace {

constexpr std::string_view kBase =
    "CREATE TABLE base (id INT NOT NULL, up AS id + 1, m STRING METADATA, "
    "PRIMARY KEY (id) NOT ENFORCED) PARTITIONED BY (id) WITH ('path' = '/a')";

// The merged statement as SQL; empty, with the error in the world, if it cannot be merged.
std::string Merge(PlanWorld* world, std::string_view like) {
  TableDefinition base;
  base.written = world->Parse<sql::CreateTable>(kBase);
  const auto create = world->Parse<sql::CreateTable>(like);
  sql::Statement statement;
  std::optional<sql::CreateTable> merged = MergeLike(create, base, &world->diagnostics);
  if (!merged) return "";
  CHECK_FALSE(merged->like.has_value());
  statement.node = std::move(*merged);
  return sql::Unparse(statement);
}

}  // namespace

TEST_CASE("LIKE takes everything over unless it is excluded") {
  PlanWorld world;
  const std::string all = Merge(&world, "CREATE TABLE t (extra INT) LIKE base");
  for (const char* part : {"`id` INT NOT NULL", "`up` AS", "`m` STRING METADATA", "`extra` INT",
                           "PRIMARY KEY (`id`)", "PARTITIONED BY (`id`)", "'path' = '/a'"}) {
    CHECK_MESSAGE(all.find(part) != std::string::npos, part << " in " << all);
  }
  const std::string none =
      Merge(&world, "CREATE TABLE t (extra INT) WITH ('path' = '/b') LIKE base (EXCLUDING ALL)");
  for (const char* part : {"`up`", "METADATA", "PRIMARY KEY", "PARTITIONED", "'/a'"}) {
    CHECK_MESSAGE(none.find(part) == std::string::npos, part << " in " << none);
  }
  CHECK(none.find("'path' = '/b'") != std::string::npos);
  const std::string keys =
      Merge(&world, "CREATE TABLE t (extra INT) LIKE base (EXCLUDING ALL INCLUDING CONSTRAINTS)");
  CHECK(keys.find("PRIMARY KEY") != std::string::npos);
  CHECK(keys.find("PARTITIONED") == std::string::npos);
  CHECK(world.diagnostics.empty());
}

TEST_CASE("options of the new table replace those of the base") {
  PlanWorld world;
  const std::string merged = Merge(&world, "CREATE TABLE t WITH ('path' = '/b') LIKE base");
  CHECK(merged.find("'/b'") != std::string::npos);
  CHECK(merged.find("'/a'") == std::string::npos);
  CHECK(Merge(&world, "CREATE TABLE t WITH ('path' = '/b') LIKE base (INCLUDING OPTIONS)").empty());
  CHECK(world.TakeOnly().code == DiagnosticCode::kAlreadyExists);
}

TEST_CASE("what the base has already is an error at the new part") {
  PlanWorld world;
  CHECK(Merge(&world, "CREATE TABLE t (id INT) LIKE base").empty());
  const Diagnostic column = world.TakeOnly();
  CHECK(column.message == "A column named 'id' already exists in the base table");
  CHECK(column.span == Span{16, 18});
  CHECK(Merge(&world, "CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED) LIKE base").empty());
  CHECK(world.TakeOnly().code == DiagnosticCode::kAlreadyExists);
  CHECK(Merge(&world, "CREATE TABLE t LIKE base (OVERWRITING CONSTRAINTS)").empty());
  CHECK(world.TakeOnly().code == DiagnosticCode::kInvalidValue);
  CHECK(Merge(&world, "CREATE TABLE t LIKE base (EXCLUDING OPTIONS INCLUDING OPTIONS)").empty());
  CHECK(world.TakeOnly().message == "Each like option feature can be declared only once");
}

TEST_CASE("a computed column is replaced only with OVERWRITING GENERATED") {
  PlanWorld world;
  CHECK(Merge(&world, "CREATE TABLE t (up AS id + 2) LIKE base").empty());
  CHECK(world.TakeOnly().hint == "Write OVERWRITING GENERATED after LIKE.");
  const std::string merged =
      Merge(&world, "CREATE TABLE t (up AS id + 2) LIKE base (OVERWRITING GENERATED)");
  CHECK(merged.find("+ 2") != std::string::npos);
  CHECK(merged.find("+ 1") == std::string::npos);
}
