// Databases and tables, in memory. The Store keeps them on disk.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "minidoris/table/table.h"

namespace millrace::minidoris {

// Any thread. Names are case-sensitive, as in Doris. A table never changes: a load that was planned
// against it keeps it while it is dropped, so tables are shared.
class Catalog final {
 public:
  bool HasDatabase(std::string_view database) const;
  std::vector<std::string> Databases() const;  // sorted
  std::shared_ptr<const Table> Find(std::string_view database, std::string_view table) const;
  std::vector<std::shared_ptr<const Table>> Tables(std::string_view database) const;

  void AddDatabase(const std::string& database);  // no effect if it is there
  void RemoveDatabase(const std::string& database);
  void AddTable(Table table);
  void RemoveTable(const std::string& database, const std::string& table);

 private:
  using Name = std::pair<std::string, std::string>;

  mutable std::mutex mutex_;
  std::vector<std::string> databases_;                   // mutex_; sorted
  std::map<Name, std::shared_ptr<const Table>> tables_;  // mutex_
};

}  // namespace millrace::minidoris
