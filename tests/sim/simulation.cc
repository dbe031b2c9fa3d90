// The coordinator of the engine against a modelled world, in one thread, on a virtual clock.
//
//   simulation         every crash point of a small run, then 1,000 seeded runs, then the broken
//                      protocols
//   simulation SEED    one seeded run
//
// After every step the visible state of Doris must be the state of the source after some number of
// whole transactions, never one that was passed already, and never one that no checkpoint file
// holds. At the end both sides are equal.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>

#include "base/json.h"
#include "runtime/coordinator.h"
#include "sim/world.h"

namespace millrace::sim {
namespace {

constexpr int64_t kStepMs = 40;
constexpr int64_t kIntervalMs = 100;
constexpr int kStepsMax = 20'000;
constexpr uint64_t kSeeds = 1'000;

struct Shape {
  const char* name;
  size_t sources;
  size_t sinks;
  std::vector<std::pair<uint32_t, uint32_t>> flows;  // source, sink
};
const Shape kShapes[] = {
    {"one source, one sink", 1, 1, {{0, 0}}},
    {"statement set", 1, 2, {{0, 0}, {0, 1}}},
    {"union", 2, 1, {{0, 0}, {1, 0}}},
    {"two sources, two sinks", 2, 2, {{0, 0}, {0, 1}, {1, 1}}},
};

Plan MakePlan(const Shape& shape) {
  Plan plan;
  plan.job = "sim";
  plan.checkpoint_dir = "/checkpoints";
  plan.checkpoint_interval_ms = kIntervalMs;
  plan.restart.delay_ms = 10;
  PlanSource source;
  PlanSink sink;
  for (const char* name : {"key", "value"}) {
    const Column column{name, Type::Of(TypeKind::kBigInt), ""};
    source.table.schema.columns.push_back(column);
    sink.table.schema.columns.push_back(column);
  }
  for (const std::string_view key : kTableNameMetadata) {
    const Column column{std::string(key), Type::String(), std::string(key)};
    source.table.schema.columns.push_back(column);
    sink.table.schema.columns.push_back(column);
  }
  source.columns = sink.columns = sink.slots = {0, 1, 2, 3};
  for (const Column& column : sink.table.schema.columns) sink.types.push_back(column.type);
  for (size_t i = 0; i < shape.sources; ++i) {
    source.table.name = fmt::format("c.d.from{}", i);
    plan.sources.push_back(source);
  }
  for (size_t i = 0; i < shape.sinks; ++i) {
    sink.table.name = fmt::format("c.d.into{}", i);
    plan.sinks.push_back(sink);
  }
  for (const auto& [from, into] : shape.flows) {
    plan.flows.push_back({from, into, Program(4, {}, {}, -1), {}, ""});
  }
  return plan;
}

// Random transactions over few keys, so that they meet: inserts, updates, deletes, changed keys,
// and shards that lose all their rows. Every source has keys of its own, from `first_key` on.
void FillLog(SimMysql* mysql, Fate* fate, size_t transactions, int64_t first_key) {
  Table state;
  int64_t value = 0;
  for (size_t t = 0; t < transactions; ++t) {
    Transaction transaction;
    if (fate->Chance(0.15)) {
      transaction.emptied = ShardOf(first_key + static_cast<int64_t>(fate->Below(8)));
      std::erase_if(state,
                    [&](const auto& row) { return ShardOf(row.first) == *transaction.emptied; });
      mysql->Commit(std::move(transaction));
      continue;
    }
    std::vector<Change>& changes = transaction.changes;
    for (uint64_t i = 0; i <= fate->Below(4); ++i) {
      const int64_t key = first_key + static_cast<int64_t>(fate->Below(8));
      const auto found = state.find(key);
      if (found == state.end()) {
        changes.push_back({RowKind::kInsert, key, ++value});
        state[key] = value;
      } else if (fate->Chance(0.3)) {
        changes.push_back({RowKind::kDelete, key, found->second});
        state.erase(key);
      } else {
        int64_t target = key;
        if (fate->Chance(0.3)) target = first_key + static_cast<int64_t>(fate->Below(8));
        if (target != key && state.contains(target)) target = key;
        changes.push_back({RowKind::kUpdateBefore, key, found->second});
        state.erase(key);
        changes.push_back({RowKind::kUpdateAfter, target, ++value});
        state[target] = value;
      }
    }
    mysql->Commit(std::move(transaction));
  }
}

class Run final {
 public:
  Run(const Shape& shape, uint64_t seed, int64_t crash_at, double failure_rate, double crash_rate,
      size_t transactions, Broken broken)
      : plan_(MakePlan(shape)),
        fate_(seed, crash_at, failure_rate),
        files_(&fate_),
        broken_(broken) {
    Fate quiet(seed ^ 0x5eed, -1, 0);  // for the logs, so that they do not depend on crashes
    for (size_t i = 0; i < shape.sources; ++i) {
      mysql_.emplace_back(&fate_);
      FillLog(&mysql_.back(), &quiet, transactions, static_cast<int64_t>(i) * kKeysOfASource);
    }
    for (size_t i = 0; i < shape.sinks; ++i) doris_.emplace_back(&fate_);
    seen_.assign(plan_.flows.size(), 0);
    fate_.set_crash_rate(crash_rate);
  }

