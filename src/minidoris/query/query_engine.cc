#include "minidoris/query/query_engine.h"

#include <fmt/format.h>

#include <variant>

#include "minidoris/query/create_table.h"

namespace millrace::minidoris {
namespace {

constexpr uint16_t kUnknownError = 1105;
constexpr std::string_view kDetail = "errCode = 2, detailMessage = ";

bool IsSystemDatabase(std::string_view name) {
  return name == "information_schema" || name == "mysql" || name == "__internal_schema";
}

}  // namespace

QueryEngine::QueryEngine(Service* service, uint32_t connection, std::string user)
    : service_(*service) {
  context_.store = service->store;
  context_.connection = connection;
  context_.user = std::move(user);
}

bool QueryEngine::UseDatabase(const std::string& database) {
  if (!service_.store->HasDatabase(database) && !IsSystemDatabase(database)) return false;
  context_.database = database;
  return true;
}

void QueryEngine::Run(std::string_view sql, ResultWriter* out) {
  out_ = out;
  const std::vector<Token> tokens = Tokenize(sql);
  TokenCursor cursor(tokens);
  if (cursor.AcceptSymbol(";") || cursor.AtEnd()) return out_->Ok();
  if (cursor.IsWord("SELECT") || cursor.IsWord("WITH") || cursor.Peek().text == "(") {
    return Select(tokens);
  }
  if (cursor.IsWord("INSERT")) return Insert(&cursor, tokens);
  if (cursor.IsWord("DELETE")) return Delete(tokens);
  if (cursor.IsWord("DESC") || cursor.IsWord("DESCRIBE")) return Describe(&cursor);
  if (cursor.AcceptWord("ADMIN") || cursor.IsWord("SHOW")) {
    if (!Show(&cursor)) SyntaxError(cursor.Peek());
    return;
  }
  for (const std::string_view ignored :
       {"SET", "BEGIN", "START", "COMMIT", "ROLLBACK", "KILL", "SYNC", "UNLOCK", "LOCK"}) {
    if (cursor.IsWord(ignored)) return out_->Ok();
  }
  if (!Definition(sql, &cursor)) SyntaxError(cursor.Peek());
}

bool QueryEngine::Definition(std::string_view sql, TokenCursor* cursor) {
  if (cursor->AcceptWord("USE")) {
    const std::optional<std::string> name = cursor->AcceptName();
    if (!name) return false;
    if (UseDatabase(*name)) {
      out_->Ok();
    } else {
      Fail(1049, "42000", fmt::format("{}Unknown database '{}'", kDetail, *name));
    }
    return true;
  }
  if (cursor->IsWord("CREATE") && (cursor->IsWord("DATABASE", 1) || cursor->IsWord("SCHEMA", 1))) {
    CreateDatabase(cursor);
    return true;
  }
  if (cursor->IsWord("CREATE")) {
    CreateTable(sql);
    return true;
  }
  if (cursor->AcceptWord("DROP")) {
    Drop(cursor);
    return true;
  }
  if (cursor->AcceptWords("TRUNCATE TABLE")) {
    Truncate(cursor);
    return true;
  }
  return false;
}

void QueryEngine::CreateDatabase(TokenCursor* cursor) {
  cursor->Next();
  cursor->Next();
  const bool if_not_exists = cursor->AcceptWords("IF NOT EXISTS");
  const std::optional<std::string> name = cursor->AcceptName();
  if (!name) return SyntaxError(cursor->Peek());
  if (service_.store->HasDatabase(*name) || IsSystemDatabase(*name)) {
    if (if_not_exists) return out_->Ok();
    return Fail(1007, "HY000",
                fmt::format("{}Can't create database '{}'; database exists", kDetail, *name));
  }
  const Status status = service_.store->CreateDatabase(*name);
  if (!status.ok()) return Fail(kUnknownError, "HY000", status.message());
  out_->Ok();
}

void QueryEngine::CreateTable(std::string_view sql) {
  auto parsed = ParseCreateTable(sql, context_.database);
  if (const auto* message = std::get_if<std::string>(&parsed)) {
    return Fail(kUnknownError, "HY000", fmt::format("{}{}", kDetail, *message));
  }
  auto& [table, if_not_exists] = std::get<ParsedCreateTable>(parsed);
  if (!service_.store->HasDatabase(table.database)) {
    return Fail(1049, "42000", fmt::format("{}Unknown database '{}'", kDetail, table.database));
  }
  if (service_.store->Find(table.database, table.name) != nullptr) {
    if (if_not_exists) return out_->Ok();
    return Fail(1050, "42S01", fmt::format("{}Table '{}' already exists", kDetail, table.name));
  }
  const Status status = service_.store->CreateTable(std::move(table));
  if (!status.ok()) return Fail(kUnknownError, "HY000", status.message());
  out_->Ok();
}

void QueryEngine::Drop(TokenCursor* cursor) {
  const bool database = cursor->AcceptWord("DATABASE") || cursor->AcceptWord("SCHEMA");
  if (!database && !cursor->AcceptWord("TABLE")) return SyntaxError(cursor->Peek());
  const bool if_exists = cursor->AcceptWords("IF EXISTS");
  const std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) return SyntaxError(cursor->Peek());
  Status status;
  if (database) {
    if (!service_.store->HasDatabase(name->table)) {
      if (if_exists) return out_->Ok();
      return Fail(
          1008, "HY000",
          fmt::format("{}Can't drop database '{}'; database doesn't exist", kDetail, name->table));
    }
    status = service_.store->DropDatabase(name->table);
    if (context_.database == name->table) context_.database.clear();
  } else {
    const std::string in = name->database.value_or(context_.database);
    if (service_.store->Find(in, name->table) == nullptr) {
      if (if_exists) return out_->Ok();
      return Fail(1051, "42S02", fmt::format("{}Unknown table '{}'", kDetail, name->table));
    }
    status = service_.store->DropTable(in, name->table);
  }
  if (!status.ok()) return Fail(kUnknownError, "HY000", status.message());
  out_->Ok();
}

