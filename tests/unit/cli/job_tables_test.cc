#include "cli/job_tables.h"

#include <doctest/doctest.h>

using namespace millrace;

namespace {

// The values under a name, in their order.
std::vector<std::string> Values(const ResultTable& table, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& row : table.rows) {
    if (row[0] == name) values.push_back(row[1].value_or("NULL"));
  }
  return values;
}

using Texts = std::vector<std::string>;

JobRecord RunningJob() {
  JobRecord job;
  job.id = "00ff";
  job.name = "both";
  job.sources = {{"c.d.orders", "mysql-cdc"}, {"c.d.numbers", "datagen"}};
  job.sinks = {{"c.d.one", "doris"}, {"c.d.two", "print"}};
  job.progress.rows = 12'345;
  job.progress.checkpoint = 7;
  job.progress.source.phase = SourcePhase::kSnapshot;
  job.progress.source.tables = 3;
  job.progress.source.tables_done = 1;
  job.progress.sink_rows = {12'000, 345};
  job.checkpoint_file = "/state/both/chk-7.json";
  return job;
}

}  // namespace

TEST_CASE("a job of a statement set shows all of its sources and sinks") {
  const ResultTable table = JobTableOf(RunningJob(), TimeZone());
  CHECK(Values(table, "source") == Texts{"orders (mysql-cdc)", "numbers (datagen)"});
  CHECK(Values(table, "sink") == Texts{"one (doris): 12,000 rows", "two (print): 345 rows"});
  CHECK(Values(table, "rows") == Texts{"12,345"});
  CHECK(Values(table, "position") == Texts{"snapshot, 1/3 tables"});
  CHECK(Values(table, "latest checkpoint") == Texts{"chk-7"});
  CHECK(Values(table, "end time").empty());
  CHECK(Values(table, "last error").empty());
}

TEST_CASE("SHOW JOBS has a line for each job") {
  JobRecord failed = RunningJob();
  failed.status = JobStatus::kFailed;
  failed.progress.source = {};
  const ResultTable table = JobsTable({RunningJob(), failed}, TimeZone());
  REQUIRE(table.rows.size() == 2);
  CHECK(table.headings.back() == "latest checkpoint");
  CHECK(table.rows[0][2] == "RUNNING");
  CHECK(table.rows[1][2] == "FAILED");
  CHECK(table.rows[1][4] == "opening");
}

TEST_CASE("how a job ended says how to go on") {
  JobRecord job = RunningJob();
  CHECK(
      ClosingLine(job) ==
      "job both: stopped at checkpoint 7: 12,345 rows in all; run the same script again to go on");
  job.progress.checkpoint = 0;
  CHECK(ClosingLine(job).find("before its first checkpoint") != std::string::npos);
  job.progress.source.phase = SourcePhase::kDone;
  CHECK(ClosingLine(job) == "job both: done: 12,345 rows in all");
}
