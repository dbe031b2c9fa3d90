// A session with small tables, and jobs whose checkpoints are in a folder that is removed in the
// end.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "connectors/connector_list.h"
#include "engine/executor.h"
#include "unit/temporary_folder.h"

namespace millrace::testing {

class Workshop final {
 public:
  static constexpr int64_t kDeadlineMs = 10'000;

  Workshop()
      : jobs(Surroundings(), [this] { return ++random_; }),
        executor(
            StatementCompiler(AllConnectors(), [](const std::string&) { return std::nullopt; }),
            Surroundings(), &jobs) {
    Run("SET 'execution.checkpointing.dir' = '" + folder.path() + "'");
    Run("CREATE TABLE endless (id INT, name STRING) WITH ('connector' = 'datagen', "
        "'rows-per-second' = '100')");
    Run("CREATE TABLE flood (id INT, name STRING) WITH ('connector' = 'datagen', "
        "'rows-per-second' = '0')");
    Run("CREATE TABLE few (id INT, name STRING) WITH ('connector' = 'values', "
        "'rows' = '[[1, \"one\"], [2, null], [3, \"three\"]]')");
    Run("CREATE TABLE nowhere (id INT) WITH ('connector' = 'blackhole')");
  }

  JobEnvironment Surroundings() {
    return {{&SystemClock(), &log_}, &SystemFiles(), AllConnectors(), false};
  }

  // The statement must be accepted.
  StatementResult Run(const std::string& statement) {
    Diagnostics diagnostics;
    auto result = executor.Execute(statement, {0, statement.size()}, &diagnostics);
    REQUIRE_MESSAGE(result.has_value(), statement);
    return std::move(*result);
  }
  Plan PlanOfInsert(const std::string& table, const std::string& job) {
    Run("SET 'pipeline.name' = '" + job + "'");
    const std::string insert = "INSERT INTO nowhere SELECT id FROM " + table;
    Diagnostics diagnostics;
    const auto outcome = executor.Compile(insert, {0, insert.size()}, &diagnostics);
    REQUIRE(outcome);
    return *PlanOf(*outcome);
  }
  std::unique_ptr<Cursor> Select(const std::string& statement) {
    return std::get<std::unique_ptr<Cursor>>(Run(statement));
  }

  // Waits for a condition; false if it does not come true in time.
  template <typename Condition>
  static bool Await(Condition condition) {
    const int64_t end_ms = SystemClock().NowMs() + kDeadlineMs;
    while (!condition()) {
      if (SystemClock().NowMs() > end_ms) return false;
      SystemClock().SleepMs(1);
    }
    return true;
  }

  TemporaryFolder folder;

 private:
  Log log_{LogLevel::kOff, stderr};
  std::atomic<uint64_t> random_ = 0;

 public:
  Jobs jobs;
  Executor executor;
};

}  // namespace millrace::testing
