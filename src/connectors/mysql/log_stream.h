// The binlog as a source emits it, for all its captures: up to a position, in the rounds of a
// snapshot, and on and on after that. Decides when a batch leaves and which batches carry a
// position. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "connectors/cdc/batch_pool.h"
#include "connectors/cdc/rounds.h"
#include "connectors/mysql/binlog/log_reader.h"
#include "connectors/mysql/binlog/table_decoders.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/log_lag.h"
#include "connectors/mysql/snapshot/chunk_plan.h"

namespace millrace::mysql {

class LogStream final : public cdc::Log<LogPosition> {
 public:
  struct Config {
    LogReader* log = nullptr;
    TableDecoders* decoders = nullptr;
    ChunkPlan* plan = nullptr;  // of the snapshot
    const Captures* captures = nullptr;
    cdc::BatchPool* batches = nullptr;
    LogLag* lag = nullptr;
    Clock* clock = nullptr;
    std::atomic<bool>* position_wanted = nullptr;  // a checkpoint waits; reset when one is emitted
    // Puts tables into the plan, to be read from their begin, or takes them out of it if they are
    // not there any more; `why` ends a line of the log.
    std::function<Status(const std::set<CapturedTable>& tables, std::string_view why)> read_tables;
    std::string server;      // whose log it is, for positions
    bool streaming = false;  // the snapshot is complete, or there is none
  };

  // What the config points to outlives the stream.
  explicit LogStream(const Config& config);

  // The end of the log is asked for on this connection, which outlives the rounds.
  void set_end_connection(Connection* connection) { end_connection_ = connection; }

  const LogPosition& position() const override { return config_.log->position(); }
  Result<LogPosition> End() override { return CurrentLogEnd(end_connection_); }
  Status ReadUntil(const LogPosition& end, const LogPosition& view) override;
  Status EmitPosition() override;

  // First of all: emits that these tables have lost their rows, and position() without that.
  Status EmitEmptied(const std::set<CapturedTable>& tables);
  // Then: emits the changes up to a position, or at least those of some captures up to where all of
  // them have begun.
  Status CatchUp(const std::optional<LogPosition>& end);
  // Emits changes until it is stopped or fails; Ok when a table has to be read as in a snapshot.
  Status Stream() { return StreamUntil(nullptr); }

 private:
  Status StreamUntil(const LogPosition* end);
  Status CheckLayouts();
  void FilterRows(const LogPosition& view);
  Status NextEvent();
  Status NoteMovedRows();
  Status ReadEmptiedAgain();
  Status EmitEmptiedAtBoundary();
  void NoteCaughtUp(bool caught_up);
  void MeasureLag();
  Status Emit();
  // What a position says of tables of a snapshot: what was read, or only what was read before this
  // round.
  enum class Tables : uint8_t { kRead, kSettled };
  std::vector<Position> Reached(Tables tables) const;
  Status EmitWithPosition(Tables tables = Tables::kRead);
  bool IdlePositionIsDue() const;
  bool HasMoved() const;
  Status FailAtPosition(const Status& failure);
  Status FailInRound(const Status& failure);
  bool CanEmitBefore(const Status& failure);

  const Config config_;
  const Captures& captures_;
  bool each_change_once_ = false;  // for a target that does not keep the last row per key
  Connection* end_connection_ = nullptr;
  bool streaming_;
  bool caught_up_ = false;        // as the captures know it
  bool tables_arrived_ = false;   // by the latest event
  bool rows_are_unread_ = false;  // of tables that arrived: position() is too late for them
  // Tables that lost their rows; said at the next boundary.
  std::set<CapturedTable> emptied_;
  bool rows_may_follow_ = false;  // the statement that emptied them ends no transaction
  std::unique_ptr<Batch> batch_;  // being filled, or null
  LogPosition emitted_;           // the latest position that was emitted while streaming
  int64_t emitted_ms_ = 0;        // and when
};

}  // namespace millrace::mysql
