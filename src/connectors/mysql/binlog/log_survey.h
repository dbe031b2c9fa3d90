// The statements of a part of the binlog, without its rows: whether tables were changed in between.
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

}  // namespace millrace::mysql
