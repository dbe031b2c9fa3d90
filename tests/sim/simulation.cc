// The coordinator of the engine against a modelled world, in one thread, on a virtual clock.
//
//   simulation             every crash point of a small run, then 2,000 seeded runs, then the broken
//   protocols sim SEED            one seeded run, told step by step
//
// After every step the visible state of Doris must be the state of the source after some number of
// whole transactions, never one that was passed already, and never one that no checkpoint file
// holds. At the end both sides are equal.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "runtime/coordinator.h"
#include "sim/world.h"

namespace millrace::sim {
namespace {

constexpr int64_t kStepMs = 40;
constexpr int64_t kIntervalMs = 100;
constexpr int kStepsMax = 20'000;
constexpr uint64_t kSeeds = 2'000;

Plan MakePlan() {
  Plan plan;
  plan.job = "sim";
  plan.checkpoint_dir = "/checkpoints";
  plan.checkpoint_interval_ms = kIntervalMs;
  plan.restart_delay_ms = 10;
  plan.source.table.name = plan.sink.table.name = "c.d.t";
  for (const char* name : {"key", "value"}) {
    const Column column{name, Type::Of(TypeKind::kBigInt), ""};
    plan.source.table.schema.columns.push_back(column);
    plan.sink.table.schema.columns.push_back(column);
  }
  plan.source.columns = plan.sink.columns = plan.sink.slots = {0, 1};
  plan.sink.types = {Type::Of(TypeKind::kBigInt), Type::Of(TypeKind::kBigInt)};
  plan.program = Program(2, {}, {}, -1);
  return plan;
}

// Random transactions over few keys, so that they meet: inserts, updates, deletes, changed keys.
void FillLog(SimMysql* mysql, Fate* fate, size_t transactions) {
  Table state;
  int64_t value = 0;
  for (size_t t = 0; t < transactions; ++t) {
    Transaction transaction;
    for (uint64_t i = 0; i <= fate->Below(4); ++i) {
      const auto key = static_cast<int64_t>(fate->Below(8));
      const auto found = state.find(key);
      if (found == state.end()) {
        transaction.push_back({RowKind::kInsert, key, ++value});
        state[key] = value;
      } else if (fate->Chance(0.3)) {
        transaction.push_back({RowKind::kDelete, key, found->second});
        state.erase(key);
      } else {
        auto target = fate->Chance(0.3) ? static_cast<int64_t>(fate->Below(8)) : key;
        if (target != key && state.contains(target)) target = key;
        transaction.push_back({RowKind::kUpdateBefore, key, found->second});
        state.erase(key);
        transaction.push_back({RowKind::kUpdateAfter, target, ++value});
        state[target] = value;
      }
    }
    mysql->Commit(std::move(transaction));
  }
}

class Run final {
 public:
  Run(uint64_t seed, int64_t crash_at, double failure_rate, double crash_rate, size_t transactions,
      Broken broken)
      : quiet_(seed ^ 0x5eed, -1, 0),
        fate_(seed, crash_at, failure_rate),
        files_(&fate_),
        mysql_(&fate_),
        doris_(&fate_),
        broken_(broken) {
    FillLog(&mysql_, &quiet_, transactions);
    fate_.set_crash_rate(crash_rate);
  }

  // What went wrong; empty if nothing did.
  std::string Go() {
    for (int steps = 0; steps < kStepsMax;) {
      CheckpointStore store(&files_, &clock_, plan_);
      Log log(LogLevel::kOff, stderr);
      Coordinator coordinator(Config(&store, &log));
      try {
        for (; steps < kStepsMax; ++steps) {
          if (steps == kStepsMax / 2) fate_.Calm();  // in the end the world is kind
          const Coordinator::State state = coordinator.Step();
          clock_.Advance(kStepMs);
          if (std::string wrong = Look(); !wrong.empty()) return wrong;
          if (state == Coordinator::State::kDone) return AtTheEnd();
          if (state == Coordinator::State::kFailed)
            return "failed: " + coordinator.status().message();
        }
      } catch (const Crash&) {
        ++crashes_;
        if (std::string wrong = Look(); !wrong.empty()) return wrong;
      }
    }
    return "did not come to an end";
  }

  int64_t effects() const { return fate_.effects(); }
  int crashes() const { return crashes_; }

