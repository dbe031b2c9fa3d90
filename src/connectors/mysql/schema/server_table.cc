#include "connectors/mysql/schema/server_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kSystemSchemas =
    "'mysql', 'information_schema', 'performance_schema', 'sys'";

// TABLE_TYPE of information_schema.TABLES.
constexpr std::string_view kVersionedType = "SYSTEM VERSIONED";
constexpr std::string_view kSequenceType = "SEQUENCE";

using TableKey = std::pair<std::string, std::string>;

std::string Text(const std::optional<std::string>& value) { return value.value_or(""); }

// MySQL can hide the keys that it generates for tables without one, but the log has them. Servers
// that cannot hide them do not know the variable.
void ShowGeneratedKeys(Connection* connection) {
  if (connection->is_mariadb()) return;
  static_cast<void>(
      connection->Execute("SET SESSION show_gipk_in_create_table_and_information_schema = ON"));
}

// Adds the columns of all tables in `tables`; `where` selects rows of information_schema.
Status AddColumns(Connection* connection, const std::string& where,
                  std::map<TableKey, ServerTable>* tables) {
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, "
                                    "COLUMN_TYPE, CHARACTER_SET_NAME, "
                                    "IS_NULLABLE FROM information_schema.COLUMNS WHERE {} "
                                    "ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
                                    where)));
  for (const TextRow& row : rows) {
    const auto table = tables->find({Text(row[0]), Text(row[1])});
    if (table == tables->end()) continue;
    table->second.columns.push_back({Text(row[2]), ParseColumnType(Text(row[3])), Text(row[4]),
                                     Text(row[5]), Text(row[6]) == "YES"});
  }
  return Status::Ok();
}

// Finds the columns of row ends of the tables in `versioned`. Unless the table names them itself
// they are the last ones, and information_schema does not show them.
Status AddRowEnds(Connection* connection, const std::string& where,
                  const std::vector<ServerTable*>& versioned) {
  if (versioned.empty()) return Status::Ok();
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM "
                                    "information_schema.COLUMNS WHERE GENERATION_EXPRESSION = "
                                    "'ROW END' AND {}",
                                    where)));
  for (ServerTable* table : versioned) {
    for (const TextRow& row : rows) {
      if (Text(row[0]) != table->database || Text(row[1]) != table->name) continue;
      table->row_end = table->Find(Text(row[2]));
    }
    if (!table->row_end) {
      table->columns.push_back({"row_start", ColumnType::kTimestamp, "timestamp(6)", "", false});
      table->columns.push_back({"row_end", ColumnType::kTimestamp, "timestamp(6)", "", false});
      table->row_end = static_cast<uint32_t>(table->columns.size() - 1);
    }
    if (table->columns[*table->row_end].type != ColumnType::kTimestamp) {
      return Status::Permanent(fmt::format(
          "table {} keeps its history by transactions ({} {}), and MariaDB logs changes of such a "
          "table as statements, so its rows are not known: make its period one of TIMESTAMP(6) or "
          "leave it out of 'table-name'",
          table->FullName(), table->columns[*table->row_end].name,
          table->columns[*table->row_end].column_type));
    }
  }
  return Status::Ok();
}

struct Index {
  std::string name;
  std::vector<uint32_t> columns;
  bool usable = true;  // whole columns, none of them nullable
};

// The primary key, else the shortest unique index without NULLs.
Status AddKeys(Connection* connection, const std::string& where,
               std::map<TableKey, ServerTable>* tables) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection->Query(fmt::format(
                          "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART "
                          "FROM information_schema.STATISTICS WHERE NON_UNIQUE = 0 AND {} "
                          "ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
                          where)));
  std::map<TableKey, std::vector<Index>> indexes;
  for (const TextRow& row : rows) {
    const TableKey key{Text(row[0]), Text(row[1])};
    const auto table = tables->find(key);
    if (table == tables->end()) continue;
    std::vector<Index>& list = indexes[key];
    if (list.empty() || list.back().name != Text(row[2])) list.push_back({Text(row[2]), {}, true});
    const std::optional<uint32_t> column = table->second.Find(Text(row[3]));
    if (column && column == table->second.row_end) continue;  // the same in all rows that are
    Index& index = list.back();
    if (!column || row[4].has_value() || table->second.columns[*column].is_nullable) {
      index.usable = false;
    } else {
      index.columns.push_back(*column);
    }
  }
  for (auto& [key, list] : indexes) {
    const Index* best = nullptr;
    for (const Index& index : list) {
      if (!index.usable) continue;
      if (index.name == "PRIMARY") {
        best = &index;
        break;
      }
      if (best == nullptr || index.columns.size() < best->columns.size()) best = &index;
    }
    if (best != nullptr) tables->at(key).key = best->columns;
  }
  return Status::Ok();
}

