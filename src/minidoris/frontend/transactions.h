// The transaction manager of the frontend: labels and the states of loads, by the rules of Doris's
// DatabaseTransactionMgr.
//
//   PREPARE -> PRECOMMITTED -> COMMITTED -> VISIBLE      PREPARE, PRECOMMITTED -> ABORTED
//
// PREPARE is in memory only. Every other state is on disk before it is visible to a client. Rows
// are applied when a transaction becomes VISIBLE, in the order of the commits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "minidoris/frontend/transaction_list.h"
#include "minidoris/store/load_transaction.h"
#include "minidoris/store/store.h"

namespace millrace::minidoris {

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

  // Checks label, database and table. `draft` has them, and the user and address of the client.
  BeginResult Begin(LoadTransaction draft);
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
  std::optional<LoadTransaction> Find(int64_t id) const { return list_.Find(id); }
  std::vector<LoadTransaction> All(const std::string& database) const {  // oldest first
    return list_.All(database);
  }

  // Timeouts, forgetting, delayed publishing. Also called by a thread of its own.
  void Sweep();

 private:
  TransactionManager(Store* store, Clock* clock, TransactionRules rules)
      : store_(*store), clock_(*clock), rules_(rules), list_(rules) {}

  void RunSweeper();
  Result<int64_t> NextId();  // begin_mutex_ held
  // Of the newest transaction with the label that the operation can be meant for.
  std::variant<int64_t, TwoPhaseResult> IdOf(const std::string& database, bool commit,
                                             const std::string& label) const;
  TwoPhaseResult OperateOne(const std::string& database, bool commit, int64_t id,
                            const std::string& subject);
  Status Commit(LoadTransaction transaction);                            // change_mutex_ held
  Status Abort(LoadTransaction transaction, const std::string& reason);  // change_mutex_ held
  void PublishCommitted();                                               // change_mutex_ held

  Store& store_;
  Clock& clock_;
  const TransactionRules rules_;
  TransactionList list_;
  // Held from the check of a label until its transaction is in the list.
  std::mutex begin_mutex_;
  int64_t next_id_ = 0;       // begin_mutex_
  int64_t reserved_end_ = 0;  // begin_mutex_
  // Held over every change of state after PREPARE.
  std::mutex change_mutex_;
  std::mutex stop_mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // stop_mutex_
  std::thread sweeper_;
};

}  // namespace millrace::minidoris
