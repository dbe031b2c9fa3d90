#include "minidoris/store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "minidoris/query/create_table.h"
#include "minidoris/store/physical_table.h"

namespace millrace::minidoris {
namespace {

constexpr const char* kMainSchema = R"(
CREATE TABLE IF NOT EXISTS catalog_databases(name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS catalog_tables(id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, name TEXT,
  ddl TEXT, UNIQUE(db, name));
CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transactions(id INTEGER PRIMARY KEY, db TEXT, tbl TEXT, table_id INTEGER,
  label TEXT, state INTEGER, two_phase INTEGER, prepare_ms INTEGER, precommit_ms INTEGER,
  commit_ms INTEGER, finish_ms INTEGER, timeout_ms INTEGER, reason TEXT, total INTEGER,
  loaded INTEGER, filtered INTEGER, bytes INTEGER, client_ip TEXT, user TEXT, comment TEXT,
  error_url TEXT);
)";

constexpr const char* kStagingSchema =
    "CREATE TABLE IF NOT EXISTS staged(seq INTEGER PRIMARY KEY, txn INTEGER, rows BLOB);"
    "CREATE INDEX IF NOT EXISTS staged_by_txn ON staged(txn, seq);";

constexpr const char* kSaveSql =
    "INSERT OR REPLACE INTO transactions VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

}  // namespace

Store::Store(std::string folder, Sqlite main, Sqlite staging)
    : main_path_(folder + "/minidoris.db"),
      staging_path_(folder + "/staged.db"),
      main_(std::move(main)),
      staging_(std::move(staging)) {}

Result<std::unique_ptr<Store>> Store::Open(const std::string& folder) {
  MR_ASSIGN_OR_RETURN(Sqlite main, Sqlite::Open(folder + "/minidoris.db"));
  MR_ASSIGN_OR_RETURN(Sqlite staging, Sqlite::Open(folder + "/staged.db"));
  std::unique_ptr<Store> store(new Store(folder, std::move(main), std::move(staging)));
  MR_RETURN_IF_ERROR(store->MakeSchema());
  MR_RETURN_IF_ERROR(store->LoadCatalog());
  MR_RETURN_IF_ERROR(store->DropOrphans());
  return store;
}

Status Store::MakeSchema() {
  // Keys come in any order: the writer gets the memory, 64 MiB of it.
  MR_RETURN_IF_ERROR(main_.Execute("PRAGMA cache_size=-65536"));
  MR_RETURN_IF_ERROR(main_.Execute(kMainSchema));
  MR_RETURN_IF_ERROR(main_.Execute(InformationSchemaSql()));
  return staging_.Execute(kStagingSchema);
}

Status Store::LoadCatalog() {
  MR_ASSIGN_OR_RETURN(SqliteStatement databases,
                      main_.Prepare("SELECT name FROM catalog_databases ORDER BY name"));
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, databases.Step());
    if (!more) break;
    databases_.emplace_back(databases.Text(0));
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
    auto table = std::make_shared<Table>(std::move(std::get<ParsedCreateTable>(parsed).table));
    table->id = tables.Int(0);
    tables_[{table->database, table->name}] = std::move(table);
  }
}

// Only PRECOMMITTED and COMMITTED transactions may have staged rows after a restart.
Status Store::DropOrphans() {
  MR_ASSIGN_OR_RETURN(SqliteStatement staged, staging_.Prepare("SELECT DISTINCT txn FROM staged"));
  std::vector<int64_t> ids;
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, staged.Step());
    if (!more) break;
    ids.push_back(staged.Int(0));
  }
  for (const int64_t id : ids) {
    MR_ASSIGN_OR_RETURN(
        SqliteStatement wanted,
        main_.Prepare("SELECT 1 FROM transactions WHERE id = ? AND state IN (1, 2)"));
    MR_ASSIGN_OR_RETURN(const bool keep, wanted.Bind(1, id).Step());
    if (!keep) MR_RETURN_IF_ERROR(DropStaged(id));
  }
  return Status::Ok();
}

