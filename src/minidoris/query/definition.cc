#include "minidoris/query/definition.h"

#include <fmt/format.h>

#include <variant>

#include "minidoris/table/create_table.h"

namespace millrace::minidoris {
namespace {

void UnknownDatabase(std::string_view name, StatementContext* context) {
  context->Fail(1049, "42000", fmt::format("{}Unknown database '{}'", kDetail, name));
}

void CreateDatabase(TokenCursor* cursor, StatementContext* context) {
  const bool if_not_exists = cursor->AcceptWords("IF NOT EXISTS");
  const std::optional<std::string> name = cursor->AcceptName();
  if (!name) return context->SyntaxError(cursor->Peek());
  if (context->store().HasDatabase(*name) || IsSystemDatabase(*name)) {
    if (if_not_exists) return context->Ok();
    return context->Fail(
        1007, "HY000",
        fmt::format("{}Can't create database '{}'; database exists", kDetail, *name));
  }
  context->Finish(context->store().CreateDatabase(*name));
}

void CreateTable(std::string_view sql, StatementContext* context) {
  auto parsed = ParseCreateTable(sql, context->database());
  if (const auto* message = std::get_if<std::string>(&parsed)) {
    return context->Fail(kUnknownError, "HY000", fmt::format("{}{}", kDetail, *message));
  }
  auto& [table, if_not_exists] = std::get<ParsedCreateTable>(parsed);
  if (!context->store().HasDatabase(table.database)) {
    return UnknownDatabase(table.database, context);
  }
  if (context->store().Find(table.database, table.name) != nullptr) {
    if (if_not_exists) return context->Ok();
    return context->Fail(1050, "42S01",
                         fmt::format("{}Table '{}' already exists", kDetail, table.name));
  }
  context->Finish(context->store().CreateTable(std::move(table)));
}

void DropDatabase(const std::string& name, bool if_exists, StatementContext* context) {
  if (!context->store().HasDatabase(name)) {
    if (if_exists) return context->Ok();
    return context->Fail(
        1008, "HY000",
        fmt::format("{}Can't drop database '{}'; database doesn't exist", kDetail, name));
  }
  const Status status = context->store().DropDatabase(name);
  if (context->database() == name) context->ForgetDatabase();
  context->Finish(status);
}

void DropTable(const TableName& name, bool if_exists, StatementContext* context) {
  const std::string in = name.database.value_or(context->database());
  if (context->store().Find(in, name.table) == nullptr) {
    if (if_exists) return context->Ok();
    return context->Fail(1051, "42S02", fmt::format("{}Unknown table '{}'", kDetail, name.table));
  }
  context->Finish(context->store().DropTable(in, name.table));
}

void Drop(TokenCursor* cursor, StatementContext* context) {
  const bool database = cursor->AcceptWord("DATABASE") || cursor->AcceptWord("SCHEMA");
  if (!database && !cursor->AcceptWord("TABLE")) return context->SyntaxError(cursor->Peek());
  const bool if_exists = cursor->AcceptWords("IF EXISTS");
  const std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) return context->SyntaxError(cursor->Peek());
  if (database) return DropDatabase(name->table, if_exists, context);
  DropTable(*name, if_exists, context);
}

void Truncate(TokenCursor* cursor, StatementContext* context) {
  const std::shared_ptr<const Table> table = context->TableOf(cursor);
  if (table == nullptr) return;
  context->Finish(
      context->store().Write("DELETE FROM " + PhysicalName(table->database, table->name)).status());
}

}  // namespace

bool RunDefinition(std::string_view sql, TokenCursor* cursor, StatementContext* context) {
  if (cursor->AcceptWord("USE")) {
    const std::optional<std::string> name = cursor->AcceptName();
    if (!name) return false;
    if (context->UseDatabase(*name)) {
      context->Ok();
    } else {
      UnknownDatabase(*name, context);
    }
    return true;
  }
  if (cursor->AcceptWords("CREATE DATABASE") || cursor->AcceptWords("CREATE SCHEMA")) {
    CreateDatabase(cursor, context);
  } else if (cursor->IsWord("CREATE")) {
    CreateTable(sql, context);
  } else if (cursor->AcceptWord("DROP")) {
    Drop(cursor, context);
  } else if (cursor->AcceptWords("TRUNCATE TABLE")) {
    Truncate(cursor, context);
  } else {
    return false;
  }
  return true;
}

}  // namespace millrace::minidoris
