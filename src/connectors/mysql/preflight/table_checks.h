// What is wrong with the tables that a source reads, as it declares them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/preflight/finding_list.h"
#include "connectors/mysql/preflight/server_view.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct TableUse {
  const SourceRequest* request = nullptr;
  const SourceConfig* config = nullptr;
  bool from_checkpoint = false;  // the tables are those of the server's, or of the checkpoint's
  bool snapshot_ahead = false;   // rows of a snapshot are still to be read
};

// All of the below.
Status CheckTables(Connection* connection, const ServerView& server, const TableUse& use,
                   const std::vector<ServerTable>& tables, int64_t now_s, FindingList* findings);

// Declared columns that no table has, and those whose type cannot hold the server's. Pure.
void CheckDeclaredColumns(const TableUse& use, const std::vector<ServerTable>& tables,
                          FindingList* findings);
// Tables that can only be read as a whole. Pure.
void CheckKeys(const TableUse& use, const std::vector<ServerTable>& tables, FindingList* findings);
// Engines whose rows or changes are not the server's own, and views, which have no changes.
Status CheckEngines(Connection* connection, const TableUse& use,
                    const std::vector<ServerTable>& tables, FindingList* findings);
// TIMESTAMP columns that are read in another zone than the server's.
Status CheckZone(Connection* connection, const TableUse& use,
                 const std::vector<ServerTable>& tables, int64_t now_s, FindingList* findings);

// Findings of one kind; more of them are only counted.
inline constexpr size_t kFindingsOfKindMax = 20;
// "a.b, a.c, a.d and 7 more"
std::string SomeNames(const std::vector<std::string>& names);

}  // namespace millrace::mysql
