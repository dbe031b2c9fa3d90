// Makes the transactions of a token visible, and finds and drops what newer ones an earlier run
// left in Doris. Commits go by transaction id, in the token's order, and are repeated until the
// answer is clear; leftovers are found by their labels, whose names follow from the token
// (label.h). A stop ends every wait with Cancelled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "base/stop_token.h"
#include "connectors/doris/label.h"
#include "connectors/doris/stream_load_api.h"
#include "connectors/doris/token.h"

namespace millrace::doris {

class Committer final {
 public:
  // Everything outlives the committer.
  Committer(StreamLoadApi* api, Clock* clock, Log* log, const StopToken* stop)
      : api_(*api), clock_(*clock), log_(*log), stop_(*stop) {}

  Status Commit(const Token& token);

  // Waits until anybody can see what was committed. Transient error after some minutes.
  Status AwaitVisible(const std::vector<Transaction>& transactions);

  // Aborts every load newer than `token`, of `lanes` lanes at least, and returns the incarnation
  // whose labels are free from the token's sequence on. Labels there that were committed mean that
  // the checkpoint is an old one: if `repeatable` (rows loaded again replace themselves) or the
  // token is the first, a new incarnation begins; else that is an error.
  Result<uint64_t> DropNewer(const Token& token, const Labels& labels, int lanes, bool repeatable);

  // Aborts one load, by id if that is not negative, else by label.
  Result<AbortVerdict> Abort(int64_t transaction, const std::string& label);

 private:
  enum class Found : uint8_t { kNothing, kDropped, kCommitted };

  Status CommitOne(const Transaction& transaction);
  Status TryCommit(const Transaction& transaction);
  // Of a transaction that Doris does not find: its label may still know.
  Status CommitByLabel(const Transaction& transaction, const std::string& message);
  Result<LabelState> StateOf(const std::string& label);
  Result<Found> DropSequence(const Labels& labels, LoadName name, int lanes);

  StreamLoadApi& api_;
  Clock& clock_;
  Log& log_;
  const StopToken& stop_;
};

}  // namespace millrace::doris
