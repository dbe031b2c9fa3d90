#include "minidoris/store/transaction_rows.h"

#include <string>

namespace millrace::minidoris {
namespace {

constexpr const char* kSaveSql =
    "INSERT OR REPLACE INTO transactions VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

}  // namespace

std::string_view TransactionSchemaSql() {
  return R"(
CREATE TABLE IF NOT EXISTS counters(name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transactions(id INTEGER PRIMARY KEY, db TEXT, tbl TEXT, table_id INTEGER,
  label TEXT, state INTEGER, two_phase INTEGER, prepare_ms INTEGER, precommit_ms INTEGER,
  commit_ms INTEGER, finish_ms INTEGER, timeout_ms INTEGER, reason TEXT, total INTEGER,
  loaded INTEGER, filtered INTEGER, bytes INTEGER, client_ip TEXT, user TEXT, comment TEXT,
  error_url TEXT);
)";
}

Result<std::vector<LoadTransaction>> ReadTransactions(Sqlite* sqlite) {
  MR_ASSIGN_OR_RETURN(SqliteStatement select, sqlite->Prepare("SELECT * FROM transactions"));
  std::vector<LoadTransaction> all;
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return all;
    int at = 0;
    const auto number = [&] { return select.Int(at++); };
    const auto text = [&] { return std::string(select.Text(at++)); };
    LoadTransaction transaction;
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

Status SaveTransaction(const LoadTransaction& transaction, Sqlite* sqlite) {
  MR_ASSIGN_OR_RETURN(SqliteStatement save, sqlite->Prepare(kSaveSql));
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

Status DeleteTransaction(int64_t id, Sqlite* sqlite) {
  MR_ASSIGN_OR_RETURN(SqliteStatement remove,
                      sqlite->Prepare("DELETE FROM transactions WHERE id = ?"));
  return remove.Bind(1, id).Run();
}

Result<bool> NeedsStagedRows(int64_t id, Sqlite* sqlite) {
  MR_ASSIGN_OR_RETURN(
      SqliteStatement needed,
      sqlite->Prepare("SELECT 1 FROM transactions WHERE id = ? AND state IN (?, ?)"));
  needed.Bind(1, id)
      .Bind(2, static_cast<int64_t>(TransactionState::kPrecommitted))
      .Bind(3, static_cast<int64_t>(TransactionState::kCommitted));
  return needed.Step();
}

Result<int64_t> ReserveIds(int64_t count, Sqlite* sqlite) {
  SqliteTransaction transaction(sqlite);
  MR_RETURN_IF_ERROR(transaction.Begin());
  MR_ASSIGN_OR_RETURN(SqliteStatement select,
                      sqlite->Prepare("SELECT value FROM counters WHERE name = 'transaction'"));
  MR_ASSIGN_OR_RETURN(const bool found, select.Step());
  const int64_t first = found ? select.Int(0) : 1;
  select.Reset();
  MR_ASSIGN_OR_RETURN(SqliteStatement save,
                      sqlite->Prepare("INSERT OR REPLACE INTO counters VALUES('transaction', ?)"));
  MR_RETURN_IF_ERROR(save.Bind(1, first + count).Run());
  MR_RETURN_IF_ERROR(transaction.Commit());
  return first;
}

}  // namespace millrace::minidoris
