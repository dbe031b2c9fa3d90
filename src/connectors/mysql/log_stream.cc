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

LogStream::LogStream(const Config& config)
    : config_(config), captures_(*config.captures), streaming_(config.streaming) {
  each_change_once_ = std::any_of(captures_.begin(), captures_.end(), [](const auto& capture) {
    return !capture->request.keyed_target;
  });
}

// A target that must get every change once: tables that are not started wait for their snapshot,
// and what a table's read view showed is not emitted again. Such tables are read whole, by one
// reader.
void LogStream::FilterRows(const LogPosition& view) {
  using State = ChunkPlan::ReadState;
  std::vector<std::map<std::string, State>> all;
  for (const auto& capture : captures_) {
    const bool keyed = capture->request.keyed_target;
    all.push_back(keyed ? std::map<std::string, State>()
                        : config_.plan->read_states(capture->request.number));
  }
  config_.log->set_row_filter(
      [states = std::move(all), view](const RowImageDecoder& table, const LogPosition& end) {
        const auto& of_capture = states[table.layout().capture];
        const auto state = of_capture.find(table.full_name());
        if (state == of_capture.end() || state->second == State::kReadBefore) return true;
        return state->second == State::kReadThisRound && IsBefore(view, end);
      });
}

Status LogStream::NextEvent() {
  if (batch_ == nullptr) batch_ = config_.batches->Acquire();
  MR_RETURN_IF_ERROR(config_.log->Next(batch_.get()));
  if (!config_.decoders->TakeApplied()) [[likely]]
    return Status::Ok();
  Status noted = NoteMovedRows();
  rows_are_unread_ = !noted.ok();
  return noted;
}

