// A table as the server describes it in information_schema: columns, key, size.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/quote.h"
#include "base/status.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/values/column_type.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct ServerColumn {
  std::string name;
  ColumnType type = ColumnType::kOther;
  std::string column_type;  // "int(10) unsigned", "enum('M','F')"
  std::string charset;      // empty if it has none
  bool is_nullable = true;

  bool is_unsigned() const {
    return column_type.find("unsigned") != std::string::npos ||
           column_type.find("zerofill") != std::string::npos;
  }
  // The number in parentheses, such as the bits of BIT(8) or the fraction digits of TIME(3).
  int64_t Parameter(int64_t fallback) const;
  // The labels of ENUM and SET.
  std::vector<std::string> Labels() const;
};

struct ServerTable {
  std::string database;
  std::string name;
  std::vector<ServerColumn> columns;
  std::vector<uint32_t> key;  // primary, else a unique index without NULLs: indexes into columns
  int64_t rows_estimated = 0;
  // A sequence of MariaDB: it has a table map and rows in the log, but no rows to copy.
  bool is_sequence = false;
  // MariaDB, WITH SYSTEM VERSIONING: the column that says when a row ended. Queries show current
  // rows only; the log shows all of them.
  std::optional<uint32_t> row_end;

  std::string FullName() const { return database + "." + name; }
  std::string Quoted() const { return QuoteIdentifier(database) + "." + QuoteIdentifier(name); }
  std::optional<uint32_t> Find(std::string_view column) const;
};

// All tables whose names match (no views, no sequences), with columns and keys, ordered by name.
// Permanent error naming the patterns if there is none.
Result<std::vector<ServerTable>> Discover(Connection* connection, const NamePattern& databases,
                                          const NamePattern& tables);
// One table or sequence; nothing if it does not exist (any more).
Result<std::optional<ServerTable>> Describe(Connection* connection, const std::string& database,
                                            const std::string& table);

}  // namespace millrace::mysql
