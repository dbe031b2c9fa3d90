#include "minidoris/store/sqlite.h"

#include <fmt/format.h>

#include "minidoris/store/sqlite_functions.h"

namespace millrace::minidoris {
namespace {

constexpr int kBusyTimeoutMs = 60'000;

Status Failure(sqlite3* handle, std::string_view what) {
  const int code = sqlite3_errcode(handle);
  const StatusCode kind = code == SQLITE_BUSY || code == SQLITE_LOCKED ? StatusCode::kTransient
                                                                       : StatusCode::kPermanent;
  return Status(kind, fmt::format("{} [{}]", sqlite3_errmsg(handle), what.substr(0, 200)));
}

}  // namespace

SqliteStatement& SqliteStatement::Bind(int at, int64_t value) {
  sqlite3_bind_int64(handle_.get(), at, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int at, double value) {
  sqlite3_bind_double(handle_.get(), at, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int at, std::string_view value) {
  // A null pointer would bind NULL, not the empty string.
  sqlite3_bind_text64(handle_.get(), at, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::BindBlob(int at, std::string_view value) {
  sqlite3_bind_blob64(handle_.get(), at, value.data() == nullptr ? "" : value.data(), value.size(),
                      SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindNull(int at) {
  sqlite3_bind_null(handle_.get(), at);
  return *this;
}

Result<bool> SqliteStatement::Step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Failure(sqlite3_db_handle(handle_.get()), sqlite3_sql(handle_.get()));
}

Status SqliteStatement::Run() {
  const Result<bool> stepped = Step();
  Reset();
  return stepped.status();
}

std::string_view SqliteStatement::Text(int at) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), at));
  return {bytes == nullptr ? "" : bytes,
          static_cast<size_t>(sqlite3_column_bytes(handle_.get(), at))};
}

Result<Sqlite> Sqlite::Open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Sqlite sqlite(handle);
  if (code != SQLITE_OK) return Failure(handle, path);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  RegisterFunctions(handle);
  // NORMAL loses nothing when the process is killed; only a dying machine may lose the last
  // commits.
  MR_RETURN_IF_ERROR(
      sqlite.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                     "PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-8192"));
  return sqlite;
}

Status Sqlite::Execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) {
    return Status::Ok();
  }
  return Failure(handle_.get(), sql);
}

Result<SqliteStatement> Sqlite::Prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code =
      sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
  if (code != SQLITE_OK) return Failure(handle_.get(), sql);
  return SqliteStatement(handle);
}

SqliteTransaction::~SqliteTransaction() {
  if (open_) static_cast<void>(sqlite_->Execute("ROLLBACK"));
}

Status SqliteTransaction::Begin() {
  MR_RETURN_IF_ERROR(sqlite_->Execute("BEGIN IMMEDIATE"));
  open_ = true;
  return Status::Ok();
}

Status SqliteTransaction::Commit() {
  MR_RETURN_IF_ERROR(sqlite_->Execute("COMMIT"));
  open_ = false;
  return Status::Ok();
}

}  // namespace millrace::minidoris
