// What can be checked on the server before the first row is read, and where a job without a
// checkpoint starts.
#pragma once

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// Checks the binlog, its format and the rights of the user. All findings come in one message, each
// with the statement that repairs it.
Status Preflight(Connection* connection, const SourceConfig& config);
// Where a job without a checkpoint starts in the binlog.
Result<LogPosition> StartPosition(Connection* connection, const SourceConfig& config);

// Waits for the end of the XA transactions that are prepared now: their rows are before the start
// of the job in the binlog, and no query shows them yet, so the job would miss them. Transient
// error naming them if that takes long.
Status WaitForPreparedXa(Connection* connection, const Environment& environment);

}  // namespace millrace::mysql