void QueryEngine::Truncate(TokenCursor* cursor) {
  const std::shared_ptr<const Table> table = TableOf(cursor);
  if (table == nullptr) return;
  const Result<int64_t> done =
      service_.store->Write("DELETE FROM " + PhysicalName(table->database, table->name));
  if (!done.ok()) return Fail(kUnknownError, "HY000", done.status().message());
  out_->Ok();
}

std::shared_ptr<const Table> QueryEngine::TableOf(TokenCursor* cursor) {
  const std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) {
    SyntaxError(cursor->Peek());
    return nullptr;
  }
  const std::string database = name->database.value_or(context_.database);
  if (database.empty()) {
    Fail(NoDatabaseSelected());
    return nullptr;
  }
  std::shared_ptr<const Table> table = service_.store->Find(database, name->table);
  if (table == nullptr) Fail(UnknownTable(database, name->table));
  return table;
}

void QueryEngine::SendTable(const std::vector<std::string>& names, const Rows& rows) {
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

void QueryEngine::Fail(const SqlError& error) { Fail(error.code, error.sql_state, error.message); }

void QueryEngine::Fail(uint16_t code, std::string_view state, std::string_view message) {
  out_->Error(code, state, message);
}

void QueryEngine::SyntaxError(const Token& near) {
  Fail(1064, "42000",
       fmt::format("{}minidoris does not know this statement, near '{}'", kDetail, near.text));
}

Sqlite* QueryEngine::Reader() {
  if (!reader_) {
    Result<Sqlite> opened = service_.store->OpenReader();
    if (!opened.ok()) {
      Fail(kUnknownError, "HY000", opened.status().message());
      return nullptr;
    }
    reader_.emplace(std::move(opened).value());
    // Statements come from clients: nothing may be written through this connection.
    static_cast<void>(reader_->Execute("PRAGMA query_only=ON"));
  }
  return &*reader_;
}

}  // namespace millrace::minidoris
