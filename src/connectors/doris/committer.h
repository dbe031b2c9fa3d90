// Makes the transactions of a token visible, and finds and drops what newer ones an earlier run
// left behind. Commits go by transaction id, in the token's order, and are repeated until the
// answer is clear; leftovers are found by their labels, whose names follow from the token
// (label.h).
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "connectors/doris/label.h"
#include "connectors/doris/stream_load_api.h"
#include "connectors/doris/token.h"

namespace millrace::doris {

// The first pause between two attempts; each next one is twice as long.
inline constexpr int64_t kFirstPauseMs = 100;
inline constexpr int64_t kLongestPauseMs = 3'000;
inline constexpr int kAttemptsMax = 8;
int64_t PauseMs(int attempt);  // from 0

class Committer final {
 public:
  // Everything outlives the committer.
  Committer(StreamLoadApi* api, Clock* clock, Log* log) : api_(*api), clock_(*clock), log_(*log) {}

  Status Commit(const Token& token);

  // Aborts every load newer than `token`, of `lanes` lanes at least, and returns the incarnation
  // whose labels are free from the token's sequence on. Labels there that were committed mean that
  // the checkpoint is an old one: if `repeatable` (rows loaded again replace themselves) or the
  // token is the first, a new incarnation begins; else that is an error.
  Result<uint64_t> DropNewer(const Token& token, const Labels& labels, int lanes, bool repeatable);

  // One load that stands in the way, by id if it is not negative.
  Result<AbortVerdict> Abort(int64_t transaction, const std::string& label);

 private:
  enum class Found : uint8_t { kNothing, kDropped, kCommitted };

  Status CommitOne(const Transaction& transaction);
  // Once; empty if it should be tried again, with the reason in `failure`.
  bool TryCommit(const Transaction& transaction, Status* failure);
  Result<LabelState> StateOf(const std::string& label);
  Result<Found> DropSequence(const Labels& labels, LoadName name, int lanes);

  StreamLoadApi& api_;
  Clock& clock_;
  Log& log_;
};

}  // namespace millrace::doris
