#include "connectors/mysql/schema/server_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/units.h"
#include "connectors/mysql/schema/charset_name.h"
#include "connectors/mysql/schema/column_text.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kSystemSchemas =
    "'mysql', 'information_schema', 'performance_schema', 'sys'";

// TABLE_TYPE of information_schema.TABLES.
constexpr std::string_view kVersionedType = "SYSTEM VERSIONED";
constexpr std::string_view kSequenceType = "SEQUENCE";

// What information_schema shows in the place of a character that it cannot hold.
constexpr char kLost = '?';
constexpr size_t kLabelsMax = 65'535;  // of an ENUM

// What is known of a table before its layout is complete.
struct Description {
  TableLayout layout;
  bool is_in_memory = false;  // the engine that has hashes without hidden columns
  int64_t rows_estimated = 0;
};
using Descriptions = std::map<TableKey, Description>;

std::string Text(const std::optional<std::string>& value) { return value.value_or(""); }

// MySQL can hide the keys that it generates for tables without one, but the log has them. Servers
// that cannot hide them do not know the variable.
void ShowGeneratedKeys(Connection* connection) {
  if (connection->is_mariadb()) return;
  static_cast<void>(
      connection->Execute("SET SESSION show_gipk_in_create_table_and_information_schema = ON"));
}

// Adds the tables and sequences that `where` selects and `wanted` wants. Returns how many tables
// were selected.
template <typename Wanted>
Result<size_t> AddTables(Connection* connection, const std::string& where, Wanted wanted,
                         Descriptions* tables) {
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_ROWS, "
                                    "TABLE_COLLATION, ENGINE FROM information_schema.TABLES WHERE "
                                    "TABLE_TYPE IN ('BASE TABLE', '{}', '{}') AND {}",
                                    kVersionedType, kSequenceType, where)));
  size_t visible = 0;
  for (const TextRow& row : rows) {
    const bool is_sequence = Text(row[2]) == kSequenceType;
    if (!is_sequence) ++visible;
    if (!wanted(Text(row[0]), Text(row[1]), is_sequence)) continue;
    Description& table = (*tables)[{Text(row[0]), Text(row[1])}];
    table.layout.is_sequence = is_sequence;
    table.layout.is_versioned = Text(row[2]) == kVersionedType;
    table.layout.charset = CharsetOfCollation(Text(row[4]));
    table.is_in_memory = Text(row[5]) == "MEMORY";
    table.rows_estimated = ParseInteger(Text(row[3])).value_or(0);
  }
  return visible;
}

// The tables that match, but no sequence. Returns how many tables and sequences there are in all.
Result<size_t> AddMatching(Connection* connection, const NamePattern& databases,
                           const NamePattern& tables, Descriptions* found) {
  const auto is_wanted = [&](const std::string& database, const std::string& table,
                             bool is_sequence) {
    return !is_sequence && databases.Matches(database) && tables.Matches(table);
  };
  return AddTables(connection, fmt::format("TABLE_SCHEMA NOT IN ({})", kSystemSchemas), is_wanted,
                   found);
}

// Adds the columns of all tables in `tables`; `where` selects rows of information_schema.
Status AddColumns(Connection* connection, const std::string& where, Descriptions* tables) {
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, "
                                    "CHARACTER_SET_NAME, IS_NULLABLE "
                                    "FROM information_schema.COLUMNS WHERE {} "
                                    "ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
                                    where)));
  for (const TextRow& row : rows) {
    const auto table = tables->find({Text(row[0]), Text(row[1])});
    if (table == tables->end()) continue;
    table->second.layout.columns.push_back(
        ParseServerColumn(Text(row[2]), Text(row[3]), Text(row[4]), Text(row[5]) == "YES"));
  }
  // One that was dropped meanwhile has none.
  std::erase_if(*tables, [](const auto& entry) { return entry.second.layout.columns.empty(); });
  return Status::Ok();
}

// Finds the columns of row ends that versioned tables name themselves.
Status AddRowEnds(Connection* connection, const std::string& where, Descriptions* tables) {
  const bool any = std::any_of(tables->begin(), tables->end(),
                               [](const auto& entry) { return entry.second.layout.is_versioned; });
  if (!any) return Status::Ok();
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM "
                                    "information_schema.COLUMNS WHERE GENERATION_EXPRESSION = "
                                    "'ROW END' AND {}",
                                    where)));
  for (const TextRow& row : rows) {
    const auto table = tables->find({Text(row[0]), Text(row[1])});
    if (table == tables->end()) continue;
    TableLayout& layout = table->second.layout;
    if (layout.is_versioned) layout.row_end = layout.Find(Text(row[2]));
  }
  return Status::Ok();
}

