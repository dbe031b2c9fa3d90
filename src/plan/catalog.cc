#include "plan/catalog.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "plan/errors.h"
#include "plan/option_list.h"

namespace millrace {
namespace {

constexpr std::string_view kCatalogType = "generic_in_memory";

void ApplyOptions(const sql::Alter& alter, std::map<std::string, std::string>* options,
                  std::string* comment) {
  for (const sql::OptionPair& option : alter.options) (*options)[option.key] = option.value;
  for (const sql::OptionPair& option : alter.reset_keys) options->erase(option.key);
  if (alter.action == sql::AlterAction::kComment) *comment = alter.comment;
}

std::map<std::string, std::string> ToMap(const std::vector<sql::OptionPair>& options) {
  std::map<std::string, std::string> map;
  for (const sql::OptionPair& option : options) map[option.key] = option.value;
  return map;
}

}  // namespace

const CatalogObject* Database::Find(std::string_view name) const {
  if (const auto entry = temporary.find(name); entry != temporary.end()) return &entry->second;
  const auto entry = objects.find(name);
  return entry == objects.end() ? nullptr : &entry->second;
}

Catalogs::Catalogs() { catalogs_[std::string(kCatalog)].databases[std::string(kDatabase)] = {}; }

const Catalog* Catalogs::FindCatalog(const sql::Name& name, Diagnostics* diagnostics) const {
  const auto entry = catalogs_.find(name.text);
  if (entry != catalogs_.end()) return &entry->second;
  diagnostics->push_back(CatalogNotFound(name.span, name.text, KeysOf(catalogs_)));
  return nullptr;
}

std::optional<Catalogs::DatabaseName> Catalogs::ResolveDatabase(const sql::ObjectName& name,
                                                                bool must_exist,
                                                                Diagnostics* diagnostics) const {
  if (name.parts.size() > 2) {
    diagnostics->emplace_back(DiagnosticCode::kInvalidValue, name.span,
                              "the name of a database has at most two parts",
                              "Write `catalog`.`database`.");
    return std::nullopt;
  }
  DatabaseName result{current_catalog_, name.parts.back().text};
  if (name.parts.size() == 2) {
    if (!FindCatalog(name.parts[0], diagnostics)) return std::nullopt;
    result.catalog = name.parts[0].text;
  }
  const Catalog& catalog = catalogs_.find(result.catalog)->second;
  if (must_exist && !catalog.databases.contains(result.database)) {
    diagnostics->push_back(DatabaseNotFound(name.parts.back().span, result.database, result.catalog,
                                            KeysOf(catalog.databases)));
    return std::nullopt;
  }
  return result;
}

std::optional<ObjectPath> Catalogs::Resolve(const sql::ObjectName& name,
                                            Diagnostics* diagnostics) const {
  return Resolve(name, current_catalog_, current_database_, diagnostics);
}

std::optional<ObjectPath> Catalogs::Resolve(const sql::ObjectName& name, std::string_view catalog,
                                            std::string_view database,
                                            Diagnostics* diagnostics) const {
  const size_t parts = name.parts.size();
  if (parts > 3) {
    diagnostics->emplace_back(DiagnosticCode::kInvalidValue, name.span,
                              "a table name has at most three parts",
                              "Write `catalog`.`database`.`table`.");
    return std::nullopt;
  }
  ObjectPath path{std::string(catalog), std::string(database), name.parts.back().text};
  if (parts == 3) {
    if (!FindCatalog(name.parts[0], diagnostics)) return std::nullopt;
    path.catalog = name.parts[0].text;
  }
  if (parts < 2) return path;
  const sql::Name& written = name.parts[parts - 2];
  path.database = written.text;
  const auto& databases = catalogs_.find(path.catalog)->second.databases;
  if (databases.contains(path.database)) return path;
  diagnostics->push_back(
      DatabaseNotFound(written.span, path.database, path.catalog, KeysOf(databases)));
  return std::nullopt;
}

const CatalogObject* Catalogs::Find(const ObjectPath& path) const {
  const auto catalog = catalogs_.find(path.catalog);
  if (catalog == catalogs_.end()) return nullptr;
  const auto database = catalog->second.databases.find(path.database);
  return database == catalog->second.databases.end() ? nullptr : database->second.Find(path.name);
}

const CatalogObject* Catalogs::Find(const ObjectPath& path, bool temporary) const {
  const Database& database =
      catalogs_.find(path.catalog)->second.databases.find(path.database)->second;
  const auto& objects = temporary ? database.temporary : database.objects;
  const auto entry = objects.find(path.name);
  return entry == objects.end() ? nullptr : &entry->second;
}

const CatalogObject* Catalogs::FindObject(const sql::ObjectName& name,
                                          Diagnostics* diagnostics) const {
  const auto path = Resolve(name, diagnostics);
  if (!path) return nullptr;
  const CatalogObject* object = Find(*path);
  if (object == nullptr) {
    diagnostics->push_back(TableNotFound(name.span, path->name, NamesOf(true)));
  }
  return object;
}

const Database* Catalogs::FindDatabase(const sql::ObjectName& name,
                                       Diagnostics* diagnostics) const {
  const std::optional<DatabaseName> found = ResolveDatabase(name, true, diagnostics);
  if (!found) return nullptr;
  return &catalogs_.find(found->catalog)->second.databases.find(found->database)->second;
}

std::vector<std::string> Catalogs::NamesOf(bool views) const {
  const Database& database =
      catalogs_.find(current_catalog_)->second.databases.find(current_database_)->second;
  std::vector<std::string> names;
  for (const auto* objects : {&database.objects, &database.temporary}) {
    for (const auto& [name, object] : *objects) {
      if (views || !object.is_view()) names.push_back(name);
    }
  }
  return names;
}

void Catalogs::Put(const ObjectPath& path, CatalogObject object) {
  Database& database = catalogs_[path.catalog].databases[path.database];
  (object.temporary ? database.temporary : database.objects)[path.name] = std::move(object);
}

void Catalogs::Remove(const ObjectPath& path, bool temporary) {
  Database& database = catalogs_[path.catalog].databases[path.database];
  (temporary ? database.temporary : database.objects).erase(path.name);
}

bool Catalogs::Create(const sql::CreateDatabase& create, Diagnostics* diagnostics) {
  const std::optional<DatabaseName> name = ResolveDatabase(create.name, false, diagnostics);
  if (!name) return false;
  auto& databases = catalogs_[name->catalog].databases;
  if (databases.contains(name->database)) {
    if (create.if_not_exists) return true;
    diagnostics->emplace_back(DiagnosticCode::kAlreadyExists, create.name.span,
                              fmt::format("database {} already exists", Quoted(name->database)),
                              "Write CREATE DATABASE IF NOT EXISTS.");
    return false;
  }
  databases[name->database] = {
      create.comment.value_or(""), ToMap(LastOfEach(create.options, diagnostics)), {}, {}};
  return true;
}

bool Catalogs::Create(const sql::CreateCatalog& create, Diagnostics* diagnostics) {
  if (catalogs_.contains(create.name.text)) {
    if (create.if_not_exists) return true;
    diagnostics->emplace_back(DiagnosticCode::kAlreadyExists, create.name.span,
                              fmt::format("catalog {} already exists", Quoted(create.name.text)),
                              "Write CREATE CATALOG IF NOT EXISTS.");
    return false;
  }
  std::string database(kDatabase);
  const std::string hint =
      fmt::format("Only catalogs in memory are supported: WITH ('type' = '{}').", kCatalogType);
  bool has_type = false;
  const std::vector<sql::OptionPair> options = LastOfEach(create.options, diagnostics);
  for (const sql::OptionPair& option : options) {
    if (option.key == "default-database") database = option.value;
    if (option.key != "type") continue;
    has_type = true;
    if (option.value == kCatalogType) continue;
    diagnostics->push_back(NotSupported(
        option.value_span, fmt::format("catalogs of type {}", Quoted(option.value)), hint));
    return false;
  }
  if (!has_type) {
    diagnostics->emplace_back(DiagnosticCode::kMissingOption, create.options_span,
                              "the catalog has no option \"type\"", hint);
    return false;
  }
  Catalog catalog{create.comment.value_or(""), ToMap(options), {}};
  catalog.databases[database] = {};
  catalogs_[create.name.text] = std::move(catalog);
  return true;
}

bool Catalogs::DropDatabase(const sql::Drop& drop, Diagnostics* diagnostics) {
  Diagnostics missing;
  const std::optional<DatabaseName> name = ResolveDatabase(drop.name, true, &missing);
  if (!name) {
    if (drop.if_exists) return true;
    diagnostics->insert(diagnostics->end(), missing.begin(), missing.end());
    return false;
  }
  auto& databases = catalogs_[name->catalog].databases;
  const Database& database = databases[name->database];
  if (name->catalog == current_catalog_ && name->database == current_database_) {
    diagnostics->emplace_back(DiagnosticCode::kInUse, drop.name.span,
                              fmt::format("database {} is in use", Quoted(name->database)),
                              "USE another database first.");
    return false;
  }
  if (!drop.cascade && (!database.objects.empty() || !database.temporary.empty())) {
    diagnostics->emplace_back(
        DiagnosticCode::kInUse, drop.name.span,
        fmt::format("database {} is not empty", Quoted(name->database)),
        "Drop its tables and views first, or write DROP DATABASE ... CASCADE.");
    return false;
  }
  databases.erase(name->database);
  return true;
}

bool Catalogs::DropCatalog(const sql::Drop& drop, Diagnostics* diagnostics) {
  const sql::Name& name = drop.name.parts.back();
  if (!catalogs_.contains(name.text))
    return drop.if_exists || FindCatalog(name, diagnostics) != nullptr;
  if (name.text == current_catalog_) {
    diagnostics->emplace_back(DiagnosticCode::kInUse, name.span,
                              fmt::format("catalog {} is in use", Quoted(name.text)),
                              "USE CATALOG another one first.");
    return false;
  }
  catalogs_.erase(name.text);
  return true;
}

bool Catalogs::Use(const sql::Use& use, Diagnostics* diagnostics) {
  if (use.object == sql::ObjectKind::kCatalog) {
    const sql::Name& name = use.name.parts.back();
    if (!FindCatalog(name, diagnostics)) return false;
    const Catalog& catalog = catalogs_[name.text];
    const auto option = catalog.options.find("default-database");
    const std::string wanted =
        option == catalog.options.end() ? std::string(kDatabase) : option->second;
    if (!catalog.databases.contains(wanted)) {
      diagnostics->emplace_back(DiagnosticCode::kUnknownObject, name.span,
                                fmt::format("the default database {} of catalog {} does not exist",
                                            Quoted(wanted), Quoted(name.text)),
                                fmt::format("Write USE `{}`.`database`.", name.text));
      return false;
    }
    current_catalog_ = name.text;
    current_database_ = wanted;
    return true;
  }
  const std::optional<DatabaseName> name = ResolveDatabase(use.name, true, diagnostics);
  if (!name) return false;
  current_catalog_ = name->catalog;
  current_database_ = name->database;
  return true;
}

bool Catalogs::Alter(const sql::Alter& alter, Diagnostics* diagnostics) {
  if (alter.object == sql::ObjectKind::kCatalog) {
    if (!FindCatalog(alter.name.parts.back(), diagnostics)) return false;
    Catalog& catalog = catalogs_[alter.name.parts.back().text];
    ApplyOptions(alter, &catalog.options, &catalog.comment);
    return true;
  }
  const std::optional<DatabaseName> name = ResolveDatabase(alter.name, true, diagnostics);
  if (!name) return false;
  Database& database = catalogs_[name->catalog].databases[name->database];
  ApplyOptions(alter, &database.options, &database.comment);
  return true;
}

}  // namespace millrace
