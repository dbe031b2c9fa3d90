// Keeps a snapshot from beginning chunks while its server is busy: asks for the status variables
// of the conditions about once a second, on a connection of its own. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "connectors/mysql/connections.h"
#include "connectors/mysql/snapshot/pause_condition.h"

namespace millrace::mysql {

class LoadGate final {
 public:
  struct Config {
    std::vector<PauseCondition> conditions;  // none: never closed
    Endpoint endpoint;
    Connections* connections = nullptr;
    Clock* clock = nullptr;
    Log* log = nullptr;
    std::string table;  // Flink's name, for messages
  };

  static constexpr int64_t kAskEveryMs = 1'000;

  // What the config points to outlives the gate.
  explicit LoadGate(Config config) : config_(std::move(config)) {}
  ~LoadGate() { Disconnect(); }
  LoadGate(const LoadGate&) = delete;
  LoadGate& operator=(const LoadGate&) = delete;

  // Whether one of the conditions holds, as of the latest answer; the log says when that changes.
  // Permanent error if the server does not have such a variable or does not show it.
  Result<bool> IsClosed();
  // Ends the connection until it is asked again.
  void Disconnect();

 private:
  Status Ask();
  Result<std::optional<int64_t>> ReadLag();
  Result<std::optional<int64_t>> Read(const PauseCondition& condition,
                                      const std::vector<TextRow>& status);

  const Config config_;
  std::mutex mutex_;
  Connection* connection_ = nullptr;
  int64_t due_ms_ = INT64_MIN;
  bool closed_ = false;
};

}  // namespace millrace::mysql
