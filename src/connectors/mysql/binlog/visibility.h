// When rows of the log can be seen by a SELECT. MariaDB reports the exact position of a consistent
// snapshot. On MySQL the log shows a transaction a moment before its rows become visible, so a read
// view is opened only after the server says that everything up to a position is visible (the
// executed GTID set, or performance_schema.log_status, which holds commits back for an instant).
// Measured: docs/decisions/0001-snapshot-rounds.md.
#pragma once

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// A position such that everything up to it is visible, and everything after it will be in the log.
Result<LogPosition> PositionBeforeSnapshot(Connection* connection);

// Opens a read view that holds everything up to `visible`. Returns the view's own position if
// the server reports it, else one that is not after it; with `exact` more effort is made (and more
// commits are held back) to know it exactly.
Result<LogPosition> OpenReadView(Connection* connection, const LogPosition& visible, bool exact,
                                 const Environment& environment);

}  // namespace millrace::mysql
