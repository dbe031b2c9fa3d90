// What survives a restart: catalog, rows, transactions and staged rows, in two SQLite files below
// one folder. minidoris.db holds everything that must change together (rows and the state of the
// transaction that brought them); staged.db holds rows of loads that are not committed, separate so
// that a long commit does not hold up a load. All calls may come from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "minidoris/store/catalog.h"
#include "minidoris/store/load_transaction.h"
#include "minidoris/store/sqlite.h"
#include "minidoris/store/staging.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

class Store final {
 public:
  // The folder must exist and belong to this process alone. Rows staged for transactions that no
  // longer exist are removed.
  static Result<std::unique_ptr<Store>> Open(const std::string& folder);

  // The catalog; see catalog.h.
  bool HasDatabase(std::string_view database) const { return catalog_.HasDatabase(database); }
  std::vector<std::string> Databases() const { return catalog_.Databases(); }
  std::shared_ptr<const Table> Find(std::string_view database, std::string_view table) const {
    return catalog_.Find(database, table);
  }
  std::vector<std::shared_ptr<const Table>> Tables(std::string_view database) const {
    return catalog_.Tables(database);
  }
  Status CreateDatabase(const std::string& database);
  Status DropDatabase(const std::string& database);
  Status CreateTable(Table table);
  Status DropTable(const std::string& database, const std::string& table);

  // Staged rows of a transaction; see staging.h.
  Status Stage(int64_t transaction, std::string_view rows) {
    return staging_->Add(transaction, rows);
  }
  Status DropStaged(int64_t transaction) { return staging_->Drop(transaction); }

  Result<std::vector<LoadTransaction>> LoadTransactions();
  Status Save(const LoadTransaction& transaction);
  Status Forget(int64_t transaction);
  // Applies the staged rows and saves the transaction, both or neither.
  Status Publish(const LoadTransaction& transaction);
  // The first of `count` transaction ids that were never returned before.
  Result<int64_t> ReserveTransactionIds(int64_t count);

  // Runs one writing statement; returns the number of rows changed.
  Result<int64_t> Write(const std::string& sql);
  // A connection for reading, the caller's own.
  Result<Sqlite> OpenReader() const { return Sqlite::Open(main_path_); }

 private:
  Store(const std::string& folder, Sqlite main, std::unique_ptr<Staging> staging);
  Status MakeSchema();
  Status LoadCatalog();
  Status DropOrphans();
  Status DescribeTable(const Table& table);  // rows of information_schema; write_mutex_ held
  Status ApplyStaged(const Table& table, int64_t transaction);  // write_mutex_ held

  const std::string main_path_;
  std::mutex write_mutex_;
  Sqlite main_;  // write_mutex_
  Catalog catalog_;
  const std::unique_ptr<Staging> staging_;
};

}  // namespace millrace::minidoris
