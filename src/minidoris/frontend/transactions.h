// The transaction manager of the frontend: labels and the states of loads (reference, section 2).
//
//   PREPARE -> PRECOMMITTED -> COMMITTED -> VISIBLE      PREPARE, PRECOMMITTED -> ABORTED
//
// PREPARE lives in memory only. Every other state is on disk before anybody is told of it. Rows are
// applied when a transaction becomes VISIBLE, in the order of the commits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "minidoris/frontend/transaction.h"
#include "minidoris/store/store.h"

namespace millrace::minidoris {

struct TransactionRules {
  int64_t precommit_timeout_ms = 3'600'000;
  int64_t label_keep_ms = 43'200'000;
  int64_t finished_kept_max = 2000;  // per database; -1: no limit
  int64_t running_max = 10'000;      // per database
  int64_t publish_delay_ms = 0;      // from COMMITTED to VISIBLE
};

struct LabelConflict {
  std::string message;
  std::string existing_job_status;
};
// A transaction id, a conflict, or the Message the load fails with.
using BeginResult = std::variant<int64_t, LabelConflict, std::string>;

struct TwoPhaseResult {
  std::string status;
  std::string message;
};

class TransactionManager final {
 public:
  // Reads what the store remembers. Store and clock must outlive the manager.
  static Result<std::unique_ptr<TransactionManager>> Open(Store* store, Clock* clock,
                                                          TransactionRules rules);
  ~TransactionManager();

  // Checks label, database and table. `draft` has them, and who is loading.
  BeginResult Begin(Transaction draft);
  // The load is complete. With 2PC it is PRECOMMITTED, else COMMITTED and, if there is no delay,
  // VISIBLE. Fails if the transaction was aborted meanwhile.
  Status Complete(int64_t id, const LoadCounts& counts, const std::string& error_url);
  // Aborts a load that is still in PREPARE; no effect in other states.
  void Fail(int64_t id, const std::string& reason);

  // `_stream_load_2pc`: by id, by label, or by both.
  TwoPhaseResult Operate(const std::string& database, bool commit, std::optional<int64_t> id,
                         const std::optional<std::string>& label);

  // The state of the newest transaction with the label, or UNKNOWN.
  std::string StateOf(const std::string& database, const std::string& label) const;
  std::optional<Transaction> Find(int64_t id) const;
  std::vector<Transaction> All(const std::string& database) const;  // oldest first

  // Timeouts, forgetting, delayed publishing. Also called by a thread of its own.
  void Sweep();

 private:
  TransactionManager(Store* store, Clock* clock, TransactionRules rules)
      : store_(*store), clock_(*clock), rules_(rules) {}

  Transaction* Newest(const std::string& database, const std::string& label);  // mutex_ held
  const Transaction* Newest(const std::string& database, const std::string& label) const;
  TwoPhaseResult OperateOne(const std::string& database, bool commit, int64_t id,
                            const std::string& subject);
  Status Commit(Transaction transaction);                            // change_mutex_ held
  Status Abort(Transaction transaction, const std::string& reason);  // change_mutex_ held
  void Put(const Transaction& transaction);
  void PublishCommitted();
  void AbortTimedOut();
  void ForgetOld();

  Store& store_;
  Clock& clock_;
  const TransactionRules rules_;
  // Held over every change of state after PREPARE, and taken before mutex_. mutex_ is held briefly,
  // so that questions are answered while a long commit runs.
  std::mutex change_mutex_;
  mutable std::mutex mutex_;
  std::map<int64_t, Transaction> all_;  // mutex_
  int64_t next_id_ = 0;                 // mutex_
  int64_t reserved_end_ = 0;            // mutex_
  std::mutex stop_mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // stop_mutex_
  std::thread sweeper_;
};

}  // namespace millrace::minidoris
