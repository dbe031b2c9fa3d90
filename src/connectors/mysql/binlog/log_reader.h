// Reads the binlog of a server from a position on. A lost connection is taken up again at the last
// transaction boundary; rows of a transaction that were emitted already are skipped then. One
// thread; Interrupt may be called by another.
//
// An event whose checksum is wrong is read once more over a new connection. If it is wrong
// again, the bytes are damaged where trying again cannot help: a permanent error.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/status.h"
#include "base/stop_token.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_decoder.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/binlog/log_tables.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct LogReaderConfig {
  Endpoint endpoint;
  std::string server;           // whose log it is: no other is read (wire/server_identity.h)
  bool of_several = false;      // there are other servers: do not try this one for long
  LogTables* tables = nullptr;  // outlives the reader
  uint32_t server_id = 0;       // 0: choose one
  int64_t heartbeat_ms = 0;
  TimeZone server_zone;
  Environment environment;
};

class LogReader final {
 public:
  LogReader(const LogReaderConfig& config, LogPosition start);

  void set_row_filter(LogDecoder::RowFilter filter) { decoder_.set_row_filter(std::move(filter)); }

  // Processes one event; rows are added to the batch. Of a compressed transaction one of the events
  // in it, so that the batch can be emitted when it is full. Waits for the server; heartbeats end
  // the wait.
  Status Next(Batch* batch);
  bool at_boundary() const { return decoder_.at_boundary(); }
  // See LogDecoder.
  [[nodiscard]] bool DropOpenTransaction(Batch* batch) {
    return decoder_.DropOpenTransaction(batch);
  }
  const LogPosition& position() const { return decoder_.position(); }
  bool DataIsWaiting() const;
  int64_t last_event_second() const { return decoder_.last_event_second(); }

  // Ends Next, now and later, with Cancelled. Any thread.
  void Interrupt() { stopped_ = true; }

 private:
  Status Open();
  Status CheckServer();
  Status Dump();
  Status Reconnect(const Status& cause);
  bool Pause(int64_t duration_ms);
  Status BeginPieces(std::span<const uint8_t> bytes, Batch* batch);
  Status DecodePiece(std::span<const uint8_t> bytes, bool is_last, Batch* batch);
  Status Recover(const Status& failure);
  // Reconnects after an event whose bytes were changed.
  Status AfterDecoding(const Status& status);
  bool stopped() const {
    return stopped_ ||
           (config_.environment.stop != nullptr && config_.environment.stop->requested());
  }

  const LogReaderConfig config_;
  std::atomic<bool> stopped_ = false;
  LogDecoder decoder_;
  std::unique_ptr<Connection> connection_;
  // An event that comes in pieces: whether its rows are decoded as they come, else what came.
  bool in_event_ = false;
  bool is_streamed_ = false;
  std::string collected_;
  std::optional<LogPosition> damaged_event_;  // that is read once more
};

}  // namespace millrace::mysql
