#include "minidoris/frontend/transactions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/ascii.h"

namespace millrace::minidoris {
namespace {

constexpr int64_t kIdsPerReservation = 1000;
constexpr int64_t kSweepIntervalMs = 200;
constexpr size_t kLabelBytesMax = 128;
constexpr std::string_view kTimeoutReason = "timeout by txn manager";
constexpr std::string_view kDetail = "TStatus: errCode = 2, detailMessage = ";
constexpr std::string_view kDetailNotFound = "TStatus: errCode = 7, detailMessage = ";

bool IsLabel(const std::string& label) {
  if (label.empty() || label.size() > kLabelBytesMax) return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == ':';
  });
}

bool IsRunning(TransactionState state) {
  return state == TransactionState::kPrepare || state == TransactionState::kPrecommitted ||
         state == TransactionState::kCommitted;
}

std::string JobStatus(TransactionState state) {
  if (state == TransactionState::kPrepare) return "RUNNING";
  return state == TransactionState::kPrecommitted ? "PRECOMMITTED" : "FINISHED";
}

TwoPhaseResult Refused(std::string_view text) {
  return {"ANALYSIS_ERROR", fmt::format("{}{}", kDetail, text)};
}

}  // namespace

Result<std::unique_ptr<TransactionManager>> TransactionManager::Open(Store* store, Clock* clock,
                                                                     TransactionRules rules) {
  std::unique_ptr<TransactionManager> manager(new TransactionManager(store, clock, rules));
  MR_ASSIGN_OR_RETURN(const std::vector<Transaction> known, store->LoadTransactions());
  for (const Transaction& transaction : known) manager->all_[transaction.id] = transaction;
  manager->Sweep();
  TransactionManager* const self = manager.get();
  manager->sweeper_ = std::thread([self] {
    std::unique_lock lock(self->stop_mutex_);
    while (!self->stopping_) {
      self->stop_.wait_for(lock, std::chrono::milliseconds(kSweepIntervalMs));
      if (self->stopping_) return;
      lock.unlock();
      self->Sweep();
      lock.lock();
    }
  });
  return manager;
}

TransactionManager::~TransactionManager() {
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (sweeper_.joinable()) sweeper_.join();
}

Transaction* TransactionManager::Newest(const std::string& database, const std::string& label) {
  for (auto at = all_.rbegin(); at != all_.rend(); ++at) {
    if (at->second.label == label && at->second.database == database) return &at->second;
  }
  return nullptr;
}

const Transaction* TransactionManager::Newest(const std::string& database,
                                              const std::string& label) const {
  return const_cast<TransactionManager*>(this)->Newest(database, label);
}

BeginResult TransactionManager::Begin(Transaction draft) {
  if (!IsLabel(draft.label)) {
    return fmt::format(
        "[ANALYSIS_ERROR]{}Label format error. regex: ^[-_A-Za-z0-9:]{{1,128}}$, "
        "label: {}",
        kDetail, draft.label);
  }
  if (!store_.HasDatabase(draft.database)) {
    return fmt::format("[NOT_FOUND]{}unknown database, database={}", kDetailNotFound,
                       draft.database);
  }
  const std::shared_ptr<const Table> table = store_.Find(draft.database, draft.table);
  if (table == nullptr) {
    return fmt::format("[NOT_FOUND]{}unknown table, tableName={}", kDetailNotFound, draft.table);
  }
  const std::lock_guard lock(mutex_);
  const Transaction* existing = Newest(draft.database, draft.label);
  if (existing != nullptr && existing->state != TransactionState::kAborted) {
    return LabelConflict{
        fmt::format("[LABEL_ALREADY_EXISTS]{}Label [{}] has already been used, relate to txn [{}]",
                    kDetail, draft.label, existing->id),
        JobStatus(existing->state)};
  }
  const auto running = std::count_if(all_.begin(), all_.end(), [&](const auto& entry) {
    return entry.second.database == draft.database && IsRunning(entry.second.state);
  });
  if (running >= rules_.running_max) {
    return fmt::format("[ANALYSIS_ERROR]{}current running txns on db 1 is {}, larger than limit {}",
                       kDetail, running, rules_.running_max);
  }
  if (next_id_ == reserved_end_) {
    const Result<int64_t> first = store_.ReserveTransactionIds(kIdsPerReservation);
    if (!first.ok()) return "[INTERNAL_ERROR]" + first.status().message();
    next_id_ = first.value();
    reserved_end_ = next_id_ + kIdsPerReservation;
  }
  draft.id = next_id_++;
  draft.table_id = table->id;
  draft.state = TransactionState::kPrepare;
  draft.prepare_ms = clock_.WallMs();
  const int64_t id = draft.id;
  all_[id] = std::move(draft);
  return id;
}

