#include "runtime/coordinator.h"

#include <algorithm>

#include "base/check.h"
#include "base/thread.h"

namespace millrace {
namespace {

constexpr int64_t kPausePieceMs = 100;  // how late a pause notices a stop

}  // namespace

Coordinator::Coordinator(CoordinatorConfig config)
    : config_(std::move(config)),
      plan_(*config_.pipeline.plan),
      clock_(*config_.pipeline.environment.clock),
      pipeline_(config_.pipeline),
      cycle_(plan_, config_.store, &pipeline_, config_.pipeline.environment.log),
      restart_policy_(plan_.restart),
      report_(plan_, &pipeline_, &cycle_, &clock_, config_.pipeline.environment.log,
              config_.store != nullptr) {
  MR_CHECK(config_.stop != nullptr, "a job has a stop token");
}

void Coordinator::RequestStop() {
  // The counter is looked at between two steps; the token ends what waits inside of a step.
  if (++stop_requests_ > 1) {
    config_.stop->Request();
  } else {
    config_.stop->RequestAt(clock_.NowMs() + kStopDeadlineMs);
  }
}

Coordinator::State Coordinator::Step() {
  const Status status = CatchExceptions([this] { return Advance(); });
  if (!status.ok()) HandleFailure(status);
  if (phase_ != Phase::kEnded) return State::kRunning;
  return status_.ok() ? State::kDone : State::kFailed;
}

Status Coordinator::Advance() {
  if (phase_ == Phase::kEnded) return Status::Ok();
  if (stop_requests_ > 1) {
    EndWithoutCheckpoint("a second stop was requested");
    return Status::Ok();
  }
  if (stop_requested() && !has_checkpoints()) {
    End("stopped");
    return Status::Ok();
  }
  if (phase_ == Phase::kLoading || phase_ == Phase::kOpening) return Open();
  if (stop_requested()) phase_ = Phase::kStopping;
  return Run();
}

Status Coordinator::Open() {
  // A stop need not open anything, unless rows of the latest checkpoint wait for their commit.
  if (stop_requested() && (!cycle_.commit_pending() || config_.stop->requested())) {
    EndWithoutCheckpoint(report_.last_error().empty() ? "it was stopped before it was open"
                                                      : report_.last_error());
    return Status::Ok();
  }
  if (phase_ == Phase::kLoading) {
    MR_RETURN_IF_ERROR(cycle_.Load(config_.fresh));
    phase_ = Phase::kOpening;
  }
  MR_RETURN_IF_ERROR(cycle_.Open());
  phase_ = Phase::kRunning;
  failed_ms_ = -1;
  interval_start_ms_ = clock_.NowMs();
  report_.Opened();
  return Status::Ok();
}

Status Coordinator::Run() {
  const bool stopping = phase_ == Phase::kStopping;
  const bool at_position = pipeline_.AtCheckpointPosition();
  if (!stopping || (!at_position && pipeline_.rows_since_checkpoint() > 0)) {
    MR_RETURN_IF_ERROR(pipeline_.PollNext(WhichToPoll(at_position)));
    report_.BetweenBatches();
  }
  if (!pipeline_.failure().ok() && !has_checkpoints()) return pipeline_.failure();
  const bool ended = pipeline_.AllEnded();
  if (!CheckpointDue()) {
    if (ended) End("finished");
    return Status::Ok();
  }
  if (!pipeline_.AtCheckpointPosition()) return AwaitPositions();
  const Status failure = pipeline_.failure();
  if (!ended && !stopping && failure.ok()) return TakeCheckpoint();
  MR_RETURN_IF_ERROR(TakeFinalCheckpoint());
  MR_RETURN_IF_ERROR(failure);
  End(ended ? "finished" : "stopped");
  return Status::Ok();
}

// Once a checkpoint is due, a source that has come to a position waits there for the others; but
// not for one whose server takes its time, unless the job is to stop.
Pipeline::Which Coordinator::WhichToPoll(bool at_position) const {
  if (at_position || !CheckpointDue()) return Pipeline::Which::kAll;
  const bool ending = phase_ == Phase::kStopping || !pipeline_.failure().ok();
  const bool go_on = !ending && pipeline_.WaitsForLateSource();
  return go_on ? Pipeline::Which::kNotHeld : Pipeline::Which::kWithoutPosition;
}

bool Coordinator::CheckpointDue() const {
  return has_checkpoints() && (phase_ == Phase::kStopping || pipeline_.AllEnded() ||
                               !pipeline_.failure().ok() || pipeline_.DeletionWaits() ||
                               clock_.NowMs() - interval_start_ms_ >= plan_.checkpoint_interval_ms);
}

// A checkpoint is due, but not every source is at a position.
Status Coordinator::AwaitPositions() {
  if (phase_ == Phase::kStopping) {
    if (pipeline_.rows_since_checkpoint() == 0) {
      End("stopped");
      return Status::Ok();
    }
    if (config_.stop->requested()) {
      EndWithoutCheckpoint(
          fmt::format("no source came to a position within {}", DurationText(kStopDeadlineMs)));
      return Status::Ok();
    }
  }
  // A source that failed rests at its position; the others may take as long as a stop lets them.
  if (!pipeline_.failure().ok()) {
    if (failed_ms_ < 0) failed_ms_ = clock_.NowMs();
    if (clock_.NowMs() - failed_ms_ > kStopDeadlineMs) return pipeline_.failure();
  }
  return pipeline_.RequestPositions();
}

Status Coordinator::TakeCheckpoint() {
  const int64_t started_ms = clock_.NowMs();
  const int64_t rows = pipeline_.rows_since_checkpoint();
  MR_ASSIGN_OR_RETURN(const CheckpointCycle::Outcome outcome, cycle_.Take());
  const int64_t now_ms = clock_.NowMs();
  if (outcome == CheckpointCycle::Outcome::kTaken) {
    report_.CheckpointTaken(rows, now_ms - interval_start_ms_, now_ms - started_ms);
  }
  pipeline_.ReleaseDeletions();
  // Also after an interval without anything new: the job is well, old failures are forgotten.
  restart_policy_.RecordProgress();
  interval_start_ms_ = now_ms;
  return Status::Ok();
}

Status Coordinator::TakeFinalCheckpoint() {
  MR_RETURN_IF_ERROR(TakeCheckpoint());
  return cycle_.token_needs_renewal() ? TakeCheckpoint() : Status::Ok();
}

void Coordinator::HandleFailure(const Status& cause) {
  pipeline_.Close();
  if (phase_ != Phase::kLoading) phase_ = Phase::kOpening;
  const bool may_end = stop_requested() && cause.code() != StatusCode::kPermanent;
  // The next attempt of a stop only serves a pending commit.
  if (stop_requests_ > 1 || (may_end && (!cycle_.commit_pending() || config_.stop->requested()))) {
    return EndWithoutCheckpoint(cause.message());
  }
  if (!cause.transient() || !has_checkpoints()) return Fail(cause);
  const std::optional<int64_t> pause_ms = restart_policy_.PauseAfterFailure(clock_.NowMs());
  if (!pause_ms) return may_end ? EndWithoutCheckpoint(cause.message()) : Fail(cause);
  report_.Retrying(cause, *pause_ms);
  Pause(*pause_ms);
}

void Coordinator::Pause(int64_t duration_ms) {
  for (int64_t waited_ms = 0; waited_ms < duration_ms; waited_ms += kPausePieceMs) {
    if (config_.stop->requested() || (stop_requested() && !cycle_.commit_pending())) return;
    clock_.SleepMs(std::min(kPausePieceMs, duration_ms - waited_ms));
  }
}

void Coordinator::Fail(const Status& cause) {
  status_ = cause;
  report_.Failed(cause, phase_ != Phase::kLoading);
  phase_ = Phase::kEnded;
  cycle_.RollBackPrepared();
}

void Coordinator::End(std::string_view how) {
  if (pipeline_.is_open()) report_.Ended(how);
  phase_ = Phase::kEnded;
  pipeline_.Close();
}

void Coordinator::EndWithoutCheckpoint(std::string_view reason) {
  report_.EndedWithoutCheckpoint(reason, phase_ != Phase::kLoading);
  phase_ = Phase::kEnded;
  pipeline_.Close();
}

}  // namespace millrace
