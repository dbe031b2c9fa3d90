#include "connectors/mysql/log_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace millrace::mysql {
namespace {

constexpr int64_t kIdlePositionMs = 1'000;  // how often a log without rows for us emits a position

}  // namespace

// The target must get every change once: tables that are not started wait for their snapshot, and
// what a table's read view showed is not emitted again. Such tables are read whole, by one reader.
void LogStream::FilterRows(const LogPosition& view) {
  using State = ChunkPlan::ReadState;
  config_.log->set_row_filter([states = config_.plan->read_states(), view](const std::string& table,
                                                                           const LogPosition& end) {
    const auto state = states.find(table);
    if (state == states.end() || state->second == State::kReadBefore) return true;
    return state->second == State::kReadThisRound && IsBefore(view, end);
  });
}

Status LogStream::NextEvent() {
  if (batch_ == nullptr) batch_ = config_.batches->Acquire();
  MR_RETURN_IF_ERROR(config_.log->Next(batch_.get()));
  if (!config_.history->has_moved_rows()) [[likely]]
    return Status::Ok();
  Status noted = NoteMovedRows();
  rows_are_unread_ = !noted.ok();
  return noted;
}

Status LogStream::NoteMovedRows() {
  emptied_.merge(config_.history->TakeEmptied());
  const std::set<TableKey> arrived = config_.history->TakeArrived();
  if (arrived.empty()) return Status::Ok();
  tables_arrived_ = true;
  return config_.read_tables(arrived, "it was renamed to a name that matches");
}

// The target loses all rows of these tables, those that came after the statement as well, so what
// they have now is read.
Status LogStream::ReadEmptiedAgain() {
  if (emptied_.empty()) return Status::Ok();
  return config_.read_tables(emptied_, "it lost rows while they were read");
}

Status LogStream::Emit() {
  return config_.batches->Emit(std::move(batch_)) ? Status::Ok() : Status::Cancelled();
}

Status LogStream::ReadUntil(const LogPosition& end, const LogPosition& view) {
  streaming_ = false;
  if (config_.each_change_once) FilterRows(view);
  while (IsBefore(position(), end) || !config_.log->at_boundary()) {
    if (config_.batches->stopped()) return Status::Cancelled();
    const Status status = NextEvent();
    if (!status.ok()) return FailInRound(status);
    if (std::exchange(tables_arrived_, false) && config_.each_change_once) FilterRows(view);
    if (batch_->full()) MR_RETURN_IF_ERROR(Emit());
  }
  config_.log->set_row_filter(nullptr);
  rows_may_follow_ = false;
  MR_RETURN_IF_ERROR(ReadEmptiedAgain());
  MR_RETURN_IF_ERROR(CheckLayouts());
  config_.plan->SettleRound();
  return Status::Ok();
}

// A table that was altered in this round may have been read by columns that it no longer had. What
// was read is in no checkpoint yet, so the job goes on from the latest one, with the table
// described again.
Status LogStream::CheckLayouts() {
  for (const TableKey& table : config_.history->TakeChanged()) {
    const std::string name = FullName(table);
    const TableLayout* const read = config_.plan->LayoutInUse(name);
    const auto now = config_.history->Find(table);
    if (read == nullptr || now == nullptr || read->columns == now->columns) continue;
    return Status::Transient(fmt::format(
        "table {} was altered while its snapshot was under way; reading it again", name));
  }
  return Status::Ok();
}

// An empty batch will do: what counts is the position.
Status LogStream::EmitPosition() {
  streaming_ = config_.plan->done();
  MR_RETURN_IF_ERROR(EmitWithPosition());
  return emptied_.empty() ? Status::Ok() : EmitEmptied(std::exchange(emptied_, {}));
}

Status LogStream::EmitEmptied(const std::set<TableKey>& tables) {
  batch_ = config_.batches->Acquire();
  batch_->set_empties_tables();
  const std::vector<uint32_t>& columns = config_.request->columns;
  for (const TableKey& table : tables) {
    const std::string* const names[] = {&table.first, &table.second};
    Cell* const row = batch_->AddRow(RowKind::kDelete);
    std::fill_n(row, batch_->stride(), Cell::Null());
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string& key = config_.request->schema.columns[columns[i]].metadata_key;
      for (size_t part = 0; part < std::size(names); ++part) {
        if (key == kTableNameMetadata[part])
          row[i] = Cell::Text(batch_->arena().Copy(*names[part]));
      }
    }
  }
  return EmitWithPosition();
}