 private:
  CoordinatorConfig Config(CheckpointStore* store, Log* log) {
    CoordinatorConfig config;
    config.plan = &plan_;
    config.environment = {&clock_, log};
    config.store = store;
    config.keyed_target = true;
    config.open_source = [this](const SourceRequest& request) {
      return mysql_.Open(request, mysql_.size(), broken_);
    };
    config.open_sink = [this](const SinkRequest&) { return doris_.Open(broken_); };
    return config;
  }

  // Transactions that checkpoint files say are complete.
  size_t Checkpointed() {
    size_t most = 0;
    const auto names = files_.List("/checkpoints/sim");
    for (const std::string& name : *names) {
      if (!name.starts_with("chk-")) continue;
      const std::string text = files_.Read("/checkpoints/sim/" + name).value();
      const size_t at = text.find("\"transaction\": ");
      if (at != std::string::npos) most = std::max<size_t>(most, std::stoul(text.substr(at + 15)));
    }
    return most;
  }

  // The visible state belongs to a checkpoint, and time does not run backwards.
  std::string Look() {
    const size_t checkpointed = Checkpointed();
    for (size_t count = seen_; count <= mysql_.size(); ++count) {
      if (doris_.visible != mysql_.StateAfter(count)) continue;
      if (count > checkpointed)
        return fmt::format("transaction {} is visible before its checkpoint", count);
      seen_ = count;
      return {};
    }
    return fmt::format("Doris shows what no moment from transaction {} on looks like", seen_);
  }

  std::string AtTheEnd() {
    if (doris_.visible != mysql_.StateAfter(mysql_.size())) return "both ends differ";
    if (doris_.prepared() != 0) return "a prepared load was left behind";
    return {};
  }

  const Plan plan_ = MakePlan();
  Fate quiet_;  // for the log, so that it does not depend on crashes
  Fate fate_;
  SimClock clock_;
  SimFiles files_;
  SimMysql mysql_;
  SimDoris doris_;
  const Broken broken_;
  size_t seen_ = 0;
  int crashes_ = 0;
};

std::string Seeded(uint64_t seed, Broken broken) {
  Run run(seed, -1, 0.05, seed % 3 == 0 ? 0.0 : 0.03, 30, broken);
  return run.Go();
}

int EveryCrashPoint() {
  constexpr uint64_t kLogs = 20;
  int64_t runs = 0;
  for (uint64_t log = 0; log < kLogs; ++log) {
    for (int64_t crash_at = 1;; ++crash_at, ++runs) {
      Run run(log, crash_at, 0, 0, 8, Broken::kNothing);
      const std::string wrong = run.Go();
      if (!wrong.empty()) {
        fmt::print("FAILED: log {}, crash at effect {}: {}\n", log, crash_at, wrong);
        return 1;
      }
      if (run.crashes() == 0) break;  // it had no such effect
    }
  }
  fmt::print("every crash point of {} logs: {} runs\n", kLogs, runs);
  return 0;
}

int Seeds() {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const std::string wrong = Seeded(seed, Broken::kNothing);
    if (wrong.empty()) continue;
    fmt::print("FAILED: seed {}: {} (replay with: simulation {})\n", seed, wrong, seed);
    return 1;
  }
  fmt::print("{} seeded runs\n", kSeeds);
  return 0;
}

int BrokenProtocols() {
  constexpr std::pair<Broken, const char*> kAll[] = {
      {Broken::kCommitBeforeFile, "commit before the file"},
      {Broken::kKeepNewerLoads, "newer loads are not dropped"},
      {Broken::kForgetToCommit, "the commit is not finished on restart"},
      {Broken::kPositionTooEarly, "a position before its rows"},
      {Broken::kIgnoreLostAnswer, "a lost answer is taken for a success"}};
  int failures = 0;
  for (const auto& [broken, name] : kAll) {
    uint64_t seed = 1;
    while (seed <= kSeeds && Seeded(seed, broken).empty()) ++seed;
    const bool caught = seed <= kSeeds;
    fmt::print("{}: {}\n", name, caught ? fmt::format("caught by seed {}", seed) : "NOT CAUGHT");
    failures += caught ? 0 : 1;
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace millrace::sim

int main(int argc, char** argv) {
  using namespace millrace::sim;
  if (argc > 1) {
    const std::string wrong = Seeded(std::strtoull(argv[1], nullptr, 10), Broken::kNothing);
    fmt::print("{}\n", wrong.empty() ? "ok" : "FAILED: " + wrong);
    return wrong.empty() ? 0 : 1;
  }
  return EveryCrashPoint() != 0 || Seeds() != 0 || BrokenProtocols() != 0 ? 1 : 0;
}
