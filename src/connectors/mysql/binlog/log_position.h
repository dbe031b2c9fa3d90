// A position in the binlog between two transactions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

// The end of the log now. On MySQL rows may become visible a moment after the log shows them.
Result<LogPosition> CurrentLogEnd(Connection* connection);

}  // namespace millrace::mysql
