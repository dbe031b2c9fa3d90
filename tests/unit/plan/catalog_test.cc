#include "plan/catalog.h"

#include "plan_world.h"

using namespace millrace;

namespace {

sql::ObjectName NameOf(std::vector<std::string> parts) {
  sql::ObjectName name;
  size_t at = 0;
  for (std::string& part : parts) {
    name.parts.push_back({std::move(part), {at, at + 1}});
    ++at;
  }
  return name;
}

CatalogObject Table(std::string name) {
  auto table = std::make_shared<TableDefinition>();
  table->name = std::move(name);
  return {std::move(table), nullptr, false};
}

}  // namespace

TEST_CASE("names of one to three parts are resolved against what is current") {
  PlanWorld world;
  Catalogs& catalogs = world.catalogs;
  const auto resolve = [&](std::vector<std::string> parts) {
    const auto path = catalogs.Resolve(NameOf(std::move(parts)), &world.diagnostics);
    return path ? path->ToString() : "";
  };
  CHECK(resolve({"t"}) == "default_catalog.default_database.t");
  CHECK(catalogs.Create(world.Parse<sql::CreateDatabase>("CREATE DATABASE shop"),
                        &world.diagnostics));
  CHECK(resolve({"shop", "t"}) == "default_catalog.shop.t");
  CHECK(resolve({"default_catalog", "shop", "t"}) == "default_catalog.shop.t");
  CHECK(catalogs.Use(world.Parse<sql::Use>("USE shop"), &world.diagnostics));
  CHECK(resolve({"t"}) == "default_catalog.shop.t");
  CHECK(world.diagnostics.empty());

  CHECK(resolve({"shopp", "t"}).empty());
  const Diagnostic database = world.TakeOnly();
  CHECK(database.code == DiagnosticCode::kUnknownObject);
  CHECK(database.hint == "Did you mean \"shop\"?");
  CHECK(resolve({"c", "shop", "t"}).empty());
  CHECK(world.TakeOnly().message == "catalog \"c\" does not exist");
  CHECK(resolve({"a", "b", "c", "d"}).empty());
  CHECK(world.TakeOnly().message == "a table name has at most three parts");
}

TEST_CASE("a temporary object hides a permanent one of the same name") {
  Catalogs catalogs;
  const ObjectPath path{std::string(kCatalog), std::string(kDatabase), "t"};
  catalogs.Put(path, Table("permanent"));
  CatalogObject temporary = Table("temporary");
  temporary.temporary = true;
  catalogs.Put(path, temporary);
  CHECK(catalogs.Find(path)->table->name == "temporary");
  CHECK(catalogs.Find(path, false)->table->name == "permanent");
  catalogs.Remove(path, true);
  CHECK(catalogs.Find(path)->table->name == "permanent");
  CHECK(catalogs.Find(path, true) == nullptr);
}

TEST_CASE("what is in use or not empty is not dropped") {
  PlanWorld world;
  Catalogs& catalogs = world.catalogs;
  const auto drop = [&](std::string_view sql) {
    const auto statement = world.Parse<sql::Drop>(sql);
    return statement.object == sql::ObjectKind::kCatalog
               ? catalogs.DropCatalog(statement, &world.diagnostics)
               : catalogs.DropDatabase(statement, &world.diagnostics);
  };
  CHECK_FALSE(drop("DROP DATABASE default_database"));
  CHECK(world.TakeOnly().code == DiagnosticCode::kInUse);
  CHECK_FALSE(drop("DROP CATALOG default_catalog"));
  CHECK(world.TakeOnly().code == DiagnosticCode::kInUse);

  catalogs.Create(world.Parse<sql::CreateDatabase>("CREATE DATABASE shop"), &world.diagnostics);
  catalogs.Put({std::string(kCatalog), "shop", "t"}, Table("t"));
  CHECK_FALSE(drop("DROP DATABASE shop"));
  CHECK(world.TakeOnly().message == "database \"shop\" is not empty");
  CHECK(drop("DROP DATABASE shop CASCADE"));
  CHECK(drop("DROP DATABASE IF EXISTS shop"));
  CHECK(world.diagnostics.empty());
  CHECK_FALSE(drop("DROP DATABASE shop"));
  CHECK(world.TakeOnly().code == DiagnosticCode::kUnknownObject);
}

TEST_CASE("creating something twice is an error unless the statement allows it") {
  PlanWorld world;
  const auto create = [&](std::string_view sql) {
    return world.catalogs.Create(world.Parse<sql::CreateDatabase>(sql), &world.diagnostics);
  };
  CHECK(create("CREATE DATABASE shop"));
  CHECK(create("CREATE DATABASE IF NOT EXISTS shop"));
  CHECK_FALSE(create("CREATE DATABASE shop"));
  const Diagnostic error = world.TakeOnly();
  CHECK(error.code == DiagnosticCode::kAlreadyExists);
  CHECK(error.message == "database \"shop\" already exists");
}
