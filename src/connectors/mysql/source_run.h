// The life of a mysql-cdc source, in its reader thread: connects, checks the server, finds the
// tables of all its captures, reads them as a snapshot, then reads the binlog. Batches go to what
// its maker passed in, progress to the captures; Run returns the final status.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/cdc/batch_pool.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_reader.h"
#include "connectors/mysql/binlog/table_decoders.h"
#include "connectors/mysql/capture.h"
#include "connectors/mysql/connections.h"
#include "connectors/mysql/log_stream.h"
#include "connectors/mysql/schema/server_facts.h"
#include "connectors/mysql/snapshot/chunk_plan.h"
#include "connectors/mysql/snapshot/snapshot.h"
#include "connectors/mysql/table_finder.h"

namespace millrace::mysql {

class SourceRun final {
 public:
  // What is passed outlives the run. The captures, at least one, have the same reader_key.
  SourceRun(Captures* captures, const Environment& environment, cdc::BatchPool* batches);

  // Everything, from the first connection on. Ok at the end of a bounded source.
  Status Run();

  // Any thread. A batch with positions should come soon.
  void RequestPosition();
  // Any thread. Run ends soon, also if it waits for the server.
  void Interrupt();

 private:
  Status Open();
  Result<Connection*> OpenServer();
  Status CanResumeAll(Connection* connection) const;
  Result<std::vector<FoundTables>> FindTables(Connection* control);
  Result<FoundTables> FindAtStart(Connection* control, const Capture& capture);
  Result<std::vector<FoundTables>> FindFirst(Connection* control,
                                             const TableFinder::CaptureList& captures);
  Result<LogPosition> FindStart(Connection* control);
  LogPosition BeginCaptures(std::vector<FoundTables>* found);
  Status MakePlan(const std::vector<FoundTables>& found);
  void RestorePlan(Capture* capture, int64_t tables);
  Status StartLog(LogPosition position);
  Result<std::optional<TableLayout>> DescribeAt(const TableKey& table, const LogPosition& here);
  bool stopped() const;
  TableFinder Finder() const;
  LogReaderConfig LogConfig() const;
  void NoteOtherPatterns(Capture* capture);
  Status ReadAdded();
  Result<bool> LearnAdded(Connection* control, Capture* capture, const TableKey& table);
  Status ReadTables(const std::set<CapturedTable>& tables, std::string_view why);
  Status ReadTable(Connection* control, const CapturedTable& table, std::string_view why);
  Status EmitEmptiedOfStart();

  Captures& captures_;
  const SourceConfig& config_;  // of the first: what it says of the server is the same in all
  const Environment environment_;
  cdc::BatchPool& batches_;
  const ScanOutput scan_output_;

  Connections connections_;  // has its own lock
  Snapshot snapshot_;        // EndRound: any thread
  std::atomic<bool> position_wanted_ = false;

  // The reader thread's.
  ServerFacts server_;
  std::string server_identity_;
  std::unique_ptr<TableDecoders> decoders_;
  std::unique_ptr<ChunkPlan> plan_;
  LogLag lag_;
  std::unique_ptr<LogStream> stream_;

  std::mutex log_mutex_;            // log_ against Interrupt
  std::unique_ptr<LogReader> log_;  // set by the reader thread
};

}  // namespace millrace::mysql
