// How a checkpoint is taken and recovered: the protocol that makes a job exactly once.
//
//                 Prepare of every sink    file written         Commit of every sink
//   kSettled ----------------------> kPrepared ----------> kCommitting ------------> kSettled
//      ^                                |                      |              Acknowledge
//      |          failure               |                      |              to every source
//      +--- Recover of every sink <-----+----------------------+
//
// The file, with the positions and the tokens that Prepare returned, is the one and only commit
// point. A crash before it: nothing is visible, and the rows are read again. A crash after it:
// Recover(token) commits, and Seek goes on from the position. So in kPrepared the loads belong to
// no checkpoint and are rolled back, and in kCommitting they belong to one and must become visible.
//
// Used by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.h"
#include "runtime/checkpoint_store.h"
#include "runtime/pipeline.h"

namespace millrace {

class CheckpointCycle final {
 public:
  // `store` is null where no checkpoints are taken (SELECT). All must outlive the cycle.
  CheckpointCycle(const Plan& plan, CheckpointStore* store, Pipeline* pipeline, Log* log);

  // Takes the job for this process and reads its latest checkpoint, or starts over
  // with `fresh`. Once, first.
  Status Load(bool fresh);
  // Opens the pipeline at the latest checkpoint: recovers the sinks, then seeks the sources.
  Status Open();

  enum class Outcome : uint8_t { kNothingNew, kTokensRenewed, kTaken };
  // The pipeline is open and at a checkpoint position. kNothingNew: no row, no new position.
  // kTokensRenewed: only the tokens changed (see token_needs_renewal). After an error the pipeline
  // is closed and opened again.
  Result<Outcome> Take();
  // After a failure for good, with the pipeline closed: takes back what the sinks prepared for a
  // checkpoint that will never be.
  void RollBackPrepared();

  const Checkpoint& latest() const { return latest_; }
  // The file of the latest checkpoint is there, and its rows may not all be visible yet.
  bool commit_pending() const { return stage_ == Stage::kCommitting; }
  // The latest checkpoint names transactions of the sinks that have rows. The other side forgets
  // finished ones after some hours, and then nobody could say whether the commit was done: before a
  // long rest one more checkpoint, without rows, replaces the tokens.
  bool token_needs_renewal() const { return token_needs_renewal_; }

 private:
  enum class Stage : uint8_t { kSettled, kPrepared, kCommitting };

  Status StartOver();
  Status Recover(size_t sink);
  Status ReadAgainAfterFailedWrite();
  Status CommitAll();

  const Plan& plan_;
  CheckpointStore* const store_;
  Pipeline& pipeline_;
  Log& log_;
  Checkpoint latest_;
  Stage stage_ = Stage::kSettled;
  bool token_needs_renewal_ = false;
};

}  // namespace millrace
