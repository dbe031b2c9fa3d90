// Statements from a pipe through the parser of DDL and a catalog, for tests that compare the
// layouts with those of a server.
//
//   catalog_driver < records
//
// A record is a line of JSON: {"text": ..., "mariadb": true, "version": 101119, "sql_mode": "...",
// "database": ..., "charset": ...} is a statement; the charset is the server's and that of
// databases that are not known. {"show": true} asks for all tables, {"described": [[name,
// COLUMN_TYPE, charset, nullable], ...]} for the same text of columns that a server describes. The
// answer is a line of JSON: {"changes":
// ["kAltered d.t", ...]}, {"error": ...} or {"tables": {"d.t": {"columns": ["a int unsigned
// utf8mb4 NOT NULL", ...], "indexes": ["PRIMARY unique a", ...], "charset": ...}}}.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/json.h"
#include "connectors/mysql/ddl/parser.h"
#include "connectors/mysql/schema/column_text.h"
#include "connectors/mysql/schema/table_catalog.h"

namespace {

using namespace millrace;
using namespace millrace::mysql;

constexpr std::array<std::string_view, 7> kKinds = {
    "created", "created unknown", "altered", "dropped", "renamed", "truncated", "partitions gone"};

std::string Shown(const ServerColumn& column) {
  return fmt::format("{} {}{}{}{}", column.name, column.TypeText(),
                     column.charset.empty() ? "" : " ", column.charset,
                     column.is_nullable ? "" : " NOT NULL");
}

Json Shown(const TableLayout& layout) {
  Json columns = Json::Array();
  for (const ServerColumn& column : layout.columns) columns.Append(Shown(column));
  Json indexes = Json::Array();
  for (const TableIndex& index : layout.indexes) {
    indexes.Append(fmt::format("{}{}{}{} {}", index.name, index.is_unique ? " unique" : "",
                               index.has_prefix ? " prefix" : "", index.is_hash ? " hash" : "",
                               Join(index.columns, ",")));
  }
  return Json::Object({{"columns", std::move(columns)},
                       {"indexes", std::move(indexes)},
                       {"charset", layout.charset},
                       {"sequence", layout.is_sequence},
                       {"row_end", layout.row_end ? Json(*layout.row_end) : Json()}});
}

Json ShowAll(const TableCatalog& catalog) {
  std::vector<Json::Member> tables;
  for (const auto& [name, layout] : catalog.tables()) {
    tables.push_back({name.first + "." + name.second, Shown(*layout)});
  }
  return Json::Object({{"tables", Json::Object(std::move(tables))}});
}

Json Describe(const Json& columns) {
  Json shown = Json::Array();
  for (const Json& column : columns.items()) {
    const auto fields = column.items();
    shown.Append(Shown(
        ParseServerColumn(fields[0].AsString().value_or(""), fields[1].AsString().value_or(""),
                          fields[2].AsString().value_or(""), fields[3].AsString() == "YES")));
  }
  return Json::Object({{"columns", std::move(shown)}});
}

Json Failed(const std::string& message) { return Json::Object({{"error", message}}); }

Json Answer(const std::string& line, TableCatalog* catalog) {
  const Result<Json> record = Json::Parse(line);
  if (!record.ok()) return Failed("the record is not JSON: " + record.status().message());
  if ((*record)["show"].AsBool().value_or(false)) return ShowAll(*catalog);
  if (record->Has("described")) return Describe((*record)["described"]);
  ddl::Dialect dialect;
  StatementContext context;
  dialect.is_mariadb = context.is_mariadb = (*record)["mariadb"].AsBool().value_or(false);
  dialect.server_version = static_cast<uint32_t>((*record)["version"].AsUint().value_or(0));
  for (const std::string& mode : Split((*record)["sql_mode"].AsString().value_or(""), ',')) {
    dialect.ansi_quotes |= mode == "ANSI_QUOTES";
    dialect.no_backslash_escapes |= mode == "NO_BACKSLASH_ESCAPES";
    dialect.real_as_float |= mode == "REAL_AS_FLOAT";
    dialect.oracle |= mode == "ORACLE";
    dialect.mssql |= mode == "MSSQL";
    dialect.maxdb |= mode == "MAXDB";
  }
  context.database = (*record)["database"].AsString().value_or("");
  context.server_charset = (*record)["charset"].AsString().value_or("");
  context.database_charset = (*record)["database_charset"].AsString().value_or("");
  context.timestamps_may_be_null = (*record)["explicit_timestamps"].AsBool().value_or(true);
  const auto statement = ddl::Parse((*record)["text"].AsString().value_or(""), dialect);
  if (!statement.ok()) return Failed("not parsed: " + statement.status().message());
  const auto changes = catalog->Apply(*statement, context);
  if (!changes.ok()) return Failed(changes.status().message());
  Json list = Json::Array();
  for (const TableChange& change : *changes) {
    list.Append(fmt::format("{} {}.{}", kKinds[static_cast<size_t>(change.kind)],
                            change.table.database, change.table.table));
  }
  return Json::Object({{"changes", std::move(list)}});
}

}  // namespace

int main() {
  TableCatalog catalog;
  for (std::string line; std::getline(std::cin, line);) {
    const Result<TableCatalog> again = TableCatalog::FromJson(catalog.ToJson());
    if (!again.ok() || again->tables().size() != catalog.tables().size()) return 1;
    std::cout << Answer(line, &catalog).ToText() << '\n' << std::flush;
  }
  return 0;
}
