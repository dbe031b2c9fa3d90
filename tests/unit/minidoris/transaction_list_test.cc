#include "minidoris/frontend/transaction_list.h"

#include <doctest/doctest.h>

namespace millrace::minidoris {
namespace {

LoadTransaction Make(int64_t id, const std::string& label, TransactionState state) {
  LoadTransaction transaction;
  transaction.id = id;
  transaction.database = "db";
  transaction.label = label;
  transaction.state = state;
  transaction.timeout_ms = 100;
  return transaction;
}

std::vector<int64_t> IdsOf(const std::vector<LoadTransaction>& transactions) {
  std::vector<int64_t> ids;
  for (const LoadTransaction& transaction : transactions) ids.push_back(transaction.id);
  return ids;
}

using Ids = std::vector<int64_t>;

TEST_CASE("labels belong to a database, the newest counts") {
  TransactionList list{TransactionRules()};
  list.Put(Make(1, "L", TransactionState::kAborted));
  list.Put(Make(2, "L", TransactionState::kPrepare));
  LoadTransaction other = Make(3, "L", TransactionState::kVisible);
  other.database = "other";
  list.Put(other);
  CHECK(list.Newest("db", "L")->id == 2);
  CHECK(list.Newest("other", "L")->id == 3);
  CHECK_FALSE(list.Newest("db", "M"));
  CHECK(list.Find(1)->state == TransactionState::kAborted);
  CHECK_FALSE(list.Find(4));
  CHECK(IdsOf(list.All("db")) == Ids{1, 2});
  CHECK(list.RunningCount("db") == 1);
  list.Put(Make(2, "L", TransactionState::kVisible));
  CHECK(list.RunningCount("db") == 0);
}

TEST_CASE("timeouts of both phases") {
  TransactionRules rules;
  rules.precommit_timeout_ms = 1000;
  TransactionList list(rules);
  list.Put(Make(1, "A", TransactionState::kPrepare));
  list.Put(Make(2, "B", TransactionState::kPrecommitted));
  list.Put(Make(3, "C", TransactionState::kCommitted));
  CHECK(list.TimedOut(99).empty());
  CHECK(IdsOf(list.TimedOut(100)) == Ids{1});
  CHECK(IdsOf(list.TimedOut(1000)) == Ids{1, 2});
}

TEST_CASE("publishing keeps the order of the commits") {
  TransactionRules rules;
  rules.publish_delay_ms = 10;
  TransactionList list(rules);
  LoadTransaction late = Make(1, "A", TransactionState::kCommitted);
  late.commit_ms = 7;
  LoadTransaction early = Make(2, "B", TransactionState::kCommitted);
  early.commit_ms = 5;
  list.Put(late);
  list.Put(early);
  list.Put(Make(3, "C", TransactionState::kPrecommitted));
  CHECK(list.DueForPublishing(14).empty());
  CHECK(IdsOf(list.DueForPublishing(15)) == Ids{2});
  CHECK(IdsOf(list.DueForPublishing(17)) == Ids{2, 1});
}

TEST_CASE("finished ones are forgotten by age and by number, running ones never") {
  TransactionRules rules;
  rules.label_keep_ms = 1000;
  rules.finished_kept_max = 2;
  TransactionList list(rules);
  list.Put(Make(1, "running", TransactionState::kPrecommitted));
  for (int64_t id = 2; id <= 4; ++id) {
    LoadTransaction finished = Make(id, "L", TransactionState::kVisible);
    finished.finish_ms = id * 100;
    list.Put(finished);
  }
  CHECK(list.ForgetOld(500) == Ids{2});
  CHECK(list.ForgetOld(500).empty());
  CHECK(list.ForgetOld(1300) == Ids{3});
  CHECK(IdsOf(list.All("db")) == Ids{1, 4});
}

}  // namespace
}  // namespace millrace::minidoris