bool Store::HasDatabase(std::string_view database) const {
  const std::lock_guard lock(catalog_mutex_);
  return std::binary_search(databases_.begin(), databases_.end(), database);
}

std::vector<std::string> Store::Databases() const {
  const std::lock_guard lock(catalog_mutex_);
  return databases_;
}

std::shared_ptr<const Table> Store::Find(std::string_view database, std::string_view table) const {
  const std::lock_guard lock(catalog_mutex_);
  const auto found = tables_.find({std::string(database), std::string(table)});
  return found == tables_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Table>> Store::Tables(std::string_view database) const {
  const std::lock_guard lock(catalog_mutex_);
  std::vector<std::shared_ptr<const Table>> tables;
  for (const auto& [name, table] : tables_) {
    if (name.first == database) tables.push_back(table);
  }
  return tables;
}

Status Store::CreateDatabase(const std::string& database) {
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement insert,
                      main_.Prepare("INSERT OR IGNORE INTO catalog_databases VALUES(?)"));
  MR_RETURN_IF_ERROR(insert.Bind(1, std::string_view(database)).Run());
  const std::lock_guard catalog_lock(catalog_mutex_);
  const auto at = std::lower_bound(databases_.begin(), databases_.end(), database);
  if (at == databases_.end() || *at != database) databases_.insert(at, database);
  return Status::Ok();
}

Status Store::DropDatabase(const std::string& database) {
  for (const auto& table : Tables(database)) MR_RETURN_IF_ERROR(DropTable(database, table->name));
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement remove,
                      main_.Prepare("DELETE FROM catalog_databases WHERE name = ?"));
  MR_RETURN_IF_ERROR(remove.Bind(1, std::string_view(database)).Run());
  const std::lock_guard catalog_lock(catalog_mutex_);
  std::erase(databases_, database);
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
  const std::lock_guard catalog_lock(catalog_mutex_);
  Name name(table.database, table.name);
  tables_[std::move(name)] = std::make_shared<const Table>(std::move(table));
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
  const std::lock_guard catalog_lock(catalog_mutex_);
  tables_.erase({database, table});
  return Status::Ok();
}

Status Store::Stage(int64_t transaction, std::string_view rows) {
  const std::lock_guard lock(staging_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement insert,
                      staging_.Prepare("INSERT INTO staged(txn, rows) VALUES(?,?)"));
  return insert.Bind(1, transaction).BindBlob(2, rows).Run();
}

Status Store::DropStaged(int64_t transaction) {
  const std::lock_guard lock(staging_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement remove, staging_.Prepare("DELETE FROM staged WHERE txn = ?"));
  return remove.Bind(1, transaction).Run();
}

Result<std::vector<Transaction>> Store::LoadTransactions() {
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement select, main_.Prepare("SELECT * FROM transactions"));
  std::vector<Transaction> all;
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return all;
    int at = 0;
    const auto number = [&] { return select.Int(at++); };
    const auto text = [&] { return std::string(select.Text(at++)); };
    Transaction transaction;
    transaction.id = number();
    transaction.database = text();
    transaction.table = text();
    transaction.table_id = number();
    transaction.label = text();
    transaction.state = static_cast<TransactionState>(number());
    transaction.two_phase = number() != 0;
    transaction.prepare_ms = number();
    transaction.precommit_ms = number();
    transaction.commit_ms = number();
    transaction.finish_ms = number();
    transaction.timeout_ms = number();
    transaction.reason = text();
    transaction.counts.total = number();
    transaction.counts.loaded = number();
    transaction.counts.filtered = number();
    transaction.counts.bytes = number();
    transaction.client_ip = text();
    transaction.user = text();
    transaction.comment = text();
    transaction.error_url = text();
    all.push_back(std::move(transaction));
  }
}

