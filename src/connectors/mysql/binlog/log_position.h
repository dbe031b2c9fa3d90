// A position in the binlog between two transactions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/binlog/gtid_set.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct LogPosition {
  std::string file;  // "bin.000002"; empty: the server's first
  uint64_t offset = 4;
  std::optional<GtidSet> gtids;  // MySQL with GTIDs: everything up to here; decides where to go on

  std::string ToString() const { return file + ":" + std::to_string(offset); }
};

// By the number after the last point of the file, then the offset.
bool IsBefore(const LogPosition& a, const LogPosition& b);

// What the server says of its log: file, offset, binlog-do-db, binlog-ignore-db; no row if it has
// none.
Result<std::vector<TextRow>> ReadLogStatus(Connection* connection);
// Of a row of SHOW BINARY LOGS: a file and its bytes.
std::string LogFileName(const TextRow& log);
uint64_t LogFileBytes(const TextRow& log);

// The end of the log now. On MySQL rows may become visible a moment after the log shows them.
Result<LogPosition> CurrentLogEnd(Connection* connection);

}  // namespace millrace::mysql