Status AddIndexes(Connection* connection, const std::string& where, Descriptions* tables) {
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format(
          "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, "
          "SUB_PART, NON_UNIQUE, INDEX_TYPE FROM "
          "information_schema.STATISTICS WHERE {} ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, "
          "SEQ_IN_INDEX",
          where)));
  for (const TextRow& row : rows) {
    const auto table = tables->find({Text(row[0]), Text(row[1])});
    if (table == tables->end()) continue;
    std::vector<TableIndex>& indexes = table->second.layout.indexes;
    if (indexes.empty() || indexes.back().name != Text(row[2])) {
      TableIndex& index = indexes.emplace_back();
      index.name = Text(row[2]);
      index.is_unique = Text(row[5]) == "0";
      index.is_primary = index.name == kPrimaryName;
      index.is_hash = connection->is_mariadb() && index.is_unique && Text(row[6]) == "HASH" &&
                      !table->second.is_in_memory;
    }
    TableIndex& index = indexes.back();
    index.has_prefix =
        index.has_prefix || (index.is_unique && (!row[3].has_value() || row[4].has_value()));
    index.columns.push_back(Text(row[3]));
  }
  for (auto& [name, table] : *tables) {
    table.layout.NormalizeIndexes();
    table.layout.AddHiddenColumns();
  }
  return Status::Ok();
}

// The labels of a column as its values are, without the way through information_schema: the type
// of a recursive table is that of its first row, and numbers become labels when they are stored in
// it. A server that does not know such tables, or a user who may not read the column, changes
// nothing.
Status ReadLabels(Connection* connection, const TableKey& table, ServerColumn* column) {
  const size_t count = column->labels.size();
  const Result<std::vector<TextRow>> rows = connection->Query(fmt::format(
      "WITH RECURSIVE l (n, label) AS (SELECT 0, t.{0} FROM (SELECT 1) AS one LEFT JOIN {1}.{2} AS "
      "t ON FALSE UNION ALL SELECT n + 1, {3} FROM l WHERE n < {4}) "
      "SELECT n, label FROM l WHERE n > 0 ORDER BY n",
      QuoteIdentifier(column->name), QuoteIdentifier(table.first), QuoteIdentifier(table.second),
      column->type == ColumnType::kSet ? "1 << n" : "n + 1", count));
  if (!rows.ok()) {
    return rows.status().code() == StatusCode::kPermanent ? Status::Ok() : rows.status();
  }
  if (rows->size() != count) return Status::Ok();
  for (size_t i = 0; i < count; ++i) column->labels[i] = Text((*rows)[i][1]);
  return Status::Ok();
}

// information_schema has labels in utf8mb3: those with other characters are asked for by number.
Status AddLostLabels(Connection* connection, Descriptions* tables) {
  const auto is_lost = [](const std::string& label) {
    return label.find(kLost) != std::string::npos;
  };
  bool is_first = true;
  for (auto& [name, table] : *tables) {
    for (ServerColumn& column : table.layout.columns) {
      if (std::none_of(column.labels.begin(), column.labels.end(), is_lost)) continue;
      if (std::exchange(is_first, false)) {
        // A server that does not know the variable has no limit that is too low.
        static_cast<void>(connection->Execute(fmt::format(
            "SET SESSION {} = {}",
            connection->is_mariadb() ? "max_recursive_iterations" : "cte_max_recursion_depth",
            kLabelsMax)));
      }
      MR_RETURN_IF_ERROR(ReadLabels(connection, name, &column));
    }
  }
  return Status::Ok();
}

// Completes what AddTables has begun.
Result<std::vector<ServerTable>> ReadLayouts(Connection* connection, const std::string& where,
                                             Descriptions tables) {
  MR_RETURN_IF_ERROR(AddColumns(connection, where, &tables));
  MR_RETURN_IF_ERROR(AddRowEnds(connection, where, &tables));
  MR_RETURN_IF_ERROR(AddIndexes(connection, where, &tables));
  MR_RETURN_IF_ERROR(AddLostLabels(connection, &tables));
  LayoutPool layouts;
  std::vector<ServerTable> list;
  for (auto& [name, table] : tables) {
    list.emplace_back(name.first, name.second, layouts.Share(std::move(table.layout)));
    list.back().rows_estimated = table.rows_estimated;
  }
  return list;
}

