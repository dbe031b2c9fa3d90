// The life of a mysql-cdc source, in its reader thread: connects, checks the server, finds the
// tables, reads them in the rounds of a snapshot (connectors/cdc/rounds.h), then reads the binlog.
// Batches and progress go to what its maker passed in; Run returns the final status.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "connectors/cdc/batch_pool.h"
#include "connectors/cdc/progress_board.h"
#include "connectors/cdc/rounds.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_reader.h"
#include "connectors/mysql/binlog/table_decoders.h"
#include "connectors/mysql/connections.h"
#include "connectors/mysql/log_stream.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/position.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/schema/table_history.h"
#include "connectors/mysql/snapshot/chunk_plan.h"
#include "connectors/mysql/snapshot/snapshot_reader.h"
#include "connectors/mysql/table_finder.h"

namespace millrace::mysql {

class SourceRun final {
 public:
  // What is passed outlives the run. `start`: where an earlier run stopped, if there was one.
  SourceRun(const SourceRequest& request, const SourceConfig& config,
            const Environment& environment, std::optional<SourcePosition> start,
            cdc::BatchPool* batches, cdc::ProgressBoard* progress);

  // Everything, from the first connection on. Ok at the end of a bounded source.
  Status Run();

  // Any thread. A batch with a position should come soon.
  void RequestPosition();
  // Any thread. Run ends soon, also if it waits for the server.
  void Interrupt();

 private:
  Status Open();
  Result<FoundTables> FindTables(Connection* control);
  Result<FoundTables> FindFirst(Connection* control, const TableFinder& finder);
  Result<LogPosition> FindStart(Connection* control);
  Status MakePlan(const std::vector<ServerTable>& tables);
  Result<RowLayout> LayoutFor(const ServerTable& table) const;
  Status StartLog(LogPosition position);
  Result<std::optional<TableLayout>> DescribeAt(const TableKey& table, const LogPosition& here);
  TableFinder Finder() const;
  TableHistory::Config HistoryConfig() const;
  LogReaderConfig LogConfig() const;
  Status ReadSnapshot();
  Status ExplainFailedRound(const Status& failure);
  Result<std::string> ChangedInSnapshot();
  Status ReadTables(const std::set<TableKey>& tables, std::string_view why);
  Status EmitEmptiedOfStart();
  Status OpenReaders();
  void CloseReaders();

  const SourceRequest& request_;
  const SourceConfig& config_;
  const Environment environment_;
  const std::optional<SourcePosition> start_;
  cdc::BatchPool& batches_;
  cdc::ProgressBoard& progress_;
  const NamePattern databases_;
  const NamePattern tables_;
  const ScanOutput scan_output_;

  Connections connections_;          // has its own lock
  cdc::Rounds<LogPosition> rounds_;  // EndRound: any thread
  std::atomic<bool> position_wanted_ = false;

  // The reader thread's.
  ServerFacts server_;
  std::unique_ptr<TableHistory> history_;
  std::unique_ptr<TableDecoders> decoders_;
  bool streaming_ = false;  // the snapshot is complete, or there is none
  std::unique_ptr<ChunkPlan> plan_;
  LogLag lag_;
  std::unique_ptr<LogStream> stream_;
  std::vector<Connection*> reader_connections_;
  std::vector<std::unique_ptr<SnapshotReader>> readers_;

  std::mutex log_mutex_;            // log_ against Interrupt
  std::unique_ptr<LogReader> log_;  // set by the reader thread
};

}  // namespace millrace::mysql
