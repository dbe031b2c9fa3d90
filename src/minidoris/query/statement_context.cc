#include "minidoris/query/statement_context.h"

#include <fmt/format.h>

#include "base/ascii.h"

namespace millrace::minidoris {

bool IsSystemDatabase(std::string_view name) {
  return IsOneOf(name, {"information_schema", "mysql", "__internal_schema"});
}

StatementContext::StatementContext(Instance* instance, uint32_t connection, std::string user)
    : instance_(*instance) {
  names_.store = instance->store;
  names_.connection = connection;
  names_.user = std::move(user);
}

bool StatementContext::UseDatabase(const std::string& database) {
  if (!store().HasDatabase(database) && !IsSystemDatabase(database)) return false;
  names_.database = database;
  return true;
}

void StatementContext::Finish(const Status& status) {
  if (status.ok()) return Ok();
  Fail(kUnknownError, "HY000", status.message());
}

void StatementContext::Fail(const SqlError& error) {
  Fail(error.code, error.sql_state, error.message);
}

void StatementContext::Fail(uint16_t code, std::string_view state, std::string_view message) {
  out_->Error(code, state, message);
}

void StatementContext::SyntaxError(const Token& near) {
  Fail(1064, "42000",
       fmt::format("{}minidoris does not support this statement, near '{}'", kDetail, near.text));
}

void StatementContext::SendTable(const std::vector<std::string>& names, const Rows& rows) {
  std::vector<ResultColumn> columns;
  for (const std::string& name : names) columns.push_back({name, MysqlType::kVarString, 0});
  out_->Columns(columns);
  std::vector<std::optional<std::string_view>> views;
  for (const Values& row : rows) {
    views.assign(row.begin(), row.end());
    out_->Row(views);
  }
  out_->End();
}

std::shared_ptr<const Table> StatementContext::TableOf(TokenCursor* cursor) {
  const std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) {
    SyntaxError(cursor->Peek());
    return nullptr;
  }
  const std::string database = name->database.value_or(names_.database);
  if (database.empty()) {
    Fail(NoDatabaseSelected());
    return nullptr;
  }
  std::shared_ptr<const Table> table = store().Find(database, name->table);
  if (table == nullptr) Fail(UnknownTable(database, name->table));
  return table;
}

std::string StatementContext::DatabaseOf(TokenCursor* cursor) {
  if (cursor->AcceptWord("FROM") || cursor->AcceptWord("IN")) {
    return cursor->AcceptName().value_or("");
  }
  return names_.database;
}

Sqlite* StatementContext::Reader() {
  if (reader_) return &*reader_;
  Result<Sqlite> opened = store().OpenReader();
  if (!opened.ok()) {
    Fail(kUnknownError, "HY000", opened.status().message());
    return nullptr;
  }
  reader_.emplace(std::move(opened).value());
  // Statements come from clients: nothing may be written through this connection.
  static_cast<void>(reader_->Execute("PRAGMA query_only=ON"));
  return &*reader_;
}

}  // namespace millrace::minidoris
