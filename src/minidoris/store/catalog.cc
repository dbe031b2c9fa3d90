#include "minidoris/store/catalog.h"

#include <algorithm>

namespace millrace::minidoris {

bool Catalog::HasDatabase(std::string_view database) const {
  const std::lock_guard lock(mutex_);
  return std::binary_search(databases_.begin(), databases_.end(), database);
}

std::vector<std::string> Catalog::Databases() const {
  const std::lock_guard lock(mutex_);
  return databases_;
}

std::shared_ptr<const Table> Catalog::Find(std::string_view database,
                                           std::string_view table) const {
  const std::lock_guard lock(mutex_);
  const auto found = tables_.find({std::string(database), std::string(table)});
  return found == tables_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Table>> Catalog::Tables(std::string_view database) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Table>> tables;
  for (const auto& [name, table] : tables_) {
    if (name.first == database) tables.push_back(table);
  }
  return tables;
}

void Catalog::AddDatabase(const std::string& database) {
  const std::lock_guard lock(mutex_);
  const auto at = std::lower_bound(databases_.begin(), databases_.end(), database);
  if (at == databases_.end() || *at != database) databases_.insert(at, database);
}

void Catalog::RemoveDatabase(const std::string& database) {
  const std::lock_guard lock(mutex_);
  std::erase(databases_, database);
}

void Catalog::AddTable(Table table) {
  Name name(table.database, table.name);
  auto shared = std::make_shared<const Table>(std::move(table));
  const std::lock_guard lock(mutex_);
  tables_[std::move(name)] = std::move(shared);
}

void Catalog::RemoveTable(const std::string& database, const std::string& table) {
  const std::lock_guard lock(mutex_);
  tables_.erase({database, table});
}

}  // namespace millrace::minidoris
