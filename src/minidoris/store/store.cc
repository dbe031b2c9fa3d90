#include "minidoris/store/store.h"

#include <fmt/format.h>

#include <variant>

#include "minidoris/store/physical_table.h"
#include "minidoris/store/transaction_rows.h"
#include "minidoris/table/create_table.h"

namespace millrace::minidoris {
namespace {

constexpr const char* kCatalogSchema = R"(
CREATE TABLE IF NOT EXISTS catalog_databases(name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS catalog_tables(id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, name TEXT,
  ddl TEXT, UNIQUE(db, name));
)";

}  // namespace

Store::Store(const std::string& folder, Sqlite main, std::unique_ptr<Staging> staging)
    : main_path_(folder + "/minidoris.db"), main_(std::move(main)), staging_(std::move(staging)) {}

Result<std::unique_ptr<Store>> Store::Open(const std::string& folder) {
  MR_ASSIGN_OR_RETURN(Sqlite main, Sqlite::Open(folder + "/minidoris.db"));
  MR_ASSIGN_OR_RETURN(std::unique_ptr<Staging> staging, Staging::Open(folder + "/staged.db"));
  std::unique_ptr<Store> store(new Store(folder, std::move(main), std::move(staging)));
  MR_RETURN_IF_ERROR(store->MakeSchema());
  MR_RETURN_IF_ERROR(store->LoadCatalog());
  MR_RETURN_IF_ERROR(store->DropOrphans());
  return store;
}

Status Store::MakeSchema() {
  // Keys come in any order: the writer gets the memory, 64 MiB of it.
  MR_RETURN_IF_ERROR(main_.Execute("PRAGMA cache_size=-65536"));
  MR_RETURN_IF_ERROR(main_.Execute(kCatalogSchema));
  MR_RETURN_IF_ERROR(main_.Execute(std::string(TransactionSchemaSql())));
  return main_.Execute(InformationSchemaSql());
}

Status Store::LoadCatalog() {
  MR_ASSIGN_OR_RETURN(SqliteStatement databases,
                      main_.Prepare("SELECT name FROM catalog_databases ORDER BY name"));
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, databases.Step());
    if (!more) break;
    catalog_.AddDatabase(std::string(databases.Text(0)));
  }
  MR_ASSIGN_OR_RETURN(SqliteStatement tables,
                      main_.Prepare("SELECT id, db, ddl FROM catalog_tables ORDER BY id"));
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, tables.Step());
    if (!more) return Status::Ok();
    auto parsed = ParseCreateTable(tables.Text(2), std::string(tables.Text(1)));
    if (const auto* message = std::get_if<std::string>(&parsed)) {
      return Status::Permanent(fmt::format("damaged catalog: {}", *message));
    }
    Table& table = std::get<ParsedCreateTable>(parsed).table;
    table.id = tables.Int(0);
    catalog_.AddTable(std::move(table));
  }
}

// A crash may leave rows of a load that ended, or of one that will never be committed.
Status Store::DropOrphans() {
  MR_ASSIGN_OR_RETURN(const std::vector<int64_t> ids, staging_->Transactions());
  for (const int64_t id : ids) {
    MR_ASSIGN_OR_RETURN(const bool needed, NeedsStagedRows(id, &main_));
    if (!needed) MR_RETURN_IF_ERROR(staging_->Drop(id));
  }
  return Status::Ok();
}

Status Store::CreateDatabase(const std::string& database) {
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement insert,
                      main_.Prepare("INSERT OR IGNORE INTO catalog_databases VALUES(?)"));
  MR_RETURN_IF_ERROR(insert.Bind(1, std::string_view(database)).Run());
  catalog_.AddDatabase(database);
  return Status::Ok();
}

Status Store::DropDatabase(const std::string& database) {
  for (const auto& table : Tables(database)) MR_RETURN_IF_ERROR(DropTable(database, table->name));
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement remove,
                      main_.Prepare("DELETE FROM catalog_databases WHERE name = ?"));
  MR_RETURN_IF_ERROR(remove.Bind(1, std::string_view(database)).Run());
  catalog_.RemoveDatabase(database);
  return Status::Ok();
}

