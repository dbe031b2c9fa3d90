// Doris as a model in memory: labels, transactions and one table, as a StreamLoadApi. It lives
// longer than the sinks that use it, and it can fail before or after any of its effects.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

class FakeClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms_; }
  int64_t WallMs() override { return now_ms_; }
  void SleepMs(int64_t duration_ms) override { now_ms_ += duration_ms; }

 private:
  int64_t now_ms_ = 0;
};

class FakeDoris {
 public:
  enum class State { kPrepare, kPrecommitted, kVisible, kAborted };
  struct Txn {
    int64_t id = 0;
    std::string label;
    State state = State::kPrepare;
    std::string body;
    std::vector<std::string> headers;
  };

  std::string schema =
      R"({"keysType":"UNIQUE_KEYS","properties":[
          {"name":"id","type":"INT","aggregation_type":""},
          {"name":"name","type":"VARCHAR","aggregation_type":"NONE"}]})";

  std::vector<ColumnDetail> details;

  // Rows anybody can see: id -> name, after all visible loads in the order of their commits.
  std::map<int64_t, std::string> Visible() const;
  Txn* Newest(const std::string& label);
  int Count(State state) const;

  std::vector<Txn> txns;           // id is index + 1
  std::vector<int64_t> committed;  // ids, in order

  // Effects so far, and when the process that uses Doris dies: the call that would be number
  // `die_before` (from 1) fails without effect; with `die_after_effect` it has its effect first.
  int64_t effects = 0;
  int64_t die_at = std::numeric_limits<int64_t>::max();
  bool die_after_effect = false;
  bool dead = false;
  int failures = 0;  // so many calls of Operate and StateOf lose their answer, after the effect

  std::vector<std::string> queries;
  int looks_in_vain = 0;  // so many times a visible load is only COMMITTED yet

  std::deque<LoadAnswer> refusals;  // the next answers to Begin, instead of taking a body
  std::function<void(LoadAnswer*)> change_verdict;  // of every load, if set
  std::string error_log = "Reason: x";

  std::unique_ptr<StreamLoadApi> Connect();
};

}  // namespace millrace::doris
