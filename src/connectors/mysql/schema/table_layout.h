// The columns of a table and its indexes: what is needed to read its rows from the binlog.
// Immutable once made, and shared by all tables that are alike.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/status.h"
#include "connectors/mysql/values/column_type.h"

namespace millrace::mysql {

struct ServerColumn {
  std::string name;
  ColumnType type = ColumnType::kOther;
  // In small letters, as DATA_TYPE of information_schema: "int", "longtext", "point".
  std::string type_name;
  // CHAR, VARCHAR, BINARY, VARBINARY: characters or bytes; DECIMAL: digits; BIT: bits; TIME,
  // DATETIME, TIMESTAMP: digits of the fraction; VECTOR: dimensions. Of other types 0.
  uint32_t length = 0;
  uint8_t scale = 0;  // DECIMAL
  bool is_unsigned = false;
  std::vector<std::string> labels;  // ENUM and SET
  std::string charset;              // empty if it has none
  bool is_nullable = true;

  // "int unsigned", "varchar(20)", "enum('M','F')", for messages.
  std::string TypeText() const;

  bool operator==(const ServerColumn&) const = default;
};

struct TableIndex {
  std::string name;
  bool is_unique = false;
  bool is_primary = false;
  bool has_prefix = false;           // of a column, or an expression: of no use as a key
  std::vector<std::string> columns;  // names as the columns have them

  bool operator==(const TableIndex&) const = default;
};

struct TableLayout {
  std::vector<ServerColumn> columns;
  std::vector<TableIndex> indexes;
  std::string charset;  // the default of the table
  // A sequence of MariaDB: it has a table map and rows in the log, but no rows to copy.
  bool is_sequence = false;
  // MariaDB, WITH SYSTEM VERSIONING: the column that says when a row ended. Queries show current
  // rows only; the log shows all of them.
  bool is_versioned = false;
  std::optional<uint32_t> row_end;

  // As MySQL compares the names of columns: in any case.
  std::optional<uint32_t> Find(std::string_view column) const;
  // Primary, else the shortest unique index without NULLs: indexes into columns. Empty: there is
  // none.
  std::vector<uint32_t> Key() const;

  Json ToJson() const;
  // Permanent error naming what is wrong.
  static Result<TableLayout> FromJson(const Json& json);

  bool operator==(const TableLayout&) const = default;
};

}  // namespace millrace::mysql
