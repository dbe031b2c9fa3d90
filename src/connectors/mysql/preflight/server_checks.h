// What is wrong with a server, or with what its user may do, whichever tables are read. Pure.
#pragma once

#include <set>
#include <string>

#include "connectors/mysql/options.h"
#include "connectors/mysql/preflight/finding_list.h"
#include "connectors/mysql/preflight/server_view.h"

namespace millrace::mysql {

// `snapshot_ahead`: rows of a snapshot are still to be read.
void CheckServer(const ServerView& server, const SourceConfig& config, bool snapshot_ahead,
                 FindingList* findings);

// Filters that keep changes of the captured databases out of the log.
void CheckLogFilters(const ServerView& server, const std::set<std::string>& databases,
                     FindingList* findings);

}  // namespace millrace::mysql
