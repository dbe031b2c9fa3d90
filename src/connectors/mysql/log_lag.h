// How many bytes of the server's binlog are still to be read. Asks the server now and then, on a
// connection of its own; what cannot be known is -1, never an error. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/connections.h"

namespace millrace::mysql {

class LogLag final {
 public:
  // All that is passed outlives this.
  LogLag(const Endpoint& endpoint, Clock* clock, Connections* connections);

  // Asks where the log ends, if that was not done lately: how far `at` is before it; nothing if it
  // was not asked.
  std::optional<int64_t> MeasureIfDue(const LogPosition& at);

 private:
  Result<int64_t> Measure(const LogPosition& at);

  Endpoint endpoint_;
  Clock& clock_;
  Connections& connections_;
  Connection* connection_ = nullptr;
  int64_t due_ms_ = 0;
};

// The bytes from `at` to the end of the log, from the rows of SHOW BINARY LOGS (name, size, ...);
// -1 if the file is not among them.
int64_t BytesUntilEnd(const LogPosition& at, const std::vector<TextRow>& logs);

}  // namespace millrace::mysql
