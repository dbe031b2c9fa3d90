#include "cli/jobs.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/clock.h"
#include "base/files.h"
#include "connectors/connector_list.h"
#include "unit/temporary_folder.h"

using namespace millrace;

namespace {

constexpr int64_t kDeadlineMs = 10'000;

// Jobs whose checkpoints are in a folder that is removed in the end.
class Workshop final {
 public:
  Workshop() : jobs(Surroundings(), [this] { return ++random_; }), session_(AllConnectors()) {
    Do("SET 'execution.checkpointing.dir' = '" + folder_.path() + "'");
    Do("CREATE TABLE endless (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '100')");
    Do("CREATE TABLE few (id INT) WITH ('connector' = 'values', 'rows' = '[[1], [2]]')");
    Do("CREATE TABLE nowhere (id INT) WITH ('connector' = 'blackhole')");
  }
  ~Workshop() {
    jobs.RequestStopAll();
    Await([this] { return jobs.running() == 0; });
  }

  Plan PlanFrom(const std::string& table, const std::string& job) {
    Do("SET 'pipeline.name' = '" + job + "'");
    return *PlanOf(Do("INSERT INTO nowhere SELECT id FROM " + table));
  }

  template <typename Condition>
  bool Await(Condition condition) {
    const int64_t end = SystemClock().NowMs() + kDeadlineMs;
    while (SystemClock().NowMs() < end) {
      for (const std::string& id : jobs.Refresh()) ended.push_back(id);
      if (condition()) return true;
      SystemClock().SleepMs(1);
    }
    return false;
  }

  std::vector<std::string> ended;

 private:
  JobEnvironment Surroundings() {
    return {{&SystemClock(), &log_}, &SystemFiles(), AllConnectors(), false};
  }
  Outcome Do(const std::string& statement) {
    Diagnostics diagnostics;
    auto outcome = session_.Execute(statement, 0, &diagnostics);
    REQUIRE(outcome);
    return std::move(*outcome);
  }

  Log log_{LogLevel::kOff, stderr};
  uint64_t random_ = 0;
  testing::TemporaryFolder folder_;

 public:
  Jobs jobs;

 private:
  Session session_;
};

}  // namespace

TEST_CASE("a bounded job ends by itself and stays in the list") {
  Workshop workshop;
  const auto job = workshop.jobs.Start(workshop.PlanFrom("few", "short"));
  REQUIRE(job.ok());
  const std::string id = (*job)->id;
  CHECK(id.size() == 32);
  REQUIRE(workshop.Await([&] { return workshop.jobs.running() == 0; }));
  CHECK(workshop.ended == std::vector<std::string>{id});
  CHECK(workshop.jobs.Refresh().empty());
  const JobRecord* record = workshop.jobs.Find(id);
  REQUIRE(record != nullptr);
  CHECK(record->status == JobStatus::kFinished);
  CHECK(record->progress.rows == 2);
  CHECK(std::filesystem::exists(workshop.jobs.CheckpointPath(*record)));
  const ResultTable table = workshop.jobs.Show(TimeZone());
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0][2] == "FINISHED");
  CHECK(table.rows[0][5] == "2");
  // Its name is free again, and means no job that ended.
  CHECK(workshop.jobs.Find("short") == nullptr);
  CHECK(workshop.jobs.Start(workshop.PlanFrom("few", "short")).ok());
}

TEST_CASE("jobs are stopped one by one, and a name runs once") {
  Workshop workshop;
  const std::string first = (*workshop.jobs.Start(workshop.PlanFrom("endless", "first")))->id;
  const std::string second = (*workshop.jobs.Start(workshop.PlanFrom("endless", "second")))->id;
  CHECK(first != second);
  CHECK_FALSE(workshop.jobs.Start(workshop.PlanFrom("endless", "first")).ok());
  CHECK(workshop.jobs.RunningNames() == std::vector<std::string>{"first", "second"});
  CHECK(workshop.jobs.Find("second")->id == second);
  REQUIRE(workshop.Await([&] { return workshop.jobs.Find(first)->progress.rows > 0; }));

  workshop.jobs.RequestStop(first);
  CHECK(workshop.jobs.Find(first)->status == JobStatus::kCancelling);
  REQUIRE(workshop.Await([&] { return workshop.jobs.running() == 1; }));
  CHECK(workshop.jobs.Find(first)->status == JobStatus::kCanceled);
  CHECK(workshop.jobs.Find(second)->status == JobStatus::kRunning);

  workshop.jobs.RequestStop(second, /*with_savepoint=*/true);
  REQUIRE(workshop.Await([&] { return workshop.jobs.running() == 0; }));
  CHECK(workshop.jobs.Find(second)->status == JobStatus::kFinished);
}

TEST_CASE("a job that fails says why") {
  Workshop workshop;
  Plan plan = workshop.PlanFrom("endless", "broken");
  plan.sinks[0].table.connector = "none";
  const std::string id = (*workshop.jobs.Start(std::move(plan)))->id;
  REQUIRE(workshop.Await([&] { return workshop.jobs.running() == 0; }));
  CHECK(workshop.jobs.Find(id)->status == JobStatus::kFailed);
  CHECK_FALSE(workshop.jobs.Find(id)->end.ok());
  const ResultTable facts = workshop.jobs.Describe(*workshop.jobs.Find(id), TimeZone());
  CHECK(facts.rows.back()[0] == "last error");
}