SourcePosition LogStream::Reached() const {
  SourcePosition reached;
  reached.log = position();
  reached.streaming = streaming_;
  reached.emptied = emptied_;
  if (!streaming_) {
    reached.tables = config_.plan->positions();
    reached.rows_read = config_.progress->rows_read();
  }
  return reached;
}

Status LogStream::EmitWithPosition(const SourcePosition& reached) {
  if (batch_ == nullptr) batch_ = config_.batches->Acquire();
  *config_.position_wanted = false;
  batch_->set_position(reached.ToPosition(config_.history->ToJson()));
  config_.progress->SetPosition(position().ToString(), config_.log->last_event_second());
  return Emit();
}

bool LogStream::HasMoved() const {
  return position().offset != emitted_.offset || position().file != emitted_.file;
}

// What cannot be read begins after a whole transaction, and everything up to there can be emitted,
// with its position, so that the job ends with a checkpoint there.
bool LogStream::CanEmitBefore(const Status& failure) {
  return failure.code() == StatusCode::kPermanent && batch_ != nullptr && !rows_are_unread_ &&
         emptied_.empty() &&  // else it is inside of the transaction that emptied tables
         config_.log->DropOpenTransaction(batch_.get());
}

Status LogStream::FailAtPosition(const Status& failure) {
  if (!CanEmitBefore(failure)) return failure;
  if (HasMoved() || !batch_->empty()) MR_RETURN_IF_ERROR(EmitWithPosition());
  return failure;
}

// What was read of tables in this round shows more than the log up to here: it counts as unread,
// which does a target that keeps the last row per key no harm.
Status LogStream::FailInRound(const Status& failure) {
  if (config_.each_change_once || !CanEmitBefore(failure)) return failure;
  SourcePosition reached = Reached();
  reached.tables = config_.plan->settled_positions();
  MR_RETURN_IF_ERROR(EmitWithPosition(reached));
  return failure;
}

// CREATE OR REPLACE TABLE ... SELECT stands before rows of its own transaction.
Status LogStream::EmitEmptiedAtBoundary() {
  if (!config_.log->at_boundary()) {
    rows_may_follow_ = true;
    return Status::Ok();
  }
  if (std::exchange(rows_may_follow_, false)) MR_RETURN_IF_ERROR(ReadEmptiedAgain());
  MR_RETURN_IF_ERROR(EmitPosition());
  emitted_ = position();
  emitted_ms_ = config_.clock->NowMs();
  tables_arrived_ = tables_arrived_ || !streaming_;
  return Status::Ok();
}

bool LogStream::IdlePositionIsDue() const {
  if (!HasMoved()) return false;
  return *config_.position_wanted || config_.clock->NowMs() - emitted_ms_ > kIdlePositionMs;
}

Status LogStream::Stream() {
  emitted_ms_ = config_.clock->NowMs();
  while (!config_.batches->stopped()) {
    const bool waiting = config_.log->DataIsWaiting();
    config_.progress->SetCaughtUp(!waiting);
    const bool filled = batch_ != nullptr && !batch_->empty();
    const bool at_boundary = config_.log->at_boundary();
    // In a backlog of large transactions batches fill up inside of them, and no boundary finds one
    // that is full: a checkpoint that is due must not wait for the end of the backlog.
    const bool leaves = filled && (batch_->full() || !waiting || *config_.position_wanted);
    if (at_boundary && (leaves || (!filled && IdlePositionIsDue()))) {
      MR_RETURN_IF_ERROR(EmitWithPosition());
      emitted_ = position();
      emitted_ms_ = config_.clock->NowMs();
      if (waiting) config_.lag->MeasureIfDue(emitted_);
    } else if (filled && batch_->full()) {  // inside a transaction: not a position to resume at
      MR_RETURN_IF_ERROR(Emit());
    }
    const Status status = NextEvent();
    if (!status.ok()) return FailAtPosition(status);
    if (!emptied_.empty()) [[unlikely]]
      MR_RETURN_IF_ERROR(EmitEmptiedAtBoundary());
    if (std::exchange(tables_arrived_, false)) return Status::Ok();
  }
  return Status::Cancelled();
}

}  // namespace millrace::mysql