Status TransactionManager::Complete(int64_t id, const LoadCounts& counts,
                                    const std::string& error_url) {
  const std::lock_guard change_lock(change_mutex_);
  const std::optional<Transaction> found = Find(id);
  if (!found) return Status::Permanent(fmt::format("transaction [{}] not found", id));
  if (found->state != TransactionState::kPrepare) return Status::Permanent(found->reason);
  Transaction transaction = *found;
  transaction.counts = counts;
  transaction.error_url = error_url;
  if (!transaction.two_phase) return Commit(std::move(transaction));
  transaction.state = TransactionState::kPrecommitted;
  transaction.precommit_ms = clock_.WallMs();
  MR_RETURN_IF_ERROR(store_.Save(transaction));
  Put(transaction);
  return Status::Ok();
}

void TransactionManager::Fail(int64_t id, const std::string& reason) {
  const std::lock_guard change_lock(change_mutex_);
  const std::optional<Transaction> found = Find(id);
  if (found && found->state == TransactionState::kPrepare) {
    static_cast<void>(Abort(*found, reason));
  } else if (found && found->state == TransactionState::kAborted) {
    static_cast<void>(store_.DropStaged(id));  // rows that came after the abort
  }
}

Status TransactionManager::Commit(Transaction transaction) {
  transaction.commit_ms = clock_.WallMs();
  transaction.state = TransactionState::kCommitted;
  if (rules_.publish_delay_ms == 0) {
    transaction.state = TransactionState::kVisible;
    transaction.finish_ms = transaction.commit_ms;
    MR_RETURN_IF_ERROR(store_.Publish(transaction));
  } else {
    MR_RETURN_IF_ERROR(store_.Save(transaction));
  }
  Put(transaction);
  return Status::Ok();
}

Status TransactionManager::Abort(Transaction transaction, const std::string& reason) {
  transaction.state = TransactionState::kAborted;
  transaction.reason = reason;
  transaction.finish_ms = clock_.WallMs();
  MR_RETURN_IF_ERROR(store_.Save(transaction));
  Put(transaction);
  static_cast<void>(store_.DropStaged(transaction.id));  // else the next start does it
  return Status::Ok();
}

void TransactionManager::Put(const Transaction& transaction) {
  const std::lock_guard lock(mutex_);
  all_[transaction.id] = transaction;
}

TwoPhaseResult TransactionManager::Operate(const std::string& database, bool commit,
                                           std::optional<int64_t> id,
                                           const std::optional<std::string>& label) {
  if (!store_.HasDatabase(database)) {
    return {"NOT_FOUND", fmt::format("{}unknown database, database={}", kDetailNotFound, database)};
  }
  const std::lock_guard change_lock(change_mutex_);
  std::string subject;
  if (label) subject = fmt::format("label [{}] ", *label);
  if (id) {
    subject += fmt::format("transaction [{}] ", *id);
    return OperateOne(database, commit, *id, subject);
  }
  {
    const std::lock_guard lock(mutex_);
    const Transaction* found = Newest(database, *label);
    if (found == nullptr) return Refused(fmt::format("transaction not found, label={}", *label));
    const bool fits = found->state == TransactionState::kPrecommitted ||
                      (!commit && found->state == TransactionState::kPrepare);
    if (!fits) return Refused(fmt::format("running transaction not found, label={}", *label));
    id = found->id;
  }
  return OperateOne(database, commit, *id, subject);
}