Status Store::CreateTable(Table table) {
  const std::lock_guard lock(write_mutex_);
  SqliteTransaction transaction(&main_);
  MR_RETURN_IF_ERROR(transaction.Begin());
  MR_ASSIGN_OR_RETURN(SqliteStatement insert,
                      main_.Prepare("INSERT INTO catalog_tables(db, name, ddl) VALUES(?,?,?)"));
  const std::string ddl = CreateTableText(table);
  insert.Bind(1, std::string_view(table.database)).Bind(2, std::string_view(table.name));
  MR_RETURN_IF_ERROR(insert.Bind(3, std::string_view(ddl)).Run());
  table.id = sqlite3_last_insert_rowid(main_.handle());
  MR_RETURN_IF_ERROR(main_.Execute(PhysicalTableSql(table)));
  MR_RETURN_IF_ERROR(DescribeTable(table));
  MR_RETURN_IF_ERROR(transaction.Commit());
  catalog_.AddTable(std::move(table));
  return Status::Ok();
}

Status Store::DescribeTable(const Table& table) {
  for (const std::vector<std::string>& row : InformationSchemaColumns(table)) {
    std::string sql = "INSERT INTO `information_schema.columns` VALUES(";
    for (size_t i = 0; i < row.size(); ++i) sql += i == 0 ? "nullif(?,'\\N')" : ",nullif(?,'\\N')";
    MR_ASSIGN_OR_RETURN(SqliteStatement insert, main_.Prepare(sql + ")"));
    for (size_t i = 0; i < row.size(); ++i) {
      insert.Bind(static_cast<int>(i) + 1, std::string_view(row[i]));
    }
    MR_RETURN_IF_ERROR(insert.Run());
  }
  return Status::Ok();
}

Status Store::DropTable(const std::string& database, const std::string& table) {
  const std::lock_guard lock(write_mutex_);
  SqliteTransaction transaction(&main_);
  MR_RETURN_IF_ERROR(transaction.Begin());
  for (const char* sql : {"DELETE FROM catalog_tables WHERE db = ? AND name = ?",
                          "DELETE FROM `information_schema.columns` WHERE TABLE_SCHEMA = ? AND "
                          "TABLE_NAME = ?"}) {
    MR_ASSIGN_OR_RETURN(SqliteStatement remove, main_.Prepare(sql));
    remove.Bind(1, std::string_view(database)).Bind(2, std::string_view(table));
    MR_RETURN_IF_ERROR(remove.Run());
  }
  MR_RETURN_IF_ERROR(
      main_.Execute(fmt::format("DROP TABLE IF EXISTS {}", PhysicalName(database, table))));
  MR_RETURN_IF_ERROR(transaction.Commit());
  catalog_.RemoveTable(database, table);
  return Status::Ok();
}

Result<std::vector<LoadTransaction>> Store::LoadTransactions() {
  const std::lock_guard lock(write_mutex_);
  return ReadTransactions(&main_);
}

Status Store::Save(const LoadTransaction& transaction) {
  const std::lock_guard lock(write_mutex_);
  return SaveTransaction(transaction, &main_);
}

Status Store::Forget(int64_t transaction) {
  const std::lock_guard lock(write_mutex_);
  return DeleteTransaction(transaction, &main_);
}

Status Store::Publish(const LoadTransaction& transaction) {
  const std::shared_ptr<const Table> table = Find(transaction.database, transaction.table);
  if (table == nullptr || table->id != transaction.table_id) {
    return Status::Permanent(fmt::format("unknown table, tableName={}", transaction.table));
  }
  {
    const std::lock_guard lock(write_mutex_);
    SqliteTransaction sqlite_transaction(&main_);
    MR_RETURN_IF_ERROR(sqlite_transaction.Begin());
    MR_RETURN_IF_ERROR(ApplyStaged(*table, transaction.id));
    MR_RETURN_IF_ERROR(SaveTransaction(transaction, &main_));
    MR_RETURN_IF_ERROR(sqlite_transaction.Commit());
  }
  // What a crash or an error leaves there is removed by the next start.
  static_cast<void>(staging_->Drop(transaction.id));
  return Status::Ok();
}

Status Store::ApplyStaged(const Table& table, int64_t transaction) {
  MR_ASSIGN_OR_RETURN(RowApplier applier, RowApplier::Make(table, &main_));
  return staging_->Read(transaction, [&](std::string_view rows) { return applier.Apply(rows); });
}

Result<int64_t> Store::ReserveTransactionIds(int64_t count) {
  const std::lock_guard lock(write_mutex_);
  return ReserveIds(count, &main_);
}

Result<int64_t> Store::Write(const std::string& sql) {
  const std::lock_guard lock(write_mutex_);
  MR_RETURN_IF_ERROR(main_.Execute(sql));
  return static_cast<int64_t>(sqlite3_changes64(main_.handle()));
}

}  // namespace millrace::minidoris
