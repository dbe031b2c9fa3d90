// Everything that can be known to go wrong before the first row is read, in one message.
#pragma once

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Binlog, its format, rights. Every finding comes with the statement that mends it.
Status Preflight(Connection* connection, const Settings& settings);
// Where a job without a checkpoint begins in the log.
Result<LogPosition> StartPosition(Connection* connection, const Settings& settings);

// Waits for the end of XA transactions that are prepared now: their rows are in front of the place
// where the job begins in the log, and no query shows them yet, so that nobody would see them.
// Transient error naming them if that takes long.
Status WaitForPreparedXa(Connection* connection, const Environment& environment);

}  // namespace millrace::mysql
