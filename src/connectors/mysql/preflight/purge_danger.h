// Whether a server will soon remove the file of its binlog from which a job is to go on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

inline constexpr std::string_view kKeepLogs =
    "keep binlogs longer (binlog_expire_logs_seconds or expire_logs_days) until the job has caught "
    "up";

// What to warn of; empty: there is time enough, or the file is the one that the server writes. Asks
// on `connection`, and on one of its own when the file was closed.
Result<std::string> PurgeDanger(const Endpoint& endpoint, Connection* connection,
                                const std::string& file);

// The file after another, from the rows of SHOW BINARY LOGS; empty: it is the last one, or not
// among them.
std::string FileAfter(const std::string& file, const std::vector<TextRow>& logs);

// Of a file that the server stopped writing at `closed_s`.
std::string PurgeWarning(const std::string& file, int64_t closed_s, int64_t now_s,
                         int64_t retention_s);

}  // namespace millrace::mysql
