#include "runtime/coordinator.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/settings.h"

namespace millrace {
namespace {

constexpr int64_t kStopDeadlineMs = 30'000;  // for a last checkpoint
constexpr int64_t kRestartDelayMaxMs = 60'000;
constexpr int64_t kWaitPieceMs = 100;
constexpr int64_t kProgressMs = 200;  // how old progress() may be
constexpr int kDoublingsMax = 16;

std::string_view ShortName(const std::string& table) {
  return std::string_view(table).substr(table.rfind('.') + 1);
}

}  // namespace

Coordinator::Coordinator(CoordinatorConfig config)
    : config_(std::move(config)),
      plan_(*config_.plan),
      clock_(*config_.environment.clock),
      log_(*config_.environment.log),
      zone_(TimeZone::Parse(plan_.time_zone).value_or(TimeZone())),
      program_run_(plan_.program, {.zone = zone_, .clock = &clock_}),
      limit_left_(plan_.limit) {}

Coordinator::State Coordinator::Fail(Status status) {
  status_ = std::move(status);
  source_.reset();
  sink_.reset();
  std::lock_guard lock(progress_mutex_);
  progress_.last_error = status_.message();
  return State::kFailed;
}

void Coordinator::Wait(int64_t duration_ms) {
  for (int64_t waited = 0; waited < duration_ms; waited += kWaitPieceMs) {
    if (stop_requests_ > (commit_owed_ ? 1 : 0)) return;
    clock_.SleepMs(std::min(kWaitPieceMs, duration_ms - waited));
  }
}

Coordinator::State Coordinator::Restart(const Status& cause) {
  if (!cause.transient() || config_.store == nullptr) return Fail(cause);
  source_.reset();
  sink_.reset();
  ++failures_;
  if (plan_.restart_attempts >= 0 && failures_ > plan_.restart_attempts) return Fail(cause);
  if (stop_requests_ > 1) return Fail(cause);
  const int doublings = std::min(failures_ - 1, kDoublingsMax);
  const int64_t delay_ms = std::min(plan_.restart_delay_ms << doublings, kRestartDelayMaxMs);
  log_.Warning("job {}: {}; starting again from checkpoint {} in {} ms", plan_.job, cause.message(),
               last_.number, delay_ms);
  {
    std::lock_guard lock(progress_mutex_);
    ++progress_.restarts;
    progress_.last_error = cause.message();
  }
  Wait(delay_ms);
  return State::kRunning;
}

Status Coordinator::Open() {
  if (config_.store != nullptr && !loaded_) {
    MR_RETURN_IF_ERROR(config_.store->Lock());
    if (config_.fresh) {
      MR_ASSIGN_OR_RETURN(forgotten_token_, config_.store->Forget());
    } else {
      MR_ASSIGN_OR_RETURN(const std::optional<Checkpoint> latest, config_.store->Latest());
      if (latest) {
        last_ = *latest;
        log_.Info("job {}: resuming from checkpoint {} ({} rows so far)", plan_.job, last_.number,
                  last_.rows);
      }
    }
    loaded_ = true;
  }
  SinkRequest sink;
  sink.table = ShortName(plan_.sink.table.name);
  sink.job = plan_.job;
  sink.options = &config_.sink_options;
  sink.schema = plan_.sink.table.schema;
  sink.columns = plan_.sink.columns;
  sink.slots = plan_.sink.slots;
  sink.types = plan_.sink.types;
  sink.updates = plan_.sink.updates;
  sink.parallelism = plan_.parallelism;
  sink.zone = zone_;
  sink.checkpoint_interval_ms = plan_.checkpoint_interval_ms;
  MR_ASSIGN_OR_RETURN(sink_, config_.open_sink(sink));
  MR_RETURN_IF_ERROR(sink_->Open());
  MR_RETURN_IF_ERROR(RecoverSink(sink));
  commit_owed_ = false;
  SourceRequest source;
  source.table = ShortName(plan_.source.table.name);
  source.options = &config_.source_options;
  source.schema = plan_.source.table.schema;
  source.columns = plan_.source.columns;
  source.stride = plan_.program.stride();
  source.limit = plan_.source.limit;
  source.parallelism = plan_.parallelism;
  source.keyed_target = config_.keyed_target;
  source.bounded = config_.bounded;
  MR_ASSIGN_OR_RETURN(source_, config_.open_source(source));
  MR_RETURN_IF_ERROR(source_->Seek(last_.position));
  position_ = last_.position;
  resumable_ = last_.number != 0;
  rows_ = last_.rows;
  rows_since_ = 0;
  limit_left_ = plan_.limit < 0 ? -1 : std::max<int64_t>(0, plan_.limit - last_.rows);
  end_of_input_ = limit_left_ == 0;
  token_to_renew_ = !last_.token.empty();
  position_requested_ = false;
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

// After --fresh the old token still tells which loads an earlier run may have left behind; a token
// that means nothing any more is no reason to stop.
Status Coordinator::RecoverSink(const SinkRequest& request) {
  const bool forgotten = last_.number == 0 && !forgotten_token_.empty();
  const Status recovered = sink_->Recover(forgotten ? forgotten_token_ : last_.token);
  if (recovered.ok() || recovered.transient() || !forgotten) return recovered;
  log_.Warning("job {}: what the last run prepared cannot be found any more: {}", plan_.job,
               recovered.message());
  forgotten_token_.clear();
  MR_ASSIGN_OR_RETURN(sink_, config_.open_sink(request));
  MR_RETURN_IF_ERROR(sink_->Open());
  return sink_->Recover("");
}

Status Coordinator::PollOnce() {
  batch_.Reset(plan_.program.stride());
  MR_RETURN_IF_ERROR(source_->Poll(&batch_));
  if (!batch_.empty()) MR_RETURN_IF_ERROR(WriteRows());
  if (!batch_.position().empty()) {
    position_ = batch_.position();
    resumable_ = true;
  } else if (!batch_.empty()) {
    resumable_ = false;
  }
  if (batch_.end_of_input()) end_of_input_ = true;
  return Status::Ok();
}

Status Coordinator::WriteRows() {
  MR_RETURN_IF_ERROR(program_run_.Run(&batch_, &selected_));
  if (limit_left_ >= 0 && static_cast<int64_t>(selected_.size()) >= limit_left_) {
    selected_.resize(static_cast<size_t>(limit_left_));
    end_of_input_ = true;
  }
  if (selected_.empty()) return Status::Ok();
  MR_RETURN_IF_ERROR(sink_->Write(batch_, selected_));
  if (limit_left_ >= 0) limit_left_ -= static_cast<int64_t>(selected_.size());
  rows_ += static_cast<int64_t>(selected_.size());
  rows_since_ += static_cast<int64_t>(selected_.size());
  return Status::Ok();
}

bool Coordinator::CheckpointDue() const {
  return config_.store != nullptr &&
         (end_of_input_ || stop_ms_ >= 0 ||
          clock_.NowMs() - checkpoint_ms_ >= plan_.checkpoint_interval_ms);
}

Status Coordinator::TakeCheckpoint() {
  position_requested_ = false;
  const int64_t started_ms = clock_.NowMs();
  const bool moved = rows_since_ > 0 || position_ != last_.position;
  if (!moved && !token_to_renew_) return NothingNew();
  Checkpoint next = last_;
  ++next.number;
  next.position = position_;
  next.rows = rows_;
  MR_ASSIGN_OR_RETURN(std::string token, sink_->Prepare(next.number));
  const bool token_renewed = !token.empty() && token != last_.token;
  token_to_renew_ = rows_since_ > 0;
  if (!moved && !token_renewed) return NothingNew();
  if (!token.empty()) next.token = std::move(token);
  MR_RETURN_IF_ERROR(config_.store->Write(next));
  last_ = std::move(next);
  commit_owed_ = true;
  if (!last_.token.empty()) MR_RETURN_IF_ERROR(sink_->Commit(last_.token));
  commit_owed_ = false;
  source_->Acknowledge(last_.position);
  if (moved) LogCheckpoint(rows_since_, started_ms);
  failures_ = 0;
  rows_since_ = 0;
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

// A quiet interval: nothing to remember, and no reason to hold old failures against the job.
Status Coordinator::NothingNew() {
  failures_ = 0;
  checkpoint_ms_ = clock_.NowMs();
  return Status::Ok();
}

// Before a long rest the file must not lean on transactions of the sink: the other side forgets
// finished ones after some hours, and then nobody could tell whether the commit was done.
Status Coordinator::TakeLastCheckpoint() {
  MR_RETURN_IF_ERROR(TakeCheckpoint());
  return token_to_renew_ ? TakeCheckpoint() : Status::Ok();
}

void Coordinator::LogCheckpoint(int64_t rows, int64_t started_ms) {
  UpdateProgress();
  {
    std::lock_guard lock(progress_mutex_);
    progress_.checkpoint_wall_ms = clock_.WallMs();
  }
  if (!log_.enabled(LogLevel::kInfo)) return;
  const int64_t now_ms = clock_.NowMs();
  const int64_t elapsed_ms = std::max<int64_t>(1, now_ms - checkpoint_ms_);
  const SourceProgress source = source_->Progress();
  std::string facts = source.phase;
  if (source.tables > 0) facts += fmt::format(", {}/{} tables", source.tables_done, source.tables);
  if (source.phase == "snapshot" && source.rows_estimated > 0) {
    facts += fmt::format(", {} of about {} rows read", source.rows_read, source.rows_estimated);
  }
  if (!source.position.empty()) facts += ", at " + source.position;
  if (source.lag_ms >= 0)
    facts += fmt::format(", lag {:.1f} s", static_cast<double>(source.lag_ms) / 1000);
  log_.Info("job {}: checkpoint {} complete in {} ms: {} rows ({} rows/s), {} in all; {}",
            plan_.job, last_.number, now_ms - started_ms, rows, rows * 1000 / elapsed_ms, rows_,
            facts);
}

void Coordinator::UpdateProgress() {
  progress_ms_ = clock_.NowMs();
  const SourceProgress source = source_ != nullptr ? source_->Progress() : SourceProgress{};
  std::lock_guard lock(progress_mutex_);
  progress_.rows = rows_;
  progress_.checkpoint = last_.number;
  progress_.source = source;
}

JobProgress Coordinator::progress() {
  std::lock_guard lock(progress_mutex_);
  return progress_;
}

bool Coordinator::StopOverdue() const {
  return stop_ms_ >= 0 && clock_.NowMs() - stop_ms_ > kStopDeadlineMs;
}

Coordinator::State Coordinator::Step() {
  if (stop_requests_ > 1) return State::kDone;
  if (stop_requests_ > 0 && stop_ms_ < 0) {
    stop_ms_ = clock_.NowMs();
    if (config_.store == nullptr) return State::kDone;
  }
  if (source_ == nullptr) return StepClosed();
  // Once a stop is asked for, nothing more is read than it takes to come to a position.
  const bool nothing_open = resumable_ || rows_since_ == 0;
  if (!end_of_input_ && !(stop_ms_ >= 0 && nothing_open)) {
    const Status polled = PollOnce();
    if (!polled.ok()) return polled.cancelled() ? State::kDone : Restart(polled);
    if (clock_.NowMs() - progress_ms_ >= kProgressMs) UpdateProgress();
  }
  if (!CheckpointDue()) return end_of_input_ ? State::kDone : State::kRunning;
  // Behind the LIMIT the number of rows says all; no position is needed to go on from.
  if (resumable_ || limit_left_ == 0) {
    const bool last = end_of_input_ || stop_ms_ >= 0;
    const Status taken = last ? TakeLastCheckpoint() : TakeCheckpoint();
    if (!taken.ok()) return Restart(taken);
    return last ? State::kDone : State::kRunning;
  }
  return StepWithoutPosition();
}

// Nothing is open: at the start and after a failure.
Coordinator::State Coordinator::StepClosed() {
  // A stop need not open anything, unless rows of the last checkpoint wait for their commit.
  if (stop_ms_ >= 0 && (!commit_owed_ || StopOverdue())) {
    if (commit_owed_) {
      log_.Warning("job {}: the commit of checkpoint {} is finished at the next start", plan_.job,
                   last_.number);
    }
    return State::kDone;
  }
  const Status opened = Open();
  return opened.ok() ? State::kRunning : Restart(opened);
}

// A checkpoint is due, but the source has not come to a position.
Coordinator::State Coordinator::StepWithoutPosition() {
  if (end_of_input_) {
    return Fail(Status::Permanent("the source ended without a position to go on from"));
  }
  if (stop_ms_ >= 0 && (rows_since_ == 0 || StopOverdue())) {
    if (rows_since_ > 0) {
      log_.Warning(
          "job {}: no last checkpoint within {} s; the rows since checkpoint {} come again",
          plan_.job, kStopDeadlineMs / 1000, last_.number);
    }
    return State::kDone;
  }
  if (!position_requested_) {
    source_->RequestPosition();
    position_requested_ = true;
  }
  return State::kRunning;
}

}  // namespace millrace
