// The tables of a server, as information_schema describes them now: layout, key, size.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/quote.h"
#include "base/status.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/schema/table_key.h"
#include "connectors/mysql/schema/table_layout.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct ServerTable {
  ServerTable() = default;
  ServerTable(std::string in_database, std::string called,
              std::shared_ptr<const TableLayout> described)
      : database(std::move(in_database)),
        name(std::move(called)),
        layout(std::move(described)),
        key(layout->Key()) {}

  std::string database;
  std::string name;
  std::shared_ptr<const TableLayout> layout;  // one for all tables that are alike
  std::vector<uint32_t> key;                  // the layout's
  int64_t rows_estimated = 0;

  std::string FullName() const { return database + "." + name; }
  std::string Quoted() const { return QuoteIdentifier(database) + "." + QuoteIdentifier(name); }
  const std::vector<ServerColumn>& columns() const { return layout->columns; }
  std::optional<uint32_t> Find(std::string_view column) const { return layout->Find(column); }
};

// All tables whose names match (no views, no sequences), ordered by name. Permanent error naming
// the patterns if there is none.
Result<std::vector<ServerTable>> Discover(Connection* connection, const NamePattern& databases,
                                          const NamePattern& tables);
// The tables of these databases whose names do not match, without a look at whether they can be
// read; nothing if there are more than `tables_max`.
Result<std::vector<ServerTable>> DescribeOthers(Connection* connection,
                                                const NamePattern& databases,
                                                const NamePattern& tables, size_t tables_max);
// The names of those that match, ordered; nothing if there is none.
Result<std::vector<TableKey>> ListTables(Connection* connection, const NamePattern& databases,
                                         const NamePattern& tables);
// One table or sequence; nothing if it does not exist (any more).
Result<std::optional<ServerTable>> Describe(Connection* connection, const std::string& database,
                                            const std::string& table);

// Permanent error for a table of MariaDB whose changes are not in the log as rows, because it keeps
// its history by transactions.
Status CheckVersioning(const ServerTable& table);

}  // namespace millrace::mysql
