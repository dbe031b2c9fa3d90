// Foreign keys by which the storage engine changes rows of a captured table itself: most servers do
// not log what it does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/preflight/table_checks.h"

namespace millrace::mysql {

struct ForeignKey {
  TableKey child;
  std::string name;
  TableKey parent;
  std::vector<std::string> columns;
  std::string on_delete;  // "CASCADE", "SET NULL"; empty: nothing is changed
  std::string on_update;
};

// What SHOW CREATE TABLE says of a table.
std::vector<ForeignKey> ParseForeignKeys(const TableKey& table, std::string_view create_table);

Status CheckForeignKeys(Connection* connection, const ServerView& server, const TableUse& use,
                        const std::vector<ServerTable>& tables, FindingList* findings);

}  // namespace millrace::mysql