Status LogStream::NoteMovedRows() {
  std::set<CapturedTable> arrived;
  for (const auto& capture : captures_) {
    const uint32_t number = capture->request.number;
    for (const TableKey& table : capture->history->TakeEmptied()) emptied_.insert({number, table});
    for (const TableKey& table : capture->history->TakeArrived()) arrived.insert({number, table});
  }
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
  if (each_change_once_) FilterRows(view);
  while (IsBefore(position(), end) || !config_.log->at_boundary()) {
    if (config_.batches->stopped()) return Status::Cancelled();
    const Status status = NextEvent();
    if (!status.ok()) return FailInRound(status);
    if (std::exchange(tables_arrived_, false) && each_change_once_) FilterRows(view);
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
  for (const auto& capture : captures_) {
    for (const TableKey& table : capture->history->TakeChanged()) {
      const std::string name = FullName(table);
      const TableLayout* const read = config_.plan->LayoutInUse(capture->request.number, name);
      const auto now = capture->history->Find(table);
      if (read == nullptr || now == nullptr || read->columns == now->columns) continue;
      return Status::Transient(fmt::format(
          "table {} was altered while its snapshot was under way; reading it again", name));
    }
  }
  return Status::Ok();
}

// An empty batch will do: what counts is the position.
Status LogStream::EmitPosition() {
  streaming_ = config_.plan->done();
  MR_RETURN_IF_ERROR(EmitWithPosition());
  return emptied_.empty() ? Status::Ok() : EmitEmptied(std::exchange(emptied_, {}));
}

Status LogStream::EmitEmptied(const std::set<CapturedTable>& tables) {
  batch_ = config_.batches->Acquire();
  batch_->set_empties_tables();
  for (const CapturedTable& emptied : tables) {
    const SourceRequest& request = captures_[emptied.capture]->request;
    const std::string* const names[] = {&emptied.table.first, &emptied.table.second};
    batch_->BeginRun(emptied.capture);
    Cell* const row = batch_->AddRow(RowKind::kDelete);
    std::fill_n(row, batch_->stride(), Cell::Null());
    for (size_t i = 0; i < request.columns.size(); ++i) {
      const std::string& key = request.schema.columns[request.columns[i]].metadata_key;
      for (size_t part = 0; part < std::size(names); ++part) {
        if (key == kTableNameMetadata[part])
          row[i] = Cell::Text(batch_->arena().Copy(*names[part]));
      }
    }
  }
  return EmitWithPosition();
}

std::vector<Position> LogStream::Reached(Tables tables) const {
  std::vector<Position> all;
  for (const auto& capture : captures_) {
    const uint32_t number = capture->request.number;
    SourcePosition reached;
    const bool waits = capture->from && IsBefore(position(), *capture->from);
    reached.log = waits ? *capture->from : position();
    reached.server = config_.server;
    reached.streaming = streaming_ || (tables == Tables::kRead && config_.plan->done(number));
    for (const CapturedTable& emptied : emptied_) {
      if (emptied.capture == number) reached.emptied.insert(emptied.table);
    }
    if (!reached.streaming) {
      reached.tables = tables == Tables::kRead ? config_.plan->positions(number)
                                               : config_.plan->settled_positions(number);
      reached.rows_read = capture->progress.rows_read();
    }
    all.push_back(reached.ToPosition(capture->history->ToJson()));
  }
  return all;
}

Status LogStream::EmitWithPosition(Tables tables) {
  if (batch_ == nullptr) batch_ = config_.batches->Acquire();
  *config_.position_wanted = false;
  batch_->set_positions(Reached(tables));
  for (const auto& capture : captures_) {
    capture->progress.SetPosition(position().ToString(), config_.log->last_event_second());
  }
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
  if (each_change_once_ || !CanEmitBefore(failure)) return failure;
  MR_RETURN_IF_ERROR(EmitWithPosition(Tables::kSettled));
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

void LogStream::NoteCaughtUp(bool caught_up) {
  if (caught_up == caught_up_) return;
  caught_up_ = caught_up;
  for (const auto& capture : captures_) capture->progress.SetCaughtUp(caught_up);
}

// Nothing is being read, so that no table is at a view: those that were begun pass the filter.
Status LogStream::CatchUp(const std::optional<LogPosition>& end) {
  LogPosition last = end.value_or(position());
  for (const auto& capture : captures_) {
    if (capture->from && IsBefore(last, *capture->from)) last = *capture->from;
  }
  while (IsBefore(position(), last)) {
    if (each_change_once_) FilterRows(last);
    MR_RETURN_IF_ERROR(StreamUntil(&last));
  }
  for (const auto& capture : captures_) capture->from.reset();
  config_.log->set_row_filter(nullptr);
  return Status::Ok();
}

// `end`: Ok when it is reached; null: never.
Status LogStream::StreamUntil(const LogPosition* end) {
  emitted_ms_ = config_.clock->NowMs();
  while (!config_.batches->stopped()) {
    const bool waiting = config_.log->DataIsWaiting();
    NoteCaughtUp(!waiting);
    const bool filled = batch_ != nullptr && !batch_->empty();
    const bool at_boundary = config_.log->at_boundary();
    // In a backlog of large transactions batches fill up inside of them, and no boundary finds one
    // that is full: a checkpoint that is due must not wait for the end of the backlog.
    const bool leaves = filled && (batch_->full() || !waiting || *config_.position_wanted);
    if (at_boundary && (leaves || (!filled && IdlePositionIsDue()))) {
      MR_RETURN_IF_ERROR(EmitWithPosition());
      emitted_ = position();
      emitted_ms_ = config_.clock->NowMs();
      if (waiting) MeasureLag();
    } else if (filled && batch_->full()) {  // inside a transaction: not a position to resume at
      MR_RETURN_IF_ERROR(Emit());
    }
    if (end != nullptr && at_boundary && !IsBefore(position(), *end)) return Status::Ok();
    const Status status = NextEvent();
    if (!status.ok()) return FailAtPosition(status);
    if (!emptied_.empty()) [[unlikely]]
      MR_RETURN_IF_ERROR(EmitEmptiedAtBoundary());
    if (std::exchange(tables_arrived_, false)) return Status::Ok();
  }
  return Status::Cancelled();
}

void LogStream::MeasureLag() {
  const std::optional<int64_t> bytes = config_.lag->MeasureIfDue(emitted_);
  if (!bytes) return;
  for (const auto& capture : captures_) capture->progress.SetLagBytes(*bytes);
}

}  // namespace millrace::mysql