TwoPhaseResult TransactionManager::OperateOne(const std::string& database, bool commit, int64_t id,
                                              const std::string& subject) {
  const std::optional<Transaction> found = Find(id);
  if (!found || found->database != database) {
    return Refused(fmt::format("transaction [{}] not found", id));
  }
  switch (found->state) {
    case TransactionState::kPrepare:
      if (!commit) break;
      return Refused(fmt::format("transaction [{}] is prepare, not pre-committed.", id));
    case TransactionState::kPrecommitted:
      break;
    case TransactionState::kCommitted:
    case TransactionState::kVisible:
      if (commit) {
        return Refused(fmt::format("transaction [{}] is already {}, not pre-committed.", id,
                                   ToLower(StateText(found->state))));
      }
      return Refused(fmt::format("transaction [{}] is already {}, could not abort.", id,
                                 StateText(found->state)));
    case TransactionState::kAborted:
      return Refused(fmt::format("transaction [{}] is already aborted{} abort reason: {}", id,
                                 commit ? "." : ",", found->reason));
  }
  const Status status = commit ? Commit(*found) : Abort(*found, "User Abort");
  if (!status.ok()) return {"INTERNAL_ERROR", fmt::format("{}{}", kDetail, status.message())};
  return {"Success", subject + (commit ? "commit successfully." : "abort successfully.")};
}

std::string TransactionManager::StateOf(const std::string& database,
                                        const std::string& label) const {
  const std::lock_guard lock(mutex_);
  const Transaction* found = Newest(database, label);
  return found == nullptr ? "UNKNOWN" : std::string(StateText(found->state));
}

std::optional<Transaction> TransactionManager::Find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return std::nullopt;
  return found->second;
}

std::vector<Transaction> TransactionManager::All(const std::string& database) const {
  const std::lock_guard lock(mutex_);
  std::vector<Transaction> list;
  for (const auto& [id, transaction] : all_) {
    if (transaction.database == database) list.push_back(transaction);
  }
  return list;
}

void TransactionManager::Sweep() {
  const std::lock_guard change_lock(change_mutex_);
  AbortTimedOut();
  PublishCommitted();
  ForgetOld();
}

void TransactionManager::AbortTimedOut() {
  const int64_t now = clock_.WallMs();
  std::vector<Transaction> late;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, transaction] : all_) {
      const bool prepare_late = transaction.state == TransactionState::kPrepare &&
                                now - transaction.prepare_ms >= transaction.timeout_ms;
      const bool precommit_late = transaction.state == TransactionState::kPrecommitted &&
                                  now - transaction.precommit_ms >= rules_.precommit_timeout_ms;
      if (prepare_late || precommit_late) late.push_back(transaction);
    }
  }
  for (const Transaction& transaction : late) {
    static_cast<void>(Abort(transaction, std::string(kTimeoutReason)));
  }
}

void TransactionManager::PublishCommitted() {
  const int64_t now = clock_.WallMs();
  std::vector<Transaction> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, transaction] : all_) {
      if (transaction.state == TransactionState::kCommitted &&
          now - transaction.commit_ms >= rules_.publish_delay_ms) {
        due.push_back(transaction);
      }
    }
  }
  std::stable_sort(due.begin(), due.end(), [](const Transaction& a, const Transaction& b) {
    return a.commit_ms < b.commit_ms;
  });
  for (Transaction& transaction : due) {
    transaction.state = TransactionState::kVisible;
    transaction.finish_ms = clock_.WallMs();
    const Status status = store_.Publish(transaction);
    if (status.transient()) return;  // the next sweep tries again, in order
    // COMMITTED cannot be taken back: without its table there is nothing left to show.
    if (!status.ok() && !store_.Save(transaction).ok()) return;
    Put(transaction);
  }
}

void TransactionManager::ForgetOld() {
  const int64_t now = clock_.WallMs();
  std::vector<int64_t> old;
  {
    const std::lock_guard lock(mutex_);
    std::map<std::string, int64_t> newer;  // finished ones seen so far, per database
    for (auto at = all_.rbegin(); at != all_.rend(); ++at) {
      const Transaction& transaction = at->second;
      if (IsRunning(transaction.state)) continue;
      const int64_t rank = newer[transaction.database]++;
      const bool beyond = rules_.finished_kept_max >= 0 && rank >= rules_.finished_kept_max;
      if (beyond || now - transaction.finish_ms >= rules_.label_keep_ms) old.push_back(at->first);
    }
    for (const int64_t id : old) all_.erase(id);
  }
  for (const int64_t id : old) static_cast<void>(store_.Forget(id));
}

}  // namespace millrace::minidoris
