#include "minidoris/frontend/transactions.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/ascii.h"
#include "base/thread.h"

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
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '_' || c == ':'; });
}

std::string JobStatus(TransactionState state) {
  if (state == TransactionState::kPrepare) return "RUNNING";
  return state == TransactionState::kPrecommitted ? "PRECOMMITTED" : "FINISHED";
}

TwoPhaseResult Refused(std::string_view text) {
  return {"ANALYSIS_ERROR", fmt::format("{}{}", kDetail, text)};
}

// Why a transaction in this state cannot be committed or aborted; nothing if it can.
std::optional<std::string> WhyNot(const LoadTransaction& transaction, bool commit) {
  const int64_t id = transaction.id;
  switch (transaction.state) {
    case TransactionState::kPrepare:
      if (!commit) break;
      return fmt::format("transaction [{}] is prepare, not pre-committed.", id);
    case TransactionState::kPrecommitted:
      break;
    case TransactionState::kCommitted:
    case TransactionState::kVisible:
      if (commit) {
        return fmt::format("transaction [{}] is already {}, not pre-committed.", id,
                           ToLower(StateText(transaction.state)));
      }
      return fmt::format("transaction [{}] is already {}, could not abort.", id,
                         StateText(transaction.state));
    case TransactionState::kAborted:
      return fmt::format("transaction [{}] is already aborted{} abort reason: {}", id,
                         commit ? "." : ",", transaction.reason);
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<TransactionManager>> TransactionManager::Open(Store* store, Clock* clock,
                                                                     TransactionRules rules) {
  std::unique_ptr<TransactionManager> manager(new TransactionManager(store, clock, rules));
  MR_ASSIGN_OR_RETURN(const std::vector<LoadTransaction> known, store->LoadTransactions());
  for (const LoadTransaction& transaction : known) manager->list_.Put(transaction);
  manager->Sweep();
  TransactionManager* const self = manager.get();
  manager->sweeper_ = std::thread([self] { self->RunSweeper(); });
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

void TransactionManager::RunSweeper() {
  NameThread("sweeper");
  std::unique_lock lock(stop_mutex_);
  while (!stopping_) {
    stop_.wait_for(lock, std::chrono::milliseconds(kSweepIntervalMs));
    if (stopping_) return;
    lock.unlock();
    // What fails now is tried again by the next sweep.
    static_cast<void>(CatchExceptions([this] {
      Sweep();
      return Status::Ok();
    }));
    lock.lock();
  }
}

Result<int64_t> TransactionManager::NextId() {
  if (next_id_ == reserved_end_) {
    MR_ASSIGN_OR_RETURN(next_id_, store_.ReserveTransactionIds(kIdsPerReservation));
    reserved_end_ = next_id_ + kIdsPerReservation;
  }
  return next_id_++;
}

BeginResult TransactionManager::Begin(LoadTransaction draft) {
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
  const std::lock_guard lock(begin_mutex_);
  const std::optional<LoadTransaction> existing = list_.Newest(draft.database, draft.label);
  if (existing && existing->state != TransactionState::kAborted) {
    return LabelConflict{
        fmt::format("[LABEL_ALREADY_EXISTS]{}Label [{}] has already been used, relate to txn [{}]",
                    kDetail, draft.label, existing->id),
        JobStatus(existing->state)};
  }
  const int64_t running = list_.RunningCount(draft.database);
  if (running >= rules_.running_max) {
    return fmt::format("[ANALYSIS_ERROR]{}current running txns on db 1 is {}, larger than limit {}",
                       kDetail, running, rules_.running_max);
  }
  const Result<int64_t> id = NextId();
  if (!id.ok()) return "[INTERNAL_ERROR]" + id.status().message();
  draft.id = id.value();
  draft.table_id = table->id;
  draft.state = TransactionState::kPrepare;
  draft.prepare_ms = clock_.WallMs();
  list_.Put(draft);
  return draft.id;
}

Status TransactionManager::Complete(int64_t id, const LoadCounts& counts,
                                    const std::string& error_url) {
  const std::lock_guard change_lock(change_mutex_);
  const std::optional<LoadTransaction> found = Find(id);
  if (!found) return Status::Permanent(fmt::format("transaction [{}] not found", id));
  if (found->state != TransactionState::kPrepare) return Status::Permanent(found->reason);
  LoadTransaction transaction = *found;
  transaction.counts = counts;
  transaction.error_url = error_url;
  if (!transaction.two_phase) return Commit(std::move(transaction));
  transaction.state = TransactionState::kPrecommitted;
  transaction.precommit_ms = clock_.WallMs();
  MR_RETURN_IF_ERROR(store_.Save(transaction));
  list_.Put(transaction);
  return Status::Ok();
}

void TransactionManager::Fail(int64_t id, const std::string& reason) {
  const std::lock_guard change_lock(change_mutex_);
  const std::optional<LoadTransaction> found = Find(id);
  if (found && found->state == TransactionState::kPrepare) {
    static_cast<void>(Abort(*found, reason));
  } else if (found && found->state == TransactionState::kAborted) {
    static_cast<void>(store_.DropStaged(id));  // rows that came after the abort
  }
}

Status TransactionManager::Commit(LoadTransaction transaction) {
  transaction.commit_ms = clock_.WallMs();
  transaction.state = TransactionState::kCommitted;
  if (rules_.publish_delay_ms == 0) {
    transaction.state = TransactionState::kVisible;
    transaction.finish_ms = transaction.commit_ms;
    MR_RETURN_IF_ERROR(store_.Publish(transaction));
  } else {
    MR_RETURN_IF_ERROR(store_.Save(transaction));
  }
  list_.Put(transaction);
  return Status::Ok();
}

Status TransactionManager::Abort(LoadTransaction transaction, const std::string& reason) {
  transaction.state = TransactionState::kAborted;
  transaction.reason = reason;
  transaction.finish_ms = clock_.WallMs();
  MR_RETURN_IF_ERROR(store_.Save(transaction));
  list_.Put(transaction);
  static_cast<void>(store_.DropStaged(transaction.id));  // else the next start does it
  return Status::Ok();
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
  const auto by_label = IdOf(database, commit, *label);
  if (const auto* refused = std::get_if<TwoPhaseResult>(&by_label)) return *refused;
  return OperateOne(database, commit, std::get<int64_t>(by_label), subject);
}

std::variant<int64_t, TwoPhaseResult> TransactionManager::IdOf(const std::string& database,
                                                               bool commit,
                                                               const std::string& label) const {
  const std::optional<LoadTransaction> found = list_.Newest(database, label);
  if (!found) return Refused(fmt::format("transaction not found, label={}", label));
  const bool fits = found->state == TransactionState::kPrecommitted ||
                    (!commit && found->state == TransactionState::kPrepare);
  if (!fits) return Refused(fmt::format("running transaction not found, label={}", label));
  return found->id;
}

TwoPhaseResult TransactionManager::OperateOne(const std::string& database, bool commit, int64_t id,
                                              const std::string& subject) {
  const std::optional<LoadTransaction> found = Find(id);
  if (!found || found->database != database) {
    return Refused(fmt::format("transaction [{}] not found", id));
  }
  if (const auto reason = WhyNot(*found, commit)) return Refused(*reason);
  const Status status = commit ? Commit(*found) : Abort(*found, "User Abort");
  if (!status.ok()) return {"INTERNAL_ERROR", fmt::format("{}{}", kDetail, status.message())};
  return {"Success", subject + (commit ? "commit successfully." : "abort successfully.")};
}

std::string TransactionManager::StateOf(const std::string& database,
                                        const std::string& label) const {
  const std::optional<LoadTransaction> found = list_.Newest(database, label);
  return found ? std::string(StateText(found->state)) : "UNKNOWN";
}

void TransactionManager::Sweep() {
  const std::lock_guard change_lock(change_mutex_);
  for (const LoadTransaction& transaction : list_.TimedOut(clock_.WallMs())) {
    static_cast<void>(Abort(transaction, std::string(kTimeoutReason)));
  }
  PublishCommitted();
  for (const int64_t id : list_.ForgetOld(clock_.WallMs())) static_cast<void>(store_.Forget(id));
}

void TransactionManager::PublishCommitted() {
  for (LoadTransaction& transaction : list_.DueForPublishing(clock_.WallMs())) {
    transaction.state = TransactionState::kVisible;
    transaction.finish_ms = clock_.WallMs();
    const Status status = store_.Publish(transaction);
    if (status.transient()) return;  // the next sweep tries again, in order
    // COMMITTED is final. Without its table there is nothing to publish, so it only changes its
    // state.
    if (!status.ok() && !store_.Save(transaction).ok()) return;
    list_.Put(transaction);
  }
}

}  // namespace millrace::minidoris
