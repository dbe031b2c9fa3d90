// RunShow, and what it shows of databases and tables.
#include "minidoris/query/show.h"

#include "minidoris/query/pattern.h"
#include "minidoris/query/show_state.h"

namespace millrace::minidoris {
namespace {

std::string ExtraOf(const Table& table, const Column& column) {
  if (column.key) return "";
  if (table.model == KeysModel::kAggregate) return std::string(AggregationText(column.aggregation));
  return table.model == KeysModel::kUnique ? "REPLACE" : "NONE";
}

std::optional<std::string> DefaultOf(const Column& column) {
  if (column.default_is_now) return "CURRENT_TIMESTAMP";
  return column.default_text;
}

void ShowDatabases(TokenCursor* cursor, StatementContext* context) {
  const std::optional<std::string> like = AcceptLike(cursor);
  Rows rows;
  std::vector<std::string> names = context->store().Databases();
  names.insert(names.end(), {"__internal_schema", "information_schema", "mysql"});
  for (const std::string& name : names) {
    if (Passes(like, name)) rows.push_back({name});
  }
  context->SendTable({"Database"}, rows);
}

void ShowTables(TokenCursor* cursor, bool full, StatementContext* context) {
  const std::string database = context->DatabaseOf(cursor);
  if (database.empty()) return context->Fail(NoDatabaseSelected());
  const std::optional<std::string> like = AcceptLike(cursor);
  Rows rows;
  for (const auto& table : context->store().Tables(database)) {
    if (!Passes(like, table->name)) continue;
    Values row = {table->name};
    if (full) row.emplace_back("BASE TABLE");
    rows.push_back(std::move(row));
  }
  std::vector<std::string> names = {"Tables_in_" + database};
  if (full) names.emplace_back("Table_type");
  context->SendTable(names, rows);
}

void ShowCreateTable(TokenCursor* cursor, StatementContext* context) {
  const std::shared_ptr<const Table> table = context->TableOf(cursor);
  if (table == nullptr) return;
  context->SendTable({"Table", "Create Table"}, {{table->name, CreateTableText(*table)}});
}

void ShowColumns(TokenCursor* cursor, bool full, StatementContext* context) {
  if (!cursor->AcceptWord("FROM") && !cursor->AcceptWord("IN")) {
    return context->SyntaxError(cursor->Peek());
  }
  std::optional<TableName> name = AcceptTableName(cursor);
  if (!name) return context->SyntaxError(cursor->Peek());
  const std::string database = context->DatabaseOf(cursor);
  if (!name->database) name->database = database;
  const std::shared_ptr<const Table> table = context->store().Find(*name->database, name->table);
  if (table == nullptr) return context->Fail(UnknownTable(*name->database, name->table));
  const std::optional<std::string> like = AcceptLike(cursor);
  Rows rows;
  for (const Column& column : table->columns) {
    if (!Passes(like, column.name)) continue;
    const std::string null = column.nullable ? "YES" : "NO";
    const std::string key = column.key ? "YES" : "";
    if (full) {
      rows.push_back({column.name, TypeText(column.type), std::nullopt, null, key,
                      DefaultOf(column), ExtraOf(*table, column), "", column.comment});
    } else {
      rows.push_back({column.name, TypeText(column.type), null, key, DefaultOf(column),
                      ExtraOf(*table, column)});
    }
  }
  if (full) {
    return context->SendTable(
        {"Field", "Type", "Collation", "Null", "Key", "Default", "Extra", "Privileges", "Comment"},
        rows);
  }
  context->SendTable({"Field", "Type", "Null", "Key", "Default", "Extra"}, rows);
}

}  // namespace

void RunDescribe(TokenCursor* cursor, StatementContext* context) {
  const std::shared_ptr<const Table> table = context->TableOf(cursor);
  if (table == nullptr) return;
  Rows rows;
  for (const Column& column : table->columns) {
    rows.push_back({column.name, TypeText(column.type), column.nullable ? "Yes" : "No",
                    column.key ? "true" : "false", DefaultOf(column), ExtraOf(*table, column)});
  }
  context->SendTable({"Field", "Type", "Null", "Key", "Default", "Extra"}, rows);
}

bool RunShow(TokenCursor* cursor, StatementContext* context) {
  cursor->AcceptWord("SHOW");
  const bool full = cursor->AcceptWord("FULL");
  cursor->AcceptWord("ALL");
  cursor->AcceptWord("GLOBAL");
  cursor->AcceptWord("SESSION");
  if (cursor->AcceptWord("DATABASES") || cursor->AcceptWord("SCHEMAS")) {
    ShowDatabases(cursor, context);
  } else if (cursor->AcceptWord("TABLES")) {
    ShowTables(cursor, full, context);
  } else if (cursor->AcceptWords("CREATE TABLE")) {
    ShowCreateTable(cursor, context);
  } else if (cursor->AcceptWord("COLUMNS") || cursor->AcceptWord("FIELDS")) {
    ShowColumns(cursor, full, context);
  } else if (cursor->AcceptWord("TRANSACTION")) {
    ShowTransactions(cursor, context);
  } else if (cursor->AcceptWords("STREAM LOAD")) {
    ShowStreamLoads(cursor, context);
  } else if (cursor->AcceptWords("FRONTEND CONFIG")) {
    ShowConfig(cursor, context);
  } else if (cursor->IsWord("FRONTENDS")) {
    ShowFrontends(context);
  } else if (cursor->IsWord("BACKENDS")) {
    ShowBackends(context);
  } else if (cursor->AcceptWord("VARIABLES")) {
    ShowVariables(cursor, context);
  } else if (cursor->AcceptWord("WARNINGS") || cursor->AcceptWord("ERRORS")) {
    context->SendTable({"Level", "Code", "Message"}, {});
  } else {
    return false;
  }
  return true;
}

}  // namespace millrace::minidoris
