// The transactions that the frontend remembers, in memory.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "minidoris/store/load_transaction.h"

namespace millrace::minidoris {

struct TransactionRules {
  int64_t precommit_timeout_ms = 3'600'000;
  int64_t label_keep_ms = 43'200'000;
  int64_t finished_kept_max = 2000;  // per database; -1: no limit
  int64_t running_max = 10'000;      // per database
  int64_t publish_delay_ms = 0;      // from COMMITTED to VISIBLE
};

// Any thread. Every call sees or makes a whole change and holds the lock briefly, so that questions
// are answered while a long commit runs. What it returns are copies.
class TransactionList final {
 public:
  explicit TransactionList(TransactionRules rules) : rules_(rules) {}

  // Adds a transaction or replaces the one with its id.
  void Put(const LoadTransaction& transaction);

  std::optional<LoadTransaction> Find(int64_t id) const;
  // Of those with the label, the one that began last.
  std::optional<LoadTransaction> Newest(const std::string& database,
                                        const std::string& label) const;
  std::vector<LoadTransaction> All(const std::string& database) const;  // oldest first
  int64_t RunningCount(const std::string& database) const;              // PREPARE to COMMITTED

  // Those whose load or whose second phase has taken too long.
  std::vector<LoadTransaction> TimedOut(int64_t now_ms) const;
  // The COMMITTED ones whose delay is over, in the order of their commits.
  std::vector<LoadTransaction> DueForPublishing(int64_t now_ms) const;
  // Removes finished ones that are too old or too many; returns their ids.
  std::vector<int64_t> ForgetOld(int64_t now_ms);

 private:
  const TransactionRules rules_;
  mutable std::mutex mutex_;
  std::map<int64_t, LoadTransaction> all_;  // mutex_
};

}  // namespace millrace::minidoris
