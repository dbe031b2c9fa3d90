// What survives a restart: catalog, rows, transactions and staged rows, in two SQLite files below
// one folder. minidoris.db holds everything that must change together (rows and the state of the
// transaction that brought them); staged.db holds rows of loads that are not committed, apart so
// that a long commit does not hold up a load. All calls may come from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/frontend/transaction.h"
#include "minidoris/store/sqlite.h"
#include "minidoris/store/table.h"

namespace millrace::minidoris {

class Store final {
 public:
  // The folder must exist and be nobody else's. Rows staged for transactions that no longer exist
  // go away.
  static Result<std::unique_ptr<Store>> Open(const std::string& folder);

  // The catalog. Names of databases and tables are case-sensitive, as in Doris.
  bool HasDatabase(std::string_view database) const;
  std::vector<std::string> Databases() const;
  // Shared with whoever works with the table while it may be dropped.
  std::shared_ptr<const Table> Find(std::string_view database, std::string_view table) const;
  std::vector<std::shared_ptr<const Table>> Tables(std::string_view database) const;
  Status CreateDatabase(const std::string& database);
  Status DropDatabase(const std::string& database);
  Status CreateTable(Table table);
  Status DropTable(const std::string& database, const std::string& table);

  // Staged rows (row_code.h) of a transaction, in the order they are to be applied.
  Status Stage(int64_t transaction, std::string_view rows);
  Status DropStaged(int64_t transaction);

  Result<std::vector<Transaction>> LoadTransactions();
  Status Save(const Transaction& transaction);
  Status Forget(int64_t transaction);
  // Applies the staged rows and saves the transaction, both or neither.
  Status Publish(const Transaction& transaction);
  // The first of `count` transaction ids that were never given before.
  Result<int64_t> ReserveTransactionIds(int64_t count);

  // Runs one writing statement; gives the number of rows changed.
  Result<int64_t> Write(const std::string& sql);
  // A connection for reading, the caller's own.
  Result<Sqlite> OpenReader() const { return Sqlite::Open(main_path_); }

 private:
  using Name = std::pair<std::string, std::string>;

  Store(std::string folder, Sqlite main, Sqlite staging);
  Status MakeSchema();
  Status LoadCatalog();
  Status DropOrphans();
  Status DescribeTable(const Table& table);  // rows of information_schema; write_mutex_ held
  Status ApplyStaged(const Table& table, int64_t transaction);  // write_mutex_ held
  Status SaveLocked(const Transaction& transaction);            // write_mutex_ held

  const std::string main_path_;
  const std::string staging_path_;
  std::mutex write_mutex_;
  Sqlite main_;  // write_mutex_
  std::mutex staging_mutex_;
  Sqlite staging_;  // staging_mutex_
  mutable std::mutex catalog_mutex_;
  std::vector<std::string> databases_;                   // catalog_mutex_; sorted
  std::map<Name, std::shared_ptr<const Table>> tables_;  // catalog_mutex_
};

}  // namespace millrace::minidoris