  // What went wrong; empty if nothing did.
  std::string Go() {
    for (int steps = 0; steps < kStepsMax;) {
      CheckpointStore store(&files_, &clock_, plan_);
      Log log(LogLevel::kOff, stderr);
      StopToken stop(&clock_);
      Coordinator coordinator(Config(&store, &log, &stop));
      try {
        for (; steps < kStepsMax; ++steps) {
          if (steps == kStepsMax / 2) fate_.Calm();  // in the end the world is kind
          const Coordinator::State state = coordinator.Step();
          clock_.Advance(kStepMs);
          if (std::string wrong = Look(); !wrong.empty()) return wrong;
          if (state == Coordinator::State::kDone) return AtTheEnd();
          if (state != Coordinator::State::kFailed) continue;
          if (coordinator.status().message() == kDiskFailure) break;  // somebody starts it again
          return "failed: " + coordinator.status().message();
        }
      } catch (const Crash&) {
        ++crashes_;
        if (std::string wrong = Look(); !wrong.empty()) return wrong;
      }
    }
    return "did not come to an end";
  }

  int crashes() const { return crashes_; }

 private:
  static constexpr int64_t kKeysOfASource = 100;

  CoordinatorConfig Config(CheckpointStore* store, Log* log, StopToken* stop) {
    CoordinatorConfig config;
    config.pipeline.plan = &plan_;
    config.pipeline.environment = {&clock_, log, stop};
    config.stop = stop;
    config.store = store;
    for (SimMysql& mysql : mysql_) {
      config.pipeline.sources.push_back({[this, &mysql](const SourceRequest& request) {
                                           return mysql.Open(request, mysql.size(), broken_);
                                         },
                                         {},
                                         true});
    }
    for (SimDoris& doris : doris_) {
      config.pipeline.sinks.push_back(
          {[this, &doris](const SinkRequest&) { return doris.Open(broken_); }, {}, true, true});
    }
    return config;
  }

  // Transactions of each source that checkpoint files say are complete.
  std::vector<size_t> Checkpointed() {
    std::vector<size_t> most(mysql_.size());
    const auto names = files_.List("/checkpoints/sim");
    for (const std::string& name : *names) {
      if (!name.starts_with("chk-")) continue;
      const Json json = Json::Parse(files_.Read("/checkpoints/sim/" + name).value()).value();
      for (size_t i = 0; i < most.size(); ++i) {
        const Json& position = json["sources"].items()[i]["position"];
        if (!position.is_object()) continue;
        const uint64_t waits = position.Has("emptied") ? 1 : 0;  // for its deletion
        most[i] = std::max(most[i], position["transaction"].AsUint().value() - waits);
      }
    }
    return most;
  }

  // What a Doris table shows of one source.
  static Table PartOf(const Table& table, uint32_t source) {
    const int64_t first = source * kKeysOfASource;
    return {table.lower_bound(first), table.lower_bound(first + kKeysOfASource)};
  }

  // The visible state belongs to a checkpoint, and time does not run backwards.
  std::string Look() {
    const std::vector<size_t> checkpointed = Checkpointed();
    for (size_t i = 0; i < plan_.flows.size(); ++i) {
      const PlanFlow& flow = plan_.flows[i];
      const SimMysql& mysql = mysql_[flow.source];
      const Table visible = PartOf(doris_[flow.sink].visible, flow.source);
      size_t count = seen_[i];
      while (count <= mysql.size() && visible != mysql.StateAfter(count)) ++count;
      if (count > mysql.size()) {
        return fmt::format("Doris shows what no moment from transaction {} on looks like",
                           seen_[i]);
      }
      if (count > checkpointed[flow.source])
        return fmt::format("transaction {} is visible before its checkpoint", count);
      seen_[i] = count;
    }
    return {};
  }

  std::string AtTheEnd() {
    for (const PlanFlow& flow : plan_.flows) {
      const SimMysql& mysql = mysql_[flow.source];
      if (PartOf(doris_[flow.sink].visible, flow.source) != mysql.StateAfter(mysql.size()))
        return "both ends differ";
    }
    for (const SimDoris& doris : doris_) {
      if (doris.prepared() != 0) return "a prepared load was left behind";
    }
    return {};
  }

  const Plan plan_;
  Fate fate_;
  SimClock clock_;
  SimFiles files_;
  std::deque<SimMysql> mysql_;
  std::deque<SimDoris> doris_;
  const Broken broken_;
  std::vector<size_t> seen_;  // by flow: transactions that were visible at the last look
  int crashes_ = 0;
};

std::string Seeded(uint64_t seed, Broken broken) {
  const Shape& shape = kShapes[seed % std::size(kShapes)];
  Run run(shape, seed, -1, 0.05, seed % 3 == 0 ? 0.0 : 0.03, 30, broken);
  return run.Go();
}

int EveryCrashPoint() {
  constexpr uint64_t kLogs = 20;
  for (const Shape& shape : kShapes) {
    int64_t runs = 0;
    for (uint64_t log = 0; log < kLogs; ++log) {
      for (int64_t crash_at = 1;; ++crash_at, ++runs) {
        Run run(shape, log, crash_at, 0, 0, 8, Broken::kNothing);
        const std::string wrong = run.Go();
        if (!wrong.empty()) {
          fmt::print("FAILED: {}, log {}, crash at effect {}: {}\n", shape.name, log, crash_at,
                     wrong);
          return 1;
        }
        if (run.crashes() == 0) break;  // it had no such effect
      }
    }
    fmt::print("{}: every crash point of {} logs: {} runs\n", shape.name, kLogs, runs);
  }
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
      {Broken::kIgnoreLostAnswer, "a lost answer is taken for a success"},
      {Broken::kForgetEmptied, "a position forgets what is still to be deleted"}};
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
