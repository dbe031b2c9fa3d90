// Whether the log of a server still has what comes after a position, and is the log that the
// position is from. A log that was reset, or that of a restored server, may have a file of the same
// name with something else in it: what the position knows is compared with it, never trusted.
#pragma once

#include <functional>

#include "base/status.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/preflight/finding_list.h"
#include "connectors/mysql/preflight/server_view.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// `from_checkpoint`: else the options name the position. Transient if the server is a replica that
// has not come so far yet.
Status CheckPosition(Connection* connection, const ServerView& server, const LogPosition& position,
                     bool from_checkpoint, FindingList* findings);

// Without GTIDs: by the list of files. Pure.
void CheckFile(const ServerView& server, const LogPosition& position, bool from_checkpoint,
               FindingList* findings);

}  // namespace millrace::mysql