Status Store::SaveLocked(const Transaction& transaction) {
  MR_ASSIGN_OR_RETURN(SqliteStatement save, main_.Prepare(kSaveSql));
  int at = 1;
  const auto number = [&](int64_t value) { save.Bind(at++, value); };
  const auto text = [&](std::string_view value) { save.Bind(at++, value); };
  number(transaction.id);
  text(transaction.database);
  text(transaction.table);
  number(transaction.table_id);
  text(transaction.label);
  number(static_cast<int64_t>(transaction.state));
  number(transaction.two_phase ? 1 : 0);
  number(transaction.prepare_ms);
  number(transaction.precommit_ms);
  number(transaction.commit_ms);
  number(transaction.finish_ms);
  number(transaction.timeout_ms);
  text(transaction.reason);
  number(transaction.counts.total);
  number(transaction.counts.loaded);
  number(transaction.counts.filtered);
  number(transaction.counts.bytes);
  text(transaction.client_ip);
  text(transaction.user);
  text(transaction.comment);
  text(transaction.error_url);
  return save.Run();
}

Status Store::Save(const Transaction& transaction) {
  const std::lock_guard lock(write_mutex_);
  return SaveLocked(transaction);
}

Status Store::Forget(int64_t transaction) {
  const std::lock_guard lock(write_mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement remove,
                      main_.Prepare("DELETE FROM transactions WHERE id = ?"));
  return remove.Bind(1, transaction).Run();
}

Status Store::Publish(const Transaction& transaction) {
  const std::shared_ptr<const Table> table = Find(transaction.database, transaction.table);
  if (table == nullptr || table->id != transaction.table_id) {
    return Status::Permanent(fmt::format("unknown table, tableName={}", transaction.table));
  }
  {
    const std::lock_guard lock(write_mutex_);
    SqliteTransaction sqlite_transaction(&main_);
    MR_RETURN_IF_ERROR(sqlite_transaction.Begin());
    MR_RETURN_IF_ERROR(ApplyStaged(*table, transaction.id));
    MR_RETURN_IF_ERROR(SaveLocked(transaction));
    MR_RETURN_IF_ERROR(sqlite_transaction.Commit());
  }
  // What stays behind, because of a crash or an error, is removed by the next start.
  static_cast<void>(DropStaged(transaction.id));
  return Status::Ok();
}

Status Store::ApplyStaged(const Table& table, int64_t transaction) {
  MR_ASSIGN_OR_RETURN(Sqlite reader, Sqlite::Open(staging_path_));
  MR_ASSIGN_OR_RETURN(SqliteStatement staged,
                      reader.Prepare("SELECT rows FROM staged WHERE txn = ? ORDER BY seq"));
  staged.Bind(1, transaction);
  MR_ASSIGN_OR_RETURN(RowApplier applier, RowApplier::Make(table, &main_));
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, staged.Step());
    if (!more) return Status::Ok();
    MR_RETURN_IF_ERROR(applier.Apply(staged.Text(0)));
  }
}

Result<int64_t> Store::ReserveTransactionIds(int64_t count) {
  const std::lock_guard lock(write_mutex_);
  SqliteTransaction transaction(&main_);
  MR_RETURN_IF_ERROR(transaction.Begin());
  MR_ASSIGN_OR_RETURN(SqliteStatement select,
                      main_.Prepare("SELECT value FROM counters WHERE name = 'transaction'"));
  MR_ASSIGN_OR_RETURN(const bool found, select.Step());
  const int64_t first = found ? select.Int(0) : 1;
  select.Reset();
  MR_ASSIGN_OR_RETURN(SqliteStatement save,
                      main_.Prepare("INSERT OR REPLACE INTO counters VALUES('transaction', ?)"));
  MR_RETURN_IF_ERROR(save.Bind(1, first + count).Run());
  MR_RETURN_IF_ERROR(transaction.Commit());
  return first;
}

Result<int64_t> Store::Write(const std::string& sql) {
  const std::lock_guard lock(write_mutex_);
  MR_RETURN_IF_ERROR(main_.Execute(sql));
  return static_cast<int64_t>(sqlite3_changes64(main_.handle()));
}

}  // namespace millrace::minidoris
