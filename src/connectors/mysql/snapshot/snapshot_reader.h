// One connection of a snapshot: reads the chunks that the plan hands out, in its read view, while
// the server is not too busy and as fast as it may.
#pragma once

#include <atomic>

#include "connectors/cdc/rounds.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/snapshot/chunk_plan.h"
#include "connectors/mysql/snapshot/load_gate.h"
#include "connectors/mysql/snapshot/pace.h"
#include "connectors/mysql/snapshot/table_scan.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

class SnapshotReader final : public cdc::Reader<LogPosition> {
 public:
  struct Config {
    ChunkPlan* plan = nullptr;
    const Captures* captures = nullptr;
    const ScanOutput* output = nullptr;
    Pace* pace = nullptr;
    LoadGate* gate = nullptr;
    const std::atomic<bool>* stopped = nullptr;  // ends the waiting in a whole table
    bool exact_view = false;                     // more effort to know the position of the view
    Environment environment;
  };

  // The connection, and what the config points to, outlive the reader.
  SnapshotReader(Connection* connection, const Config& config)
      : connection_(*connection), config_(config) {}

  Result<LogPosition> OpenView(const LogPosition& visible) override;
  Result<bool> ReadChunk(const std::atomic<bool>& over) override;
  Status CloseView() override { return connection_.Execute("COMMIT"); }

 private:
  Status FindBounds(const Chunk& chunk);
  Result<KeyRange> FindPage(const Chunk& chunk);
  Status Scan(const Chunk& chunk, const KeyRange& range, const std::atomic<bool>& over);

  Connection& connection_;
  const Config config_;
};

}  // namespace millrace::mysql
