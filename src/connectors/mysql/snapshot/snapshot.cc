#include "connectors/mysql/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace millrace::mysql {
namespace {

constexpr int64_t kRoundMsMax = 30'000;

}  // namespace

Snapshot::Snapshot(const Config& config)
    : config_(config), rounds_({config.environment.clock, kRoundMsMax, "mysql-chunks"}) {}

Status Snapshot::Read(ChunkPlan* plan, LogStream* stream) {
  MR_RETURN_IF_ERROR(OpenReaders(plan, stream));
  std::vector<cdc::Reader<LogPosition>*> readers;
  for (const auto& reader : readers_) readers.push_back(reader.get());
  while (!plan->done()) {
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
  const SnapshotReader::Config config{plan, config_.output, !keyed, config_.environment};
  for (int i = 0; i < wanted; ++i) {
    MR_ASSIGN_OR_RETURN(Connection* const connection, config_.connections->Open(config_.endpoint));
    connections_.push_back(connection);
    MR_RETURN_IF_ERROR(
        connection->Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"));
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
