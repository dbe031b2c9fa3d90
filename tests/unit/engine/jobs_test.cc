#include "engine/jobs.h"

#include <filesystem>
#include <thread>

#include "unit/engine/workshop.h"

using namespace millrace;
using testing::Workshop;

TEST_CASE("a bounded job ends by itself and stays in the list") {
  Workshop workshop;
  Jobs& jobs = workshop.jobs;
  const auto started = jobs.Start(workshop.PlanOfInsert("few", "short"));
  REQUIRE(started.ok());
  const std::string id = *started;
  CHECK(id.size() == 32);
  REQUIRE(Workshop::Await([&] { return jobs.running() == 0; }));
  uint64_t seen = 0;
  const std::vector<JobRecord> ended = jobs.EndedSince(&seen);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].id == id);
  CHECK(jobs.EndedSince(&seen).empty());
  uint64_t seen_by_another = 0;
  CHECK(jobs.EndedSince(&seen_by_another).size() == 1);
  const std::optional<JobRecord> job = jobs.Find(id);
  REQUIRE(job);
  CHECK(job->status == JobStatus::kFinished);
  CHECK(job->progress.rows == 3);
  CHECK(job->sources[0].connector == "values");
  CHECK(job->sinks[0].connector == "blackhole");
  CHECK(std::filesystem::exists(job->checkpoint_file));
  // Its name is free again, and names no job that ended.
  CHECK_FALSE(jobs.Find("short"));
  CHECK(jobs.Start(workshop.PlanOfInsert("few", "short")).ok());
}

TEST_CASE("jobs are stopped one by one, and a name runs once") {
  Workshop workshop;
  Jobs& jobs = workshop.jobs;
  const std::string first = *jobs.Start(workshop.PlanOfInsert("endless", "first"));
  const std::string second = *jobs.Start(workshop.PlanOfInsert("endless", "second"));
  CHECK(first != second);
  CHECK_FALSE(jobs.Start(workshop.PlanOfInsert("endless", "first")).ok());
  CHECK(jobs.running() == 2);
  CHECK(jobs.Find("second")->id == second);
  REQUIRE(Workshop::Await([&] { return jobs.Find(first)->progress.rows > 0; }));

  jobs.RequestStop(first);
  REQUIRE(Workshop::Await([&] { return jobs.running() == 1; }));
  CHECK(jobs.Find(first)->status == JobStatus::kCanceled);
  CHECK(jobs.Find(second)->status == JobStatus::kRunning);

  jobs.RequestStop(second, /*with_savepoint=*/true);
  REQUIRE(Workshop::Await([&] { return jobs.running() == 0; }));
  CHECK(jobs.Find(second)->status == JobStatus::kFinished);
  uint64_t seen = 0;
  const std::vector<JobRecord> ended = jobs.EndedSince(&seen);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].id == first);  // in the order in which they ended
}

TEST_CASE("a job that fails keeps the reason") {
  Workshop workshop;
  Plan plan = workshop.PlanOfInsert("endless", "broken");
  plan.sinks[0].table.connector = "none";
  const std::string id = *workshop.jobs.Start(std::move(plan));
  REQUIRE(Workshop::Await([&] { return workshop.jobs.running() == 0; }));
  const std::optional<JobRecord> job = workshop.jobs.Find(id);
  CHECK(job->status == JobStatus::kFailed);
  CHECK(job->end.message().find("none") != std::string::npos);
  CHECK(job->progress.last_error == job->end.message());
}

TEST_CASE("only so many jobs that ended are kept") {
  Workshop workshop;
  for (size_t i = 0; i < Jobs::kEndedKeptMax + 3; ++i) {
    Plan plan = workshop.PlanOfInsert("few", "short" + std::to_string(i));
    plan.sinks[0].table.connector = "none";  // fails at once
    REQUIRE(workshop.jobs.Start(std::move(plan)).ok());
    REQUIRE(Workshop::Await([&] { return workshop.jobs.running() == 0; }));
  }
  CHECK(workshop.jobs.List().size() == Jobs::kEndedKeptMax);
  CHECK(workshop.jobs.List().back().name == "short" + std::to_string(Jobs::kEndedKeptMax + 2));
}

TEST_CASE("several threads start, look at and stop jobs") {
  Workshop workshop;
  Jobs& jobs = workshop.jobs;
  std::vector<Plan> plans;
  for (int i = 0; i < 4; ++i) {
    plans.push_back(workshop.PlanOfInsert("endless", "job" + std::to_string(i)));
  }
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (Plan& plan : plans) {
    threads.emplace_back([&] {
      const std::string name = plan.job;
      const std::string id = *jobs.Start(std::move(plan));
      const bool ran = Workshop::Await([&] { return jobs.Find(id)->progress.rows > 0; });
      jobs.RequestStop(id);
      const bool ended = Workshop::Await([&] { return !jobs.Find(id)->running(); });
      if (ran && ended && jobs.Find(id)->name == name) ++right;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 4);
  uint64_t seen = 0;
  CHECK(jobs.EndedSince(&seen).size() == 4);
}