// The character that a backslash and `c` stand for in a COLUMN_TYPE.
char Unescaped(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'Z':
      return '\x1a';
    default:
      return c;
  }
}

}  // namespace

int64_t ServerColumn::Parameter(int64_t fallback) const {
  const size_t open = column_type.find('(');
  if (open == std::string::npos) return fallback;
  const size_t end = column_type.find_first_not_of("0123456789", open + 1);
  return ParseInteger(std::string_view(column_type).substr(open + 1, end - open - 1))
      .value_or(fallback);
}

std::vector<std::string> ServerColumn::Labels() const {
  std::vector<std::string> labels;
  std::string label;
  bool inside = false;
  for (size_t i = 0; i < column_type.size(); ++i) {
    const char c = column_type[i];
    if (!inside) {
      inside = c == '\'';
    } else if (c == '\\' && i + 1 < column_type.size()) {
      label += Unescaped(column_type[++i]);
    } else if (c != '\'') {
      label += c;
    } else if (i + 1 < column_type.size() && column_type[i + 1] == '\'') {
      label += c;
      ++i;
    } else {
      inside = false;
      labels.push_back(std::move(label));
      label.clear();
    }
  }
  return labels;
}

std::optional<uint32_t> ServerTable::Find(std::string_view column) const {
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return i;
  }
  return std::nullopt;
}

Result<std::vector<ServerTable>> Discover(Connection* connection, const NamePattern& databases,
                                          const NamePattern& tables) {
  ShowGeneratedKeys(connection);
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, TABLE_TYPE FROM "
                                    "information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', "
                                    "'{}') AND TABLE_SCHEMA NOT IN ({})",
                                    kVersionedType, kSystemSchemas)));
  std::map<TableKey, ServerTable> found;
  std::vector<ServerTable*> versioned;
  std::vector<std::string> schemas;
  for (const TextRow& row : rows) {
    if (!databases.Matches(Text(row[0])) || !tables.Matches(Text(row[1]))) continue;
    ServerTable table;
    table.database = Text(row[0]);
    table.name = Text(row[1]);
    table.rows_estimated = ParseInteger(Text(row[2])).value_or(0);
    if (schemas.empty() || schemas.back() != QuoteString(table.database)) {
      schemas.push_back(QuoteString(table.database));
    }
    ServerTable& added = found[{table.database, table.name}];
    added = std::move(table);
    if (Text(row[3]) == kVersionedType) versioned.push_back(&added);
  }
  if (found.empty()) {
    return Status::Permanent(fmt::format(
        "no table matches 'database-name' = '{}' and 'table-name' = '{}'; this user can see {} "
        "non-system table(s): check the patterns (regular expressions that match the whole name) "
        "and GRANT SELECT on the tables",
        databases.text(), tables.text(), rows.size()));
  }
  const std::string where = fmt::format("TABLE_SCHEMA IN ({})", Join(schemas, ", "));
  MR_RETURN_IF_ERROR(AddColumns(connection, where, &found));
  MR_RETURN_IF_ERROR(AddRowEnds(connection, where, versioned));
  MR_RETURN_IF_ERROR(AddKeys(connection, where, &found));
  std::vector<ServerTable> list;
  for (auto& [key, table] : found) list.push_back(std::move(table));
  return list;
}

Result<std::optional<ServerTable>> Describe(Connection* connection, const std::string& database,
                                            const std::string& table) {
  ShowGeneratedKeys(connection);
  std::map<TableKey, ServerTable> found;
  ServerTable& described = found[{database, table}];
  described.database = database;
  described.name = table;
  const std::string where = fmt::format("TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                        QuoteString(database), QuoteString(table));
  MR_RETURN_IF_ERROR(AddColumns(connection, where, &found));
  if (described.columns.empty()) return std::optional<ServerTable>();
  MR_ASSIGN_OR_RETURN(
      const auto type,
      connection->QueryValue("SELECT TABLE_TYPE FROM information_schema.TABLES WHERE " + where));
  described.is_sequence = type == kSequenceType;
  if (type == kVersionedType) MR_RETURN_IF_ERROR(AddRowEnds(connection, where, {&described}));
  MR_RETURN_IF_ERROR(AddKeys(connection, where, &found));
  return std::optional<ServerTable>(std::move(described));
}

}  // namespace millrace::mysql
