// The catalogs of a session, in memory: catalogs hold databases, databases hold tables and views.
// Names of one, two or three parts are resolved against the current catalog and database. A
// temporary object hides a permanent one of the same name.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "plan/table_definition.h"
#include "sql/statement.h"

namespace millrace {

inline constexpr std::string_view kCatalog = "default_catalog";
inline constexpr std::string_view kDatabase = "default_database";

struct ObjectPath {
  std::string catalog;
  std::string database;
  std::string name;

  std::string ToString() const { return catalog + "." + database + "." + name; }
};

// A query under a name, expanded where it is used.
struct ViewDefinition {
  ObjectPath path;
  sql::CreateView written;
  // Where the names in its query are resolved: what was current when it was made.
  std::string catalog;
  std::string database;
  Schema schema;  // names and types of its columns; no key
};

// A table or a view.
struct CatalogObject {
  std::shared_ptr<const TableDefinition> table;  // plans share it
  std::shared_ptr<const ViewDefinition> view;
  bool temporary = false;

  bool is_view() const { return view != nullptr; }
};

struct Database {
  std::string comment;
  std::map<std::string, std::string> options;
  std::map<std::string, CatalogObject, std::less<>> objects;
  std::map<std::string, CatalogObject, std::less<>> temporary;

  // The temporary one first; null if there is none.
  const CatalogObject* Find(std::string_view name) const;
};

struct Catalog {
  std::string comment;
  std::map<std::string, std::string> options;
  std::map<std::string, Database, std::less<>> databases;
};

// The keys of a map, in their order.
template <typename Map>
std::vector<std::string> KeysOf(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

// All catalogs of a session. There is always a current catalog and a current database in it, and
// both exist: they cannot be dropped.
class Catalogs final {
 public:
  Catalogs();

  const std::string& current_catalog() const { return current_catalog_; }
  const std::string& current_database() const { return current_database_; }
  const std::map<std::string, Catalog, std::less<>>& all() const { return catalogs_; }

  // Where an object of that name is or would be. Nothing, with an error, if its catalog or database
  // does not exist. Missing parts are the current ones, or `catalog` and `database` (those of a
  // view).
  std::optional<ObjectPath> Resolve(const sql::ObjectName& name, Diagnostics* diagnostics) const;
  std::optional<ObjectPath> Resolve(const sql::ObjectName& name, std::string_view catalog,
                                    std::string_view database, Diagnostics* diagnostics) const;
  const CatalogObject* Find(const ObjectPath& path) const;  // null if there is none
  // What a new object of that name would replace: temporary and permanent ones exist side by side.
  const CatalogObject* Find(const ObjectPath& path, bool temporary) const;
  // The table or view of that name; null, with an error, if there is none.
  const CatalogObject* FindObject(const sql::ObjectName& name, Diagnostics* diagnostics) const;
  // Null, with an error, if there is no such catalog.
  const Catalog* FindCatalog(const sql::Name& name, Diagnostics* diagnostics) const;
  // Null, with an error, if there is no such database. One part: of the current catalog.
  const Database* FindDatabase(const sql::ObjectName& name, Diagnostics* diagnostics) const;
  // Names in the current database: of tables, and of views if `views`.
  std::vector<std::string> NamesOf(bool views) const;

  // Each applies wholly or, with an error, not at all.
  void Put(const ObjectPath& path, CatalogObject object);
  void Remove(const ObjectPath& path, bool temporary);
  bool Create(const sql::CreateDatabase& create, Diagnostics* diagnostics);
  bool Create(const sql::CreateCatalog& create, Diagnostics* diagnostics);
  bool DropDatabase(const sql::Drop& drop, Diagnostics* diagnostics);
  bool DropCatalog(const sql::Drop& drop, Diagnostics* diagnostics);
  bool Use(const sql::Use& use, Diagnostics* diagnostics);
  bool Alter(const sql::Alter& alter, Diagnostics* diagnostics);  // of a catalog or database

 private:
  struct DatabaseName {
    std::string catalog;
    std::string database;
  };
  std::optional<DatabaseName> ResolveDatabase(const sql::ObjectName& name, bool must_exist,
                                              Diagnostics* diagnostics) const;

  std::map<std::string, Catalog, std::less<>> catalogs_;
  std::string current_catalog_{kCatalog};
  std::string current_database_{kDatabase};
};

}  // namespace millrace
