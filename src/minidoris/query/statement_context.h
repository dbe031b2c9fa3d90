// What the statements of one connection work with, and through which they answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "minidoris/frontend/instance.h"
#include "minidoris/query/mysql_wire.h"
#include "minidoris/query/sql_error.h"
#include "minidoris/query/sql_rewrite.h"
#include "minidoris/store/sqlite.h"
#include "minidoris/table/sql_text.h"

namespace millrace::minidoris {

using Values = std::vector<std::optional<std::string>>;
using Rows = std::vector<Values>;

// Used by the thread of its connection. A statement calls exactly one of Ok, Fail, SyntaxError,
// SendTable, or writes a result through out(); what returns a pointer has answered if it is null.
class StatementContext final {
 public:
  // The instance must outlive the context.
  StatementContext(Instance* instance, uint32_t connection, std::string user);

  // The answers that follow go to `out`.
  void BeginStatement(ResultWriter* out) { out_ = out; }
  ResultWriter& out() { return *out_; }
  void Ok(int64_t affected_rows = 0) { out_->Ok(affected_rows); }
  // Ok, or the error the status is.
  void Finish(const Status& status);
  void Fail(const SqlError& error);
  void Fail(uint16_t code, std::string_view state, std::string_view message);
  void SyntaxError(const Token& near);
  void SendTable(const std::vector<std::string>& names, const Rows& rows);

  Instance& instance() { return instance_; }
  Store& store() { return *instance_.store; }
  const QueryContext& names() const { return names_; }
  const std::string& database() const { return names_.database; }  // the current one, or empty
  // False if there is no such database; the current one stays.
  bool UseDatabase(const std::string& database);
  void ForgetDatabase() { names_.database.clear(); }

  // The table that `[database.]table` names.
  std::shared_ptr<const Table> TableOf(TokenCursor* cursor);
  std::string DatabaseOf(TokenCursor* cursor);  // after FROM or IN, else the current one
  Sqlite* Reader();                             // cannot write

 private:
  Instance& instance_;
  QueryContext names_;
  std::optional<Sqlite> reader_;
  ResultWriter* out_ = nullptr;
};

// Databases that are always there and cannot be created.
bool IsSystemDatabase(std::string_view name);

}  // namespace millrace::minidoris
