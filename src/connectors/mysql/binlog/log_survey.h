// Parts of the binlog without their rows: whether tables were changed in between, and where a
// moment is.
#pragma once

#include <functional>

#include "base/status.h"
#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/log_reader.h"

namespace millrace::mysql {

// Called with each statement that neither begins nor ends a transaction, and the end of its event.
using OnStatement = std::function<Status(const QueryText& statement, const LogPosition& end)>;

// Reads the log of `config` from `start` to `end`, which the server has written already, over a
// connection and with a server id of its own. Ends early with the first error of `on_statement`. A
// statement may come more than once. `stopped`: ends with Cancelled, when it is true.
Status SurveyLog(const LogReaderConfig& config, const LogPosition& start, const LogPosition& end,
                 const std::function<bool()>& stopped, const OnStatement& on_statement);

// Where the first transaction begins of which an event is of `second` (since 1970) or later; the
// end of the log if there is none. The file is found by the time at which each begins, then it is
// read up to there. Permanent error for a second that is still to come; a warning if the server no
// longer has the log of it, and then the beginning of what it has.
Result<LogPosition> SeekLog(Connection* control, const LogReaderConfig& config, int64_t second,
                            const std::function<bool()>& stopped);

}  // namespace millrace::mysql
