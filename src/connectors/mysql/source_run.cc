#include "connectors/mysql/source_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "base/suggest.h"
#include "connectors/mysql/preflight.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kRoundMsMax = 30'000;

// A declared column may be missing in some tables, but not in all of them.
Status CheckColumns(const SourceRequest& request, const std::vector<ServerTable>& tables) {
  for (const Column& column : request.schema.columns) {
    if (!column.metadata_key.empty()) continue;
    const bool found = std::any_of(tables.begin(), tables.end(), [&](const ServerTable& table) {
      return table.Find(column.name).has_value();
    });
    if (found) continue;
    std::vector<std::string> names;
    for (const ServerColumn& other : tables[0].columns()) names.push_back(other.name);
    const std::string hint = DidYouMean(column.name, names);
    return Status::Permanent(fmt::format("no MySQL table that matches table {} has a column {}. {}",
                                         Quoted(request.table), Quoted(column.name),
                                         hint.empty() ? "Leave it out of CREATE TABLE." : hint));
  }
  return Status::Ok();
}

}  // namespace

SourceRun::SourceRun(const SourceRequest& request, const SourceConfig& config,
                     const Environment& environment, std::optional<SourcePosition> start,
                     cdc::BatchPool* batches, cdc::ProgressBoard* progress)
    : request_(request),
      config_(config),
      environment_(environment),
      start_(std::move(start)),
      batches_(*batches),
      progress_(*progress),
      databases_(config.database_pattern),
      tables_(config.table_pattern),
      scan_output_{batches, request.stride, config.server_zone,
                   [progress](uint32_t rows) { progress->AddRowsRead(rows); }},
      rounds_({environment.clock, kRoundMsMax, "mysql-chunks"}),
      lag_(config.endpoint, environment.clock, &connections_, progress) {}

Status SourceRun::Run() {
  MR_RETURN_IF_ERROR(Open());
  if (!streaming_) MR_RETURN_IF_ERROR(ReadSnapshot());
  return config_.bounded ? Status::Ok() : stream_->Stream();
}

void SourceRun::RequestPosition() {
  position_wanted_ = true;
  rounds_.EndRound();
}

void SourceRun::Interrupt() {
  connections_.Interrupt();
  rounds_.EndRound();
  std::lock_guard lock(log_mutex_);
  if (log_ != nullptr) log_->Interrupt();
}

Status SourceRun::Open() {
  MR_ASSIGN_OR_RETURN(Connection* const control, connections_.Open(config_.endpoint));
  MR_RETURN_IF_ERROR(Preflight(control, config_));
  // Before the tables are listed: of a table that is created later, the log has every row.
  MR_ASSIGN_OR_RETURN(LogPosition position, FindStart(control));
  MR_RETURN_IF_ERROR(FindTables(control));
  connections_.Close(control);
  environment_.log->Info("{}: {} MySQL table(s) match {}.{}; reading from {}", request_.table,
                         plan_->tables(), config_.database_pattern, config_.table_pattern,
                         streaming_ ? "binlog " + position.ToString() : "a snapshot");
  return StartLog(std::move(position));
}

Result<LogPosition> SourceRun::FindStart(Connection* control) {
  if (start_) return start_->log;
  MR_ASSIGN_OR_RETURN(LogPosition position, StartPosition(control, config_));
  const bool from_now = config_.with_snapshot || config_.mode == StartMode::kLatest;
  if (from_now) MR_RETURN_IF_ERROR(WaitForPreparedXa(control, environment_));
  return position;
}

Status SourceRun::FindTables(Connection* control) {
  MR_ASSIGN_OR_RETURN(const std::vector<ServerTable> found, Discover(control, databases_, tables_));
  MR_RETURN_IF_ERROR(CheckColumns(request_, found));
  std::vector<RowLayout> layouts;
  for (const ServerTable& table : found) {
    MR_ASSIGN_OR_RETURN(RowLayout layout, MakeLayout(table, request_));
    layouts.push_back(std::move(layout));
  }
  const ChunkPlan::Config plan_config{config_.rows_per_chunk, !request_.keyed_target};
  plan_ = std::make_unique<ChunkPlan>(std::move(layouts), plan_config);
  streaming_ = start_ ? start_->streaming : !config_.with_snapshot;
  if (start_) {
    for (const std::string& table : plan_->Restore(start_->tables)) {
      environment_.log->Warning(
          "{}: the key of {} is not the one it had at the checkpoint; the snapshot of that table "
          "starts over",
          request_.table, table);
    }
    progress_.AddRowsRead(start_->rows_read);
  }
  progress_.SetTables(SourcePhase::kSnapshot, plan_->tables(), plan_->rows_estimated());
  progress_.SetTablesDone(plan_->tables_done());
  streaming_ = streaming_ || plan_->done();
  if (streaming_) progress_.SetStreaming();
  return Status::Ok();
}

Status SourceRun::StartLog(LogPosition position) {
  const LogReaderConfig log_config{
      config_.endpoint,     &request_,           &databases_, &tables_, config_.server_id,
      config_.heartbeat_ms, config_.server_zone, environment_};
  {
    std::lock_guard lock(log_mutex_);
    // One that is made after Interrupt would never be interrupted.
    if (connections_.interrupted()) return Status::Cancelled();
    log_ = std::make_unique<LogReader>(log_config, std::move(position));
  }
  LogStream::Config stream;
  stream.log = log_.get();
  stream.plan = plan_.get();
  stream.batches = &batches_;
  stream.progress = &progress_;
  stream.lag = &lag_;
  stream.clock = environment_.clock;
  stream.position_wanted = &position_wanted_;
  stream.streaming = streaming_;
  stream.each_change_once = !request_.keyed_target;
  stream_ = std::make_unique<LogStream>(stream);
  return Status::Ok();
}

// Runs rounds until every table is read.
Status SourceRun::ReadSnapshot() {
  MR_RETURN_IF_ERROR(OpenReaders());
  std::vector<cdc::Reader<LogPosition>*> readers;
  for (const auto& reader : readers_) readers.push_back(reader.get());
  while (!plan_->done()) {
    MR_RETURN_IF_ERROR(rounds_.Run(stream_.get(), readers));
    progress_.SetTablesDone(plan_->tables_done());
  }
  CloseReaders();
  environment_.log->Info("{}: the snapshot is complete: {} rows of {} table(s); at binlog {}",
                         request_.table, progress_.rows_read(), plan_->tables(),
                         stream_->position().ToString());
  progress_.SetStreaming();
  return Status::Ok();
}

// A target that must get every change once has one reader, because the views of several would
// stand at different positions of the log.
Status SourceRun::OpenReaders() {
  const int wanted = request_.keyed_target ? std::max(1, request_.parallelism) : 1;
  const SnapshotReader::Config config{plan_.get(), &scan_output_, config_.rows_per_chunk,
                                      !request_.keyed_target, environment_};
  for (int i = 0; i < wanted; ++i) {
    MR_ASSIGN_OR_RETURN(Connection* const connection, connections_.Open(config_.endpoint));
    reader_connections_.push_back(connection);
    MR_RETURN_IF_ERROR(
        connection->Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
    readers_.push_back(std::make_unique<SnapshotReader>(connection, config));
  }
  stream_->set_end_connection(reader_connections_.front());
  return Status::Ok();
}

void SourceRun::CloseReaders() {
  stream_->set_end_connection(nullptr);
  readers_.clear();
  for (const Connection* connection : reader_connections_) connections_.Close(connection);
  reader_connections_.clear();
}

}  // namespace millrace::mysql
