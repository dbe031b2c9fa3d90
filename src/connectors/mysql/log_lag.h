// How many bytes of the server's binlog are still to be read. Asks the server now and then, on a
// connection of its own; what cannot be known is -1, never an error. Warns while there is time if
// the server is about to remove what is still to be read. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/connections.h"

namespace millrace::mysql {

class LogLag final {
 public:
  // All that is passed outlives this.
  LogLag(const Endpoint& endpoint, const Environment& environment, Connections* connections);

  // Asks where the log ends, if that was not done lately: how far `at` is before it; nothing if it
  // was not asked. Warns once in a file of the log if the server is about to remove it.
  std::optional<int64_t> MeasureIfDue(const LogPosition& at);

 private:
  Result<int64_t> Measure(const LogPosition& at);
  void WarnOfPurge(const LogPosition& at);

  Endpoint endpoint_;
  Clock& clock_;
  Log& log_;
  Connections& connections_;
  Connection* connection_ = nullptr;
  int64_t due_ms_ = 0;
  int64_t purge_due_ms_ = 0;
  std::string warned_of_;  // the file of the latest warning
};

// The bytes from `at` to the end of the log, from the rows of SHOW BINARY LOGS (name, size, ...);
// -1 if the file is not among them.
int64_t BytesUntilEnd(const LogPosition& at, const std::vector<TextRow>& logs);

}  // namespace millrace::mysql
