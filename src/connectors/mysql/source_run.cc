#include "connectors/mysql/source_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "base/suggest.h"
#include "connectors/mysql/binlog/visibility.h"
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
  MR_RETURN_IF_ERROR(EmitEmptiedOfStart());
  if (!streaming_) MR_RETURN_IF_ERROR(ReadSnapshot());
  while (!config_.bounded) {
    MR_RETURN_IF_ERROR(stream_->Stream());
    MR_RETURN_IF_ERROR(ReadSnapshot());
  }
  return Status::Ok();
}

// What an earlier run stopped before: it did not see that the target lost these rows.
Status SourceRun::EmitEmptiedOfStart() {
  if (!start_ || start_->emptied.empty()) return Status::Ok();
  if (HistoryConfig().deletes_rows) return stream_->EmitEmptied(start_->emptied);
  for (const TableKey& table : start_->emptied) {
    environment_.log->Warning(
        "{}: rows that {} lost stay in the target, because 'ddl.removed-rows' = 'delete' is not "
        "set any more; delete them there by hand",
        request_.table, FullName(table));
  }
  return Status::Ok();
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
  MR_ASSIGN_OR_RETURN(server_, ReadServerFacts(control));
  streaming_ = start_ ? start_->streaming : !config_.with_snapshot;
  MR_ASSIGN_OR_RETURN(FoundTables found, FindTables(control));
  history_ = std::move(found.history);
  MR_RETURN_IF_ERROR(MakePlan(found.tables));
  connections_.Close(control);
  environment_.log->Info("{}: {} MySQL table(s) match {}.{}; reading from {}", request_.table,
                         found.tables.size(), config_.database_pattern, config_.table_pattern,
                         streaming_ ? "binlog " + found.position.ToString() : "a snapshot");
  return StartLog(std::move(found.position));
}

// The position is read before the tables are listed: of a table that is created later, the log has
// every row.
Result<FoundTables> SourceRun::FindTables(Connection* control) {
  const TableFinder finder = Finder();
  if (start_ && start_->history.is_null())
    return finder.FindAt(control, start_->log);  // of an earlier release
  if (start_) {
    FoundTables found;
    found.position = start_->log;
    MR_ASSIGN_OR_RETURN(found.history, TableHistory::FromJson(HistoryConfig(), start_->history));
    if (streaming_) {
      for (const TableKey& table : found.history->CapturedTables()) {
        found.tables.emplace_back(table.first, table.second, found.history->Find(table));
      }
    } else {
      MR_ASSIGN_OR_RETURN(found.tables, Discover(control, databases_, tables_));
    }
    return found;
  }
  auto found = FindFirst(control, finder);
  if (found.ok()) MR_RETURN_IF_ERROR(CheckColumns(request_, found->tables));
  return found;
}

// Without a checkpoint.
Result<FoundTables> SourceRun::FindFirst(Connection* control, const TableFinder& finder) {
  const bool from_now = config_.with_snapshot || config_.mode == StartMode::kLatest;
  if (from_now) return finder.FindNow(control, [&] { return FindStart(control); });
  MR_ASSIGN_OR_RETURN(const LogPosition position, StartPosition(control, config_));
  return finder.FindAt(control, position);
}

Result<LogPosition> SourceRun::FindStart(Connection* control) {
  MR_ASSIGN_OR_RETURN(LogPosition position, StartPosition(control, config_));
  MR_RETURN_IF_ERROR(WaitForPreparedXa(control, environment_));
  return position;
}

// A table that is read on lost no declared column since, or it is said what is read instead.
Result<RowLayout> SourceRun::LayoutFor(const ServerTable& table) const {
  const TableKey key(table.database, table.name);
  if (!start_) return MakeLayout(table, request_);
  const TableHistory::Layout before = history_->Find(key);
  const ReadRules rules{true, history_->NullColumns(key)};
  for (const Column& column : request_.schema.columns) {
    if (!column.metadata_key.empty() || before == nullptr) continue;
    const bool was_there = before->Find(column.name).has_value();
    if (!was_there || table.Find(column.name) || config_.schema_change != SchemaChange::kStop)
      continue;
    return Status::Permanent(
        fmt::format("declared column {} of MySQL table {} was taken away while its snapshot was "
                    "under way: give the column "
                    "back, or declare the columns as they are now and run the script with --fresh",
                    Quoted(column.name), table.FullName()));
  }
  return MakeLayout(table, request_, rules);
}

Status SourceRun::MakePlan(const std::vector<ServerTable>& tables) {
  std::vector<RowLayout> layouts;
  for (const ServerTable& table : tables) {
    if (start_ && streaming_) break;  // nothing is left to read
    MR_ASSIGN_OR_RETURN(RowLayout layout, LayoutFor(table));
    layouts.push_back(std::move(layout));
  }
  const ChunkPlan::Config plan_config{config_.rows_per_chunk, !request_.keyed_target};
  plan_ = std::make_unique<ChunkPlan>(std::move(layouts), plan_config);
  if (start_) {
    for (const std::string& table : plan_->Restore(start_->tables, !start_->history.is_null())) {
      environment_.log->Warning(
          "{}: the key of {} is not the one it had at the checkpoint; the snapshot of that table "
          "starts over",
          request_.table, table);
    }
    progress_.AddRowsRead(start_->rows_read);
  }
  progress_.SetTables(SourcePhase::kSnapshot, static_cast<int64_t>(tables.size()),
                      plan_->rows_estimated());
  progress_.SetTablesDone(plan_->tables_done());
  streaming_ = streaming_ || plan_->done();
  if (streaming_) progress_.SetStreaming();
  return Status::Ok();
}

