// Whether the user may read the columns that a source needs, and see all others: the binlog has
// every column of a row, so that a table is only understood if all of them are known.
#pragma once

#include <vector>

#include "base/status.h"
#include "connectors/mysql/preflight/table_checks.h"

namespace millrace::mysql {

Status CheckColumnRights(Connection* connection, const ServerView& server, const TableUse& use,
                         const std::vector<ServerTable>& tables, FindingList* findings);

}  // namespace millrace::mysql
