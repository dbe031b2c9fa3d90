// Reads the tables of a plan in rounds (connectors/cdc/rounds.h), until every table is read. One
// thread, but for EndRound; the readers of a round have threads of their own.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/cdc/rounds.h"
#include "connectors/connector.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/connections.h"
#include "connectors/mysql/log_stream.h"
#include "connectors/mysql/snapshot/chunk_plan.h"
#include "connectors/mysql/snapshot/snapshot_reader.h"

namespace millrace::mysql {

// How the tables of a capture are cut.
ChunkPlan::Config ChunksOf(const Capture& capture);

class Snapshot final {
 public:
  struct Config {
    const Captures* captures = nullptr;
    Endpoint endpoint;
    Connections* connections = nullptr;
    const ScanOutput* output = nullptr;
    Environment environment;
  };

  // What the config points to outlives the snapshot.
  explicit Snapshot(const Config& config);

  // Reads what is left of the plan. Between its rows come the changes of the stream, which ends at
  // the position of the latest round.
  Status Read(ChunkPlan* plan, LogStream* stream);
  // Any thread: a position should come soon.
  void EndRound() {
    position_wanted_ = true;
    rounds_.EndRound();
  }
  // Any thread: Read ends soon, after what waits for the server was interrupted.
  void Interrupt() {
    stopped_ = true;
    EndRound();
  }

 private:
  Status Pause(LogStream* stream);
  Status OpenReaders(ChunkPlan* plan, LogStream* stream);
  void CloseReaders(LogStream* stream);
  Status ExplainFailedRound(const Status& failure, const ChunkPlan& plan);
  Result<std::string> ChangedTable(const ChunkPlan& plan);
  Result<std::string> ChangedTable(Connection* control, const Capture& capture,
                                   const ChunkPlan& plan) const;
  void NoteTablesDone(const ChunkPlan& plan);

  const Config config_;
  cdc::Rounds<LogPosition> rounds_;
  Pace pace_;
  LoadGate gate_;
  std::atomic<bool> position_wanted_ = false;
  std::atomic<bool> stopped_ = false;
  std::vector<Connection*> connections_;
  std::vector<std::unique_ptr<SnapshotReader>> readers_;
};

}  // namespace millrace::mysql
