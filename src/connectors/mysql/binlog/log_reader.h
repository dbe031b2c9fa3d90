// Reads the binlog of a server from a position on. A lost connection is taken up again at the last
// transaction boundary; rows of a transaction that were given out already are skipped then. One
// thread; Interrupt may be called by another.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_decoder.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct LogReaderConfig {
  Endpoint endpoint;
  const SourceRequest* request = nullptr;
  const NamePattern* databases = nullptr;
  const NamePattern* tables = nullptr;
  uint32_t server_id = 0;  // 0: choose
  int64_t heartbeat_ms = 10'000;
  TimeZone server_zone;
  Environment environment;
};

class LogReader final {
 public:
  LogReader(const LogReaderConfig& config, LogPosition start);

  void set_gate(LogDecoder::Gate gate) { decoder_.set_gate(std::move(gate)); }

  // Processes one event; rows are added to the batch. Waits for the server; heartbeats end the
  // wait.
  Status Next(Batch* batch);
  bool at_boundary() const { return decoder_.at_boundary(); }
  const LogPosition& position() const { return decoder_.position(); }
  bool DataIsWaiting() const { return connection_ != nullptr && connection_->DataIsWaiting(); }
  int64_t last_event_second() const { return decoder_.last_event_second(); }

  void Interrupt();

 private:
  Status Open();
  Result<std::optional<ServerTable>> DescribeWhenVisible(const std::string& database,
                                                         const std::string& table);
  Status Dump();
  Status Reconnect(const Status& cause);

  const LogReaderConfig config_;
  LogDecoder decoder_;
  std::unique_ptr<Connection> connection_;
  std::mutex connection_mutex_;  // connection_ against Interrupt
  std::atomic<bool> stopped_ = false;
};

}  // namespace millrace::mysql
