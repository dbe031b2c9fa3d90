#include "minidoris/frontend/transaction_list.h"

#include <algorithm>

namespace millrace::minidoris {
namespace {

bool IsRunning(TransactionState state) {
  return state == TransactionState::kPrepare || state == TransactionState::kPrecommitted ||
         state == TransactionState::kCommitted;
}

}  // namespace

void TransactionList::Put(const LoadTransaction& transaction) {
  const std::lock_guard lock(mutex_);
  all_[transaction.id] = transaction;
}

std::optional<LoadTransaction> TransactionList::Find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(id);
  if (found == all_.end()) return std::nullopt;
  return found->second;
}

std::optional<LoadTransaction> TransactionList::Newest(const std::string& database,
                                                       const std::string& label) const {
  const std::lock_guard lock(mutex_);
  for (auto at = all_.rbegin(); at != all_.rend(); ++at) {
    if (at->second.label == label && at->second.database == database) return at->second;
  }
  return std::nullopt;
}

std::vector<LoadTransaction> TransactionList::All(const std::string& database) const {
  const std::lock_guard lock(mutex_);
  std::vector<LoadTransaction> list;
  for (const auto& [id, transaction] : all_) {
    if (transaction.database == database) list.push_back(transaction);
  }
  return list;
}

int64_t TransactionList::RunningCount(const std::string& database) const {
  const std::lock_guard lock(mutex_);
  return std::count_if(all_.begin(), all_.end(), [&](const auto& entry) {
    return entry.second.database == database && IsRunning(entry.second.state);
  });
}

std::vector<LoadTransaction> TransactionList::TimedOut(int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  std::vector<LoadTransaction> late;
  for (const auto& [id, transaction] : all_) {
    const bool prepare_late = transaction.state == TransactionState::kPrepare &&
                              now_ms - transaction.prepare_ms >= transaction.timeout_ms;
    const bool precommit_late = transaction.state == TransactionState::kPrecommitted &&
                                now_ms - transaction.precommit_ms >= rules_.precommit_timeout_ms;
    if (prepare_late || precommit_late) late.push_back(transaction);
  }
  return late;
}

std::vector<LoadTransaction> TransactionList::DueForPublishing(int64_t now_ms) const {
  std::vector<LoadTransaction> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, transaction] : all_) {
      if (transaction.state == TransactionState::kCommitted &&
          now_ms - transaction.commit_ms >= rules_.publish_delay_ms) {
        due.push_back(transaction);
      }
    }
  }
  std::stable_sort(due.begin(), due.end(), [](const LoadTransaction& a, const LoadTransaction& b) {
    return a.commit_ms < b.commit_ms;
  });
  return due;
}

std::vector<int64_t> TransactionList::ForgetOld(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  std::vector<int64_t> old;
  std::map<std::string, int64_t> newer;  // finished ones seen so far, per database
  for (auto at = all_.rbegin(); at != all_.rend(); ++at) {
    const LoadTransaction& transaction = at->second;
    if (IsRunning(transaction.state)) continue;
    const int64_t rank = newer[transaction.database]++;
    const bool beyond = rules_.finished_kept_max >= 0 && rank >= rules_.finished_kept_max;
    if (beyond || now_ms - transaction.finish_ms >= rules_.label_keep_ms) old.push_back(at->first);
  }
  for (const int64_t id : old) all_.erase(id);
  return old;
}

}  // namespace millrace::minidoris
