// The columns of a table and its indexes: what is needed to read its rows from the binlog.
// Immutable once made, and shared by all tables that are alike.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

  // "int unsigned", "varchar(20)", "enum('M','F')": for messages.
  std::string TypeText() const;

  bool operator==(const ServerColumn&) const = default;
};

inline constexpr std::string_view kPrimaryName = "PRIMARY";

struct TableIndex {
  std::string name;  // of the primary key: kPrimaryName
  bool is_unique = false;
  bool is_primary = false;
  // Of a unique one: it has the front of a column or an expression and is of no use as a key.
  bool has_prefix = false;
  // MariaDB: a unique one over values that are too long for a tree. The table has a hidden column
  // for it.
  bool is_hash = false;
  // Names as the columns have them; empty for an expression.
  std::vector<std::string> columns;

  bool operator==(const TableIndex&) const = default;
};

// Whether two names are those of the same column, as MySQL compares them: in any case.
bool IsSameName(std::string_view a, std::string_view b);

struct TableLayout {
  std::vector<ServerColumn> columns;  // in the order of the log; hidden ones are at the end
  std::vector<TableIndex> indexes;    // see NormalizeIndexes
  std::string charset;                // the default of the table
  // A sequence of MariaDB: it has a table map and rows in the log, but no rows to copy.
  bool is_sequence = false;
  // MariaDB, WITH SYSTEM VERSIONING: the column that says when a row ended. Queries show current
  // rows only; the log shows all of them.
  bool is_versioned = false;
  std::optional<uint32_t> row_end;
  // Columns that no query shows, and the log has, at the end of `columns`: row_start and row_end of
  // a versioned table that does not name its own, then one for each index that is_hash.
  bool has_hidden_period = false;
  uint32_t hash_columns = 0;

  // As MySQL compares the names of columns: in any case.
  std::optional<uint32_t> Find(std::string_view column) const;
  // Primary, else the shortest unique index without NULLs (of several the one whose name comes
  // first): indexes into columns. Empty: there is none.
  std::vector<uint32_t> Key() const;
  // So that equal tables have equal layouts: the indexes in the order of their names, unique ones
  // without the row end, which is the same in all rows that are.
  void NormalizeIndexes();
  // Adds the columns that no query shows: row_start and row_end if the table is versioned and has
  // no row end yet, and those of the indexes that are hashes.
  void AddHiddenColumns();

  Json ToJson() const;
  // Permanent error naming what is wrong.
  static Result<TableLayout> FromJson(const Json& json);

  bool operator==(const TableLayout&) const = default;
};

// Makes equal layouts one. Holds no layout alive.
class LayoutPool final {
 public:
  std::shared_ptr<const TableLayout> Share(TableLayout layout);

 private:
  // By a hash; those that nobody holds any more go when there are many.
  std::unordered_multimap<size_t, std::weak_ptr<const TableLayout>> layouts_;
  static constexpr size_t kSweepMin = 64;
  size_t sweep_at_ = kSweepMin;
};

}  // namespace millrace::mysql