std::string SchemaIsOneOf(const std::vector<std::string>& schemas) {
  std::vector<std::string> quoted;
  for (const std::string& schema : schemas) quoted.push_back(QuoteString(schema));
  return fmt::format("TABLE_SCHEMA IN ({})", Join(quoted, ", "));
}

std::vector<std::string> SchemasOf(const Descriptions& tables) {
  std::vector<std::string> schemas;
  for (const auto& [name, table] : tables) {
    if (schemas.empty() || schemas.back() != name.first) schemas.push_back(name.first);
  }
  return schemas;
}

}  // namespace

Status CheckVersioning(const ServerTable& table) {
  if (!table.layout->row_end) return Status::Ok();
  const ServerColumn& column = table.columns()[*table.layout->row_end];
  if (column.type == ColumnType::kTimestamp) return Status::Ok();
  return Status::Permanent(fmt::format(
      "table {} keeps its history by transactions ({} {}), and MariaDB logs changes of such a "
      "table as statements, so its rows are not known: make its period one of TIMESTAMP(6) or "
      "leave it out of 'table-name'",
      table.FullName(), column.name, column.TypeText()));
}

Result<std::vector<TableKey>> ListTables(Connection* connection, const NamePattern& databases,
                                         const NamePattern& tables) {
  Descriptions found;
  MR_RETURN_IF_ERROR(AddMatching(connection, databases, tables, &found).status());
  std::vector<TableKey> names;
  for (const auto& [name, description] : found) names.push_back(name);
  return names;
}

Result<std::vector<ServerTable>> Discover(Connection* connection, const NamePattern& databases,
                                          const NamePattern& tables) {
  ShowGeneratedKeys(connection);
  Descriptions found;
  MR_ASSIGN_OR_RETURN(const size_t visible, AddMatching(connection, databases, tables, &found));
  if (found.empty()) {
    return Status::Permanent(fmt::format(
        "no table matches 'database-name' = '{}' and 'table-name' = '{}'; this user can see {} "
        "non-system table(s): check the patterns (regular expressions that match the whole name) "
        "and GRANT SELECT on the tables",
        databases.text(), tables.text(), visible));
  }
  const std::string where = SchemaIsOneOf(SchemasOf(found));
  MR_ASSIGN_OR_RETURN(std::vector<ServerTable> list,
                      ReadLayouts(connection, where, std::move(found)));
  for (const ServerTable& table : list) MR_RETURN_IF_ERROR(CheckVersioning(table));
  return list;
}

Result<std::vector<ServerTable>> DescribeOthers(Connection* connection,
                                                const NamePattern& databases,
                                                const NamePattern& tables, size_t tables_max) {
  ShowGeneratedKeys(connection);
  Descriptions found;
  MR_RETURN_IF_ERROR(AddMatching(connection, databases, NamePattern(".*"), &found).status());
  std::erase_if(found, [&](const auto& table) { return tables.Matches(table.first.second); });
  if (found.empty() || found.size() > tables_max) return std::vector<ServerTable>();
  const std::string where = SchemaIsOneOf(SchemasOf(found));
  return ReadLayouts(connection, where, std::move(found));
}

Result<std::optional<ServerTable>> Describe(Connection* connection, const std::string& database,
                                            const std::string& table) {
  ShowGeneratedKeys(connection);
  Descriptions found;
  const std::string where = fmt::format("TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                        QuoteString(database), QuoteString(table));
  const auto any = [](const std::string&, const std::string&, bool) { return true; };
  MR_RETURN_IF_ERROR(AddTables(connection, where, any, &found).status());
  MR_ASSIGN_OR_RETURN(std::vector<ServerTable> list,
                      ReadLayouts(connection, where, std::move(found)));
  if (list.empty()) return std::optional<ServerTable>();
  MR_RETURN_IF_ERROR(CheckVersioning(list[0]));
  return std::optional(std::move(list[0]));
}

}  // namespace millrace::mysql
