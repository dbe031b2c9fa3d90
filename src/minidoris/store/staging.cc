#include "minidoris/store/staging.h"

namespace millrace::minidoris {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS staged(seq INTEGER PRIMARY KEY, txn INTEGER, rows BLOB);"
    "CREATE INDEX IF NOT EXISTS staged_by_txn ON staged(txn, seq);";

}  // namespace

Result<std::unique_ptr<Staging>> Staging::Open(const std::string& path) {
  MR_ASSIGN_OR_RETURN(Sqlite sqlite, Sqlite::Open(path));
  MR_RETURN_IF_ERROR(sqlite.Execute(kSchema));
  return std::unique_ptr<Staging>(new Staging(path, std::move(sqlite)));
}

Status Staging::Add(int64_t transaction, std::string_view rows) {
  const std::lock_guard lock(mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement insert,
                      sqlite_.Prepare("INSERT INTO staged(txn, rows) VALUES(?,?)"));
  return insert.Bind(1, transaction).BindBlob(2, rows).Run();
}

Status Staging::Drop(int64_t transaction) {
  const std::lock_guard lock(mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement remove, sqlite_.Prepare("DELETE FROM staged WHERE txn = ?"));
  return remove.Bind(1, transaction).Run();
}

Result<std::vector<int64_t>> Staging::Transactions() {
  const std::lock_guard lock(mutex_);
  MR_ASSIGN_OR_RETURN(SqliteStatement staged, sqlite_.Prepare("SELECT DISTINCT txn FROM staged"));
  std::vector<int64_t> ids;
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, staged.Step());
    if (!more) return ids;
    ids.push_back(staged.Int(0));
  }
}

Status Staging::Read(int64_t transaction,
                     const std::function<Status(std::string_view rows)>& take) const {
  MR_ASSIGN_OR_RETURN(Sqlite reader, Sqlite::Open(path_));
  MR_ASSIGN_OR_RETURN(SqliteStatement staged,
                      reader.Prepare("SELECT rows FROM staged WHERE txn = ? ORDER BY seq"));
  staged.Bind(1, transaction);
  while (true) {
    MR_ASSIGN_OR_RETURN(const bool more, staged.Step());
    if (!more) return Status::Ok();
    MR_RETURN_IF_ERROR(take(staged.Text(0)));
  }
}

}  // namespace millrace::minidoris
