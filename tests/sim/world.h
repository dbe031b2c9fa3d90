// A world for the coordinator that fits into one thread: a table with its log, a Doris with its
// transactions, a disk and a clock. Whatever has an effect outside of the process can be the moment
// at which the process dies (Crash), or can fail transiently.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "connectors/connector.h"

namespace millrace::sim {

struct Crash {};  // thrown where the process dies

// Ways to break the protocol on purpose; the simulation must notice each.
enum class Broken : uint8_t {
  kNothing,
  kCommitBeforeFile,  // Prepare makes the rows visible
  kKeepNewerLoads,    // Recover does not drop what is newer than the token
  kForgetToCommit,    // Recover does not finish the commit of the token
  kPositionTooEarly,  // the source emits a position before the rows up to it
  kIgnoreLostAnswer,  // Commit believes that a lost answer means it was done
  kForgetEmptied,     // a position does not say which rows are still to be deleted
};

// Decides, effect by effect, whether the process dies or the effect fails.
class Fate final {
 public:
  Fate(uint64_t seed, int64_t crash_at, double failure_rate)
      : random_(seed), crash_at_(crash_at), failure_rate_(failure_rate) {}

  // Called before and after every effect outside of the process.
  void Effect() {
    ++effects_;
    if (effects_ == crash_at_) throw Crash{};
    if (crash_rate_ > 0 && Chance(crash_rate_)) throw Crash{};
  }
  bool Fails() { return failure_rate_ > 0 && Chance(failure_rate_); }
  bool Chance(double probability) {
    return std::uniform_real_distribution<>(0, 1)(random_) < probability;
  }
  uint64_t Below(uint64_t limit) {
    return std::uniform_int_distribution<uint64_t>(0, limit - 1)(random_);
  }

  int64_t effects() const { return effects_; }
  void set_crash_rate(double rate) { crash_rate_ = rate; }
  void Calm() {
    crash_at_ = -1;
    crash_rate_ = failure_rate_ = 0;
  }

 private:
  std::mt19937_64 random_;
  int64_t effects_ = 0;
  int64_t crash_at_;
  double failure_rate_;
  double crash_rate_ = 0;
};

class SimClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms_; }
  int64_t WallMs() override { return now_ms_; }
  void SleepMs(int64_t duration_ms) override { now_ms_ += duration_ms; }
  void Advance(int64_t ms) { now_ms_ += ms; }

 private:
  int64_t now_ms_ = 1'000'000;
};

inline constexpr const char* kDiskFailure = "the disk failed";  // ends a job

// A disk that loses what was not synced when the process dies. It can be full, or fail to sync what
// is there already.
class SimFiles final : public Files {
 public:
  explicit SimFiles(Fate* fate) : fate_(*fate) {}
  Result<std::string> Read(const std::string& path) override;
  Status WriteAtomically(const std::string& path, std::string_view content) override;
  Status Remove(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& folder) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override;

 private:
  Fate& fate_;
  std::map<std::string, std::string> files_;
};

using Table = std::map<int64_t, int64_t>;  // key -> value

struct Change {
  RowKind kind;
  int64_t key;
  int64_t value;
};
// Keys are spread over shards, tables of the source whose rows can be lost as a whole.
inline constexpr int64_t kKeysOfAShard = 4;
inline int64_t ShardOf(int64_t key) { return key / kKeysOfAShard; }

struct Transaction {
  std::vector<Change> changes;
  std::optional<int64_t> emptied;  // instead: this shard loses all its rows
};

// The source's side: a log of transactions; a reader emits it in batches of any size. Positions
// only between transactions.
class SimMysql final {
 public:
  explicit SimMysql(Fate* fate) : fate_(*fate) {}
  void Commit(Transaction transaction);
  size_t size() const { return log_.size(); }
  const Transaction& at(size_t index) const { return log_[index]; }
  // The table after the first `count` transactions.
  const Table& StateAfter(size_t count) const { return states_[count]; }
  Result<std::unique_ptr<Source>> Open(const SourceRequest& request, size_t end, Broken broken);

 private:
  Fate& fate_;
  std::vector<Transaction> log_;
  std::vector<Table> states_ = {{}};
};

// Doris's side: labelled transactions in two phases over a table with a unique key.
class SimDoris final {
 public:
  enum class State : uint8_t { kPrepared, kVisible, kAborted };
  struct Load {
    State state = State::kPrepared;
    std::vector<Change> rows;
  };

  explicit SimDoris(Fate* fate) : fate_(*fate) {}
  Result<std::unique_ptr<Sink>> Open(Broken broken);

  Table visible;
  std::map<std::string, Load> loads;
  void Apply(const Load& load);
  size_t prepared() const;

 private:
  friend class SimSink;
  Fate& fate_;
};

}  // namespace millrace::sim