TableHistory::Config SourceRun::HistoryConfig() const {
  const bool deletes_rows = config_.delete_removed_rows && request_.deleting_target;
  return {&request_, &databases_, &tables_, config_.schema_change, deletes_rows, environment_.log};
}

LogReaderConfig SourceRun::LogConfig() const {
  return {config_.endpoint,     decoders_.get(),     config_.server_id,
          config_.heartbeat_ms, config_.server_zone, environment_};
}

TableFinder SourceRun::Finder() const {
  return TableFinder({HistoryConfig(), &server_, LogConfig(), [this] {
                        return connections_.interrupted() ||
                               (environment_.stop != nullptr && environment_.stop->requested());
                      }});
}

Result<std::optional<TableLayout>> SourceRun::DescribeAt(const TableKey& table,
                                                         const LogPosition& here) {
  // A connection of its own: the one that carries the binlog is busy with it.
  MR_ASSIGN_OR_RETURN(Connection* const connection, connections_.Open(config_.endpoint));
  auto layout = Finder().DescribeAt(connection, table, stream_->position(), here);
  connections_.Close(connection);
  return layout;
}

Status SourceRun::StartLog(LogPosition position) {
  decoders_ = std::make_unique<TableDecoders>(TableDecoders::Config{
      &request_, history_.get(), &server_, environment_.log,
      [this](const TableKey& table, const LogPosition& here) { return DescribeAt(table, here); }});
  {
    std::lock_guard lock(log_mutex_);
    // One that is made after Interrupt would never be interrupted.
    if (connections_.interrupted()) return Status::Cancelled();
    log_ = std::make_unique<LogReader>(LogConfig(), std::move(position));
  }
  LogStream::Config stream;
  stream.log = log_.get();
  stream.plan = plan_.get();
  stream.history = history_.get();
  stream.request = &request_;
  stream.read_tables = [this](const std::set<TableKey>& tables, std::string_view why) {
    return ReadTables(tables, why);
  };
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

// Their rows are read like those of a snapshot; the changes after the position that is reached
// follow.
Status SourceRun::ReadTables(const std::set<TableKey>& tables, std::string_view why) {
  MR_ASSIGN_OR_RETURN(Connection* const control, connections_.Open(config_.endpoint));
  // MySQL writes a statement to the log a moment before others see what it did.
  MR_RETURN_IF_ERROR(
      OpenReadView(control, stream_->position(), /*exact=*/false, environment_).status());
  MR_RETURN_IF_ERROR(control->Execute("COMMIT"));
  for (const TableKey& key : tables) {
    MR_ASSIGN_OR_RETURN(const std::optional<ServerTable> table,
                        Describe(control, key.first, key.second));
    if (!table) {  // renamed once more, or dropped, as the log says or will say
      plan_->Remove(FullName(key));
      continue;
    }
    MR_ASSIGN_OR_RETURN(RowLayout layout, MakeLayout(*table, request_,
                                                     {.checks_values = true,
                                                      .null_columns = history_->NullColumns(key)}));
    plan_->Add(std::move(layout));
    environment_.log->Info("{}: reading the rows of {}, because {}", request_.table, FullName(key),
                           why);
  }
  connections_.Close(control);
  progress_.SetTables(SourcePhase::kSnapshot, plan_->tables(), plan_->rows_estimated());
  progress_.SetTablesDone(plan_->tables_done());
  return Status::Ok();
}

// Runs rounds until every table is read.
Status SourceRun::ReadSnapshot() {
  MR_RETURN_IF_ERROR(OpenReaders());
  std::vector<cdc::Reader<LogPosition>*> readers;
  for (const auto& reader : readers_) readers.push_back(reader.get());
  while (!plan_->done()) {
    const Status read = rounds_.Run(stream_.get(), readers);
    if (!read.ok()) return ExplainFailedRound(read);
    progress_.SetTablesDone(plan_->tables_done());
  }
  CloseReaders();
  environment_.log->Info("{}: the snapshot is complete: {} rows of {} table(s); at binlog {}",
                         request_.table, progress_.rows_read(), plan_->tables(),
                         stream_->position().ToString());
  progress_.SetStreaming();
  return Status::Ok();
}

// What a query asks for may have gone since the table was described: the job goes on from the
// latest checkpoint, with the tables as they are then.
Status SourceRun::ExplainFailedRound(const Status& failure) {
  if (failure.code() != StatusCode::kPermanent) return failure;
  const Result<std::string> changed = ChangedInSnapshot();
  if (!changed.ok() || changed->empty()) return failure;
  return Status::Transient(fmt::format(
      "table {} was altered or dropped while its snapshot was under way; reading it again ({})",
      *changed, failure.message()));
}

// A table that is being read and does not look as it did; empty: there is none.
Result<std::string> SourceRun::ChangedInSnapshot() {
  MR_ASSIGN_OR_RETURN(Connection* const control, connections_.Open(config_.endpoint));
  auto tables = Discover(control, databases_, tables_);
  connections_.Close(control);
  if (!tables.ok()) return tables.status();
  std::set<std::string> there;
  for (const ServerTable& table : *tables) {
    there.insert(table.FullName());
    const TableLayout* const read = plan_->LayoutInUse(table.FullName());
    if (read != nullptr && read->columns != table.layout->columns) return table.FullName();
  }
  for (const auto& [name, position] : plan_->positions()) {
    if (!position.done && !there.contains(name)) return name;
  }
  return std::string();
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
