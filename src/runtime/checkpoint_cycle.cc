#include "runtime/checkpoint_cycle.h"

#include <algorithm>

#include "base/check.h"
#include "base/thread.h"

namespace millrace {

CheckpointCycle::CheckpointCycle(const Plan& plan, CheckpointStore* store, Pipeline* pipeline,
                                 Log* log)
    : plan_(plan), store_(store), pipeline_(*pipeline), log_(*log) {
  latest_.positions.resize(plan.sources.size());
  latest_.tokens.resize(plan.sinks.size());
  latest_.rows.resize(plan.sinks.size());
}

Status CheckpointCycle::Load(bool fresh) {
  if (store_ == nullptr) return Status::Ok();
  MR_RETURN_IF_ERROR(store_->Lock());
  if (fresh) return StartOver();
  MR_ASSIGN_OR_RETURN(std::optional<Checkpoint> latest, store_->Latest());
  if (!latest) {
    log_.Info("job {}: starting; checkpoints are kept in {}", plan_.job, store_->folder());
    return Status::Ok();
  }
  latest_ = std::move(*latest);
  log_.Info("job {}: resuming from checkpoint {} ({} rows so far) in {}", plan_.job, latest_.number,
            latest_.rows_in_all(), store_->folder());
  return Status::Ok();
}

Status CheckpointCycle::StartOver() {
  MR_ASSIGN_OR_RETURN(const uint64_t ignored, store_->LatestNumber());
  MR_ASSIGN_OR_RETURN(latest_, store_->StartOver());
  if (ignored == 0) {
    log_.Info("job {}: starting (--fresh found no checkpoint); checkpoints are kept in {}",
              plan_.job, store_->folder());
    return Status::Ok();
  }
  log_.Warning(
      "job {}: starting again, --fresh ignores checkpoint {} in {}; the target still holds the "
      "rows that were loaded before",
      plan_.job, ignored, store_->folder());
  return Status::Ok();
}

Status CheckpointCycle::Open() {
  if (stage_ == Stage::kPrepared) MR_RETURN_IF_ERROR(ReadAgainAfterFailedWrite());
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    MR_RETURN_IF_ERROR(pipeline_.OpenSink(i));
    MR_RETURN_IF_ERROR(Recover(i));
  }
  // Only now: a failure up to here leaves commits pending or loads prepared, as they were.
  stage_ = Stage::kSettled;
  token_needs_renewal_ = std::any_of(latest_.tokens.begin(), latest_.tokens.end(),
                                     [](const std::string& token) { return !token.empty(); });
  return pipeline_.OpenSources(latest_);
}

// A write that failed may have left the file there all the same, if memory ran out after the
// rename. Then it counts, and to roll back what it names would lose rows.
Status CheckpointCycle::ReadAgainAfterFailedWrite() {
  MR_ASSIGN_OR_RETURN(const uint64_t newest, store_->LatestNumber());
  if (newest <= latest_.number) return Status::Ok();
  MR_ASSIGN_OR_RETURN(std::optional<Checkpoint> latest, store_->Latest());
  if (latest) latest_ = std::move(*latest);
  return Status::Ok();
}

// After --fresh the old token still says which loads an earlier run may have left; one that means
// nothing any more does not stop the job.
Status CheckpointCycle::Recover(size_t sink) {
  std::string& token = latest_.tokens[sink];
  Status recovered = pipeline_.sink(sink).Recover(token);
  const bool may_be_lost = latest_.from_the_start() && !token.empty();
  if (recovered.ok() || recovered.code() != StatusCode::kPermanent || !may_be_lost) {
    return recovered;
  }
  log_.Warning("job {}: what the previous run prepared for {} can no longer be found: {}",
               plan_.job, plan_.sinks[sink].table.name, recovered.message());
  token.clear();
  MR_RETURN_IF_ERROR(pipeline_.OpenSink(sink));
  return pipeline_.sink(sink).Recover(token);
}

Result<CheckpointCycle::Outcome> CheckpointCycle::Take() {
  MR_CHECK(store_ != nullptr && pipeline_.is_open(), "a checkpoint has a store and an open job");
  MR_CHECK(pipeline_.AtCheckpointPosition(), "a checkpoint is taken at a position of every source");
  MR_CHECK(stage_ == Stage::kSettled, "a checkpoint begins after the one before it is complete");
  pipeline_.ForgetPositionRequests();
  const bool has_rows = pipeline_.rows_since_checkpoint() > 0;
  Checkpoint next;
  next.number = latest_.number + 1;
  next.positions = pipeline_.positions();
  next.rows = pipeline_.sink_rows();
  // A sink whose LIMIT is reached lets its sources' positions rest, so rows alone count too.
  const bool moved = has_rows || next.positions != latest_.positions;
  if (!moved && !token_needs_renewal_) return Outcome::kNothingNew;

  // From the first Prepare on something may be there that no file names yet.
  stage_ = Stage::kPrepared;
  bool token_renewed = false;
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    MR_ASSIGN_OR_RETURN(std::string token, pipeline_.sink(i).Prepare(next.number));
    token_renewed = token_renewed || (!token.empty() && token != latest_.tokens[i]);
    // A sink without anything to say keeps its token: Recover must find what it committed last.
    next.tokens.push_back(token.empty() ? latest_.tokens[i] : std::move(token));
  }
  token_needs_renewal_ = has_rows;
  if (!moved && !token_renewed) {  // nothing was prepared, so that no file is needed
    stage_ = Stage::kSettled;
    return Outcome::kNothingNew;
  }

  MR_RETURN_IF_ERROR(store_->Write(next));
  latest_ = std::move(next);
  stage_ = Stage::kCommitting;
  // A commit that fails, or whose answer is lost, is Recover's: the file says that it must be.
  MR_RETURN_IF_ERROR(CommitAll());
  stage_ = Stage::kSettled;
  pipeline_.Acknowledge(latest_);
  return moved ? Outcome::kTaken : Outcome::kTokensRenewed;
}

Status CheckpointCycle::CommitAll() {
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    if (latest_.tokens[i].empty()) continue;
    MR_RETURN_IF_ERROR(pipeline_.sink(i).Commit(latest_.tokens[i]));
  }
  return Status::Ok();
}

void CheckpointCycle::RollBackPrepared() {
  if (stage_ != Stage::kPrepared) return;
  // Not if the file is there after all: one that was renamed and not synced may still count.
  const auto newest = store_->LatestNumber();
  if (!newest.ok() || *newest != latest_.number) return;
  for (size_t i = 0; i < plan_.sinks.size(); ++i) {
    const Status rolled_back = CatchExceptions([&]() -> Status {
      MR_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, pipeline_.MakeSink(i));
      MR_RETURN_IF_ERROR(sink->Open());
      return sink->Recover(latest_.tokens[i]);
    });
    if (rolled_back.ok()) continue;
    log_.Warning(
        "job {}: what was prepared for {} after checkpoint {} stays until the next start: {}",
        plan_.job, plan_.sinks[i].table.name, latest_.number, rolled_back.message());
  }
}

}  // namespace millrace
