#include "connectors/mysql/log_stream.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "connectors/mysql/position.h"

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
  if (!config_.history->has_arrived()) [[likely]]
    return Status::Ok();
  tables_arrived_ = true;
  return config_.add_arrived_tables();
}

Status LogStream::Emit() {
  return config_.batches->Emit(std::move(batch_)) ? Status::Ok() : Status::Cancelled();
}

Status LogStream::ReadUntil(const LogPosition& end, const LogPosition& view) {
  if (config_.each_change_once) FilterRows(view);
  while (IsBefore(position(), end) || !config_.log->at_boundary()) {
    if (config_.batches->stopped()) return Status::Cancelled();
    MR_RETURN_IF_ERROR(NextEvent());
    if (std::exchange(tables_arrived_, false) && config_.each_change_once) FilterRows(view);
    if (batch_->full()) MR_RETURN_IF_ERROR(Emit());
  }
  config_.log->set_row_filter(nullptr);
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
  return EmitWithPosition();
}

Status LogStream::EmitWithPosition() {
  if (batch_ == nullptr) batch_ = config_.batches->Acquire();
  *config_.position_wanted = false;
  SourcePosition reached;
  reached.log = position();
  reached.streaming = streaming_;
  if (!streaming_) {
    reached.tables = config_.plan->positions();
    reached.rows_read = config_.progress->rows_read();
  }
  batch_->set_position(reached.ToPosition(config_.history->ToJson()));
  config_.progress->SetPosition(position().ToString(), config_.log->last_event_second());
  return Emit();
}

bool LogStream::HasMoved() const {
  return position().offset != emitted_.offset || position().file != emitted_.file;
}

// What cannot be read begins after a whole transaction: everything up to there is emitted, with its
// position, so that the job ends with a checkpoint there.
Status LogStream::FailAtPosition(const Status& failure) {
  if (failure.code() != StatusCode::kPermanent || batch_ == nullptr) return failure;
  if (!config_.log->DropOpenTransaction(batch_.get())) return failure;
  if (HasMoved() || !batch_->empty()) MR_RETURN_IF_ERROR(EmitWithPosition());
  return failure;
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
    if (std::exchange(tables_arrived_, false)) return Status::Ok();
  }
  return Status::Cancelled();
}

}  // namespace millrace::mysql
