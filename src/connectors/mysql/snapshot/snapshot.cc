#include "connectors/mysql/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace millrace::mysql {
namespace {

constexpr int64_t kRoundMsMax = 30'000;

constexpr int64_t kPausePieceMs = 20;
// How long a client that reads slowly may let the server wait with the rest of a result.
constexpr int kWriteTimeoutS = 3'600;

// What one of the captures forbids, the reader of all of them does not do.
PaceLimits LimitsOf(const Captures& captures) {
  PaceLimits limits;
  for (const auto& capture : captures) limits.Tighten(capture->config.pace);
  return limits;
}

std::vector<PauseCondition> PausesOf(const Captures& captures) {
  std::vector<PauseCondition> all;
  for (const auto& capture : captures) {
    for (const PauseCondition& condition : capture->config.pause_when) {
      if (std::find(all.begin(), all.end(), condition) == all.end()) all.push_back(condition);
    }
  }
  return all;
}

}  // namespace

// Under a limit chunks are short: one that is under way when the round must end is read without it.
ChunkPlan::Config ChunksOf(const Capture& capture) {
  ChunkPlan::Config config;
  config.rows_per_chunk = capture.config.rows_per_chunk;
  const int64_t rows_per_second = capture.config.pace.rows_per_second;
  if (rows_per_second > 0) config.rows_per_chunk = std::min(config.rows_per_chunk, rows_per_second);
  config.whole_tables_only = !capture.request.keyed_target;
  config.cut_column = capture.config.chunk_key_column;
  return config;
}

Snapshot::Snapshot(const Config& config)
    : config_(config),
      rounds_({config.environment.clock, kRoundMsMax, "mysql-chunks"}),
      pace_(LimitsOf(*config.captures), config.environment.clock),
      gate_({PausesOf(*config.captures), config.endpoint, config.connections,
             config.environment.clock, config.environment.log,
             config.captures->front()->request.table}) {}

Status Snapshot::Read(ChunkPlan* plan, LogStream* stream) {
  MR_RETURN_IF_ERROR(OpenReaders(plan, stream));
  std::vector<cdc::Reader<LogPosition>*> readers;
  for (const auto& reader : readers_) readers.push_back(reader.get());
  while (!plan->done()) {
    MR_ASSIGN_OR_RETURN(const bool paused, gate_.IsClosed());
    if (paused) {
      MR_RETURN_IF_ERROR(Pause(stream));
      continue;
    }
    const Status read = rounds_.Run(stream, readers);
    if (!read.ok()) return ExplainFailedRound(read, *plan);
    NoteTablesDone(*plan);
  }
  CloseReaders(stream);
  for (const auto& capture : *config_.captures) {
    capture->progress.SetStreaming();
    const int64_t tables = plan->tables(capture->request.number);
    if (tables == 0) continue;
    config_.environment.log->Info(
        "{}: the snapshot is complete: {} rows of {} table(s); at binlog {}",
        capture->request.table, capture->progress.rows_read(), tables,
        stream->position().ToString());
  }
  return Status::Ok();
}

// Without views, because they hold back the server's cleaning up; changes and positions go on.
Status Snapshot::Pause(LogStream* stream) {
  position_wanted_ = false;
  MR_RETURN_IF_ERROR(rounds_.Run(stream, {}));
  Clock& clock = *config_.environment.clock;
  const int64_t end_ms = clock.NowMs() + LoadGate::kAskEveryMs;
  while (!position_wanted_ && clock.NowMs() < end_ms) clock.SleepMs(kPausePieceMs);
  return stopped_ ? Status::Cancelled() : Status::Ok();
}

void Snapshot::NoteTablesDone(const ChunkPlan& plan) {
  for (const auto& capture : *config_.captures) {
    capture->progress.SetTablesDone(plan.tables_done(capture->request.number));
  }
}

// A target that must get every change once has one reader, because the views of several would
// stand at different positions of the log.
Status Snapshot::OpenReaders(ChunkPlan* plan, LogStream* stream) {
  const bool keyed = std::all_of(config_.captures->begin(), config_.captures->end(),
                                 [](const auto& capture) { return capture->request.keyed_target; });
  const int wanted = keyed ? std::max(1, config_.captures->front()->request.parallelism) : 1;
  const SnapshotReader::Config config{
      plan,   config_.captures, config_.output, &pace_,
      &gate_, &stopped_,        !keyed,         config_.environment};
  for (int i = 0; i < wanted; ++i) {
    MR_ASSIGN_OR_RETURN(Connection* const connection, config_.connections->Open(config_.endpoint));
    connections_.push_back(connection);
    MR_RETURN_IF_ERROR(
        connection->Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
    if (pace_.limits().any()) {
      MR_RETURN_IF_ERROR(
          connection->Execute(fmt::format("SET SESSION net_write_timeout = {}", kWriteTimeoutS)));
    }
    readers_.push_back(std::make_unique<SnapshotReader>(connection, config));
  }
  stream->set_end_connection(connections_.front());
  return Status::Ok();
}

void Snapshot::CloseReaders(LogStream* stream) {
  stream->set_end_connection(nullptr);
  readers_.clear();
  for (const Connection* connection : connections_) config_.connections->Close(connection);
  connections_.clear();
  gate_.Disconnect();
}

// What a query asks for may have gone since the table was described: the job goes on from the
// latest checkpoint, with the tables as they are then.
Status Snapshot::ExplainFailedRound(const Status& failure, const ChunkPlan& plan) {
  if (failure.code() != StatusCode::kPermanent) return failure;
  const Result<std::string> changed = ChangedTable(plan);
  if (!changed.ok() || changed->empty()) return failure;
  return Status::Transient(fmt::format(
      "table {} was altered or dropped while its snapshot was under way; reading it again ({})",
      *changed, failure.message()));
}

// A table that is being read and does not look as it did; empty: there is none.
Result<std::string> Snapshot::ChangedTable(const ChunkPlan& plan) {
  MR_ASSIGN_OR_RETURN(Connection* const control, config_.connections->Open(config_.endpoint));
  Result<std::string> changed = std::string();
  for (const auto& capture : *config_.captures) {
    if (changed.ok() && changed->empty()) changed = ChangedTable(control, *capture, plan);
  }
  config_.connections->Close(control);
  return changed;
}

Result<std::string> Snapshot::ChangedTable(Connection* control, const Capture& capture,
                                           const ChunkPlan& plan) const {
  MR_ASSIGN_OR_RETURN(const std::vector<ServerTable> tables,
                      Discover(control, capture.databases, capture.tables));
  std::set<std::string> there;
  for (const ServerTable& table : tables) {
    there.insert(table.FullName());
    const TableLayout* const read = plan.LayoutInUse(capture.request.number, table.FullName());
    if (read != nullptr && read->columns != table.layout->columns) return table.FullName();
  }
  for (const auto& [name, position] : plan.positions(capture.request.number)) {
    if (!position.done && !there.contains(name)) return name;
  }
  return std::string();
}

}  // namespace millrace::mysql
