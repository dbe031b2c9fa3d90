// SQLite with our Status, destructors, and the functions and collations our tables need. A
// connection and its statements belong to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace millrace::minidoris {

// One prepared statement. Bindings count from 1, columns from 0, as in SQLite. Bound text must stay
// alive until the next Step or Reset.
class SqliteStatement final {
 public:
  explicit SqliteStatement(sqlite3_stmt* handle) : handle_(handle) {}

  SqliteStatement& Bind(int at, int64_t value);
  SqliteStatement& Bind(int at, double value);
  SqliteStatement& Bind(int at, std::string_view value);
  SqliteStatement& BindBlob(int at, std::string_view value);
  SqliteStatement& BindNull(int at);

  // True if there is a row, false if the statement is done.
  Result<bool> Step();
  // Runs a statement that returns no rows and makes it ready for the next use.
  Status Run();
  void Reset() { sqlite3_reset(handle_.get()); }

  int64_t Int(int at) const { return sqlite3_column_int64(handle_.get(), at); }
  std::string_view Text(int at) const;
  sqlite3_stmt* handle() const { return handle_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Sqlite final {
 public:
  // Opens or makes the file, in WAL mode: one writer and any number of readers, each of which sees
  // the last complete transaction.
  static Result<Sqlite> Open(const std::string& path);

  Status Execute(const std::string& sql);
  Result<SqliteStatement> Prepare(std::string_view sql);
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Sqlite(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
};

// BEGIN IMMEDIATE now; ROLLBACK when it goes out of scope without Commit.
class SqliteTransaction final {
 public:
  explicit SqliteTransaction(Sqlite* sqlite) : sqlite_(sqlite) {}
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  Status Begin();
  Status Commit();

 private:
  Sqlite* const sqlite_;
  bool open_ = false;
};

}  // namespace millrace::minidoris
