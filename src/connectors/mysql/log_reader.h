// Reads the binlog from a position on and turns the rows of captured tables into batches. A lost
// connection is taken up again at the last transaction boundary; rows of a transaction that were
// given out already are skipped then. One thread; Interrupt may be called by another.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/cell_writer.h"
#include "connectors/mysql/log_event.h"
#include "connectors/mysql/log_position.h"
#include "connectors/mysql/row_image.h"
#include "connectors/mysql/server_table.h"
#include "connectors/mysql/session.h"

namespace millrace::mysql {

struct LogReaderConfig {
  Endpoint endpoint;
  const SourceRequest* request = nullptr;
  const NamePattern* databases = nullptr;
  const NamePattern* tables = nullptr;
  uint32_t server_id = 0;  // 0: choose
  int64_t heartbeat_ms = 10'000;
  int64_t server_offset_us = 0;
  Environment environment;
};

class LogReader final {
 public:
  // Whether the rows of an event that ends at a position of the log are wanted.
  using Gate = std::function<bool(const std::string& table, const LogPosition& event_end)>;

  LogReader(const LogReaderConfig& config, LogPosition start);

  void set_gate(Gate gate) { gate_ = std::move(gate); }

  // Processes one event; rows are added to the batch. Waits for the server; heartbeats end the
  // wait.
  Status Next(Batch* batch);
  // Between two transactions: position() is a place to go on from.
  bool at_boundary() const { return !in_transaction_; }
  const LogPosition& position() const { return boundary_; }
  bool DataIsWaiting() const { return session_ != nullptr && session_->DataIsWaiting(); }
  int64_t last_event_second() const { return last_event_second_; }

  void Interrupt();

 private:
  Status Open();
  Status Dump();
  Status Reconnect(const Status& cause);
  Status Handle(const Event& event, Batch* batch);
  Status HandleBytes(std::span<const uint8_t> bytes, Batch* batch);
  Status DropUnfinished(Batch* batch);
  Status HandleQuery(const Event& event);
  Status HandleTableMap(const Event& event);
  Status HandleRows(const Event& event, Batch* batch);
  Status HandlePayload(const Event& event, Batch* batch);
  Status AddRows(const RowsEvent& rows, RowImageDecoder* decoder, int64_t second, Batch* batch);
  Result<std::unique_ptr<RowImageDecoder>> MakeDecoder(const TableMap& map);
  void BeginTransaction();
  void EndTransaction();
  bool Captured(std::string_view database, std::string_view table) const;
  Status Malformed(std::string_view what) const;

  const LogReaderConfig config_;
  Gate gate_;
  LogPosition boundary_;
  LogPosition here_;  // end of the last event
  std::unique_ptr<Session> session_;
  std::mutex session_mutex_;  // session_ against Interrupt
  std::atomic<bool> stopped_ = false;
  size_t checksum_bytes_ = 4;
  bool in_transaction_ = false;
  bool standalone_ = false;  // MariaDB: the group is one statement without a commit
  std::optional<Gtid> gtid_;
  bool rows_in_transaction_ = false;
  uint64_t given_in_transaction_ = 0;  // rows handed out since the boundary
  uint64_t to_skip_ = 0;               // after a reconnect: rows to pass over
  std::map<uint64_t, std::unique_ptr<RowImageDecoder>> decoders_;  // null: not captured
  std::set<std::string> told_;  // tables the log line about capturing them was written for
  CellWriter writer_;
  std::string unpacked_;
  int64_t last_event_second_ = 0;
};

}  // namespace millrace::mysql
