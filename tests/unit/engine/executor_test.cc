#include "engine/executor.h"

#include <filesystem>
#include <thread>

#include "unit/engine/workshop.h"

using namespace millrace;
using testing::Workshop;

namespace {

template <typename T>
bool Is(const StatementResult& result) {
  return std::holds_alternative<T>(result);
}

}  // namespace

TEST_CASE("statements come to results as data") {
  Workshop workshop;
  CHECK(Is<Done>(workshop.Run("CREATE TABLE t (a INT) WITH ('connector' = 'print')")));
  const StatementResult tables = workshop.Run("SHOW TABLES");
  REQUIRE(Is<ResultTable>(tables));
  CHECK(std::get<ResultTable>(tables).headings == std::vector<std::string>{"table name"});
  CHECK(Is<std::unique_ptr<Cursor>>(workshop.Run("SELECT 1")));
  CHECK(std::get<JobList>(workshop.Run("SHOW JOBS")).jobs.empty());
}

TEST_CASE("an error is a diagnostic at its place in the script, and changes nothing") {
  Workshop workshop;
  const std::string script = "SELECT 1; SELECT nope FROM few";
  Diagnostics diagnostics;
  CHECK_FALSE(workshop.executor.Execute(script, {10, script.size()}, &diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].span == Span{17, 21});
  CHECK(diagnostics[0].code == DiagnosticCode::kUnknownColumn);
}

TEST_CASE("jobs are started, described and stopped") {
  Workshop workshop;
  workshop.Run("SET 'pipeline.name' = 'follow'");
  const auto started =
      std::get<StartedJob>(workshop.Run("INSERT INTO nowhere SELECT id FROM endless"));
  CHECK(started.name == "follow");
  CHECK(Is<FailedStart>(workshop.Run("INSERT INTO nowhere SELECT id FROM endless")));
  const auto details = std::get<JobDetails>(workshop.Run("DESCRIBE JOB '" + started.id + "'"));
  CHECK(details.job.running());
  const auto stop = std::get<StoppingJob>(workshop.Run("STOP JOB 'follow' WITH SAVEPOINT"));
  CHECK(stop.id == started.id);
  CHECK(stop.with_savepoint);
  REQUIRE(Workshop::Await([&] { return workshop.jobs.running() == 0; }));
  CHECK(Is<RefusedStatement>(workshop.Run("STOP JOB '" + started.id + "'")));
  CHECK(Is<RefusedStatement>(workshop.Run("DESCRIBE JOB 'follow'")));
}

TEST_CASE("plans are written and run") {
  Workshop workshop;
  const std::string file = workshop.folder.path() + "/plan.json";
  const std::string compile =
      "COMPILE PLAN '" + file + "' FOR INSERT INTO nowhere SELECT id FROM few";
  CHECK(Is<RefusedStatement>(workshop.Run("EXECUTE PLAN '" + file + "'")));
  CHECK(Is<Done>(workshop.Run(compile)));
  CHECK(std::filesystem::exists(file));
  CHECK(Is<RefusedStatement>(workshop.Run(compile)));
  const auto started = std::get<StartedJob>(workshop.Run("EXECUTE PLAN '" + file + "'"));
  REQUIRE(Workshop::Await([&] { return workshop.jobs.running() == 0; }));
  CHECK(workshop.jobs.Find(started.id)->progress.rows == 3);
}

TEST_CASE("only statements that start a job or write a file have an effect outside") {
  Workshop workshop;
  const auto has_effect = [&](const std::string& statement) {
    Diagnostics diagnostics;
    const auto outcome = workshop.executor.Compile(statement, {0, statement.size()}, &diagnostics);
    REQUIRE_MESSAGE(outcome.has_value(), statement);
    return HasEffect(*outcome);
  };
  CHECK(has_effect("INSERT INTO nowhere SELECT id FROM few"));
  CHECK(has_effect("COMPILE PLAN '/x' FOR INSERT INTO nowhere SELECT id FROM few"));
  CHECK(has_effect("EXECUTE PLAN '/x'"));
  CHECK_FALSE(has_effect("SELECT id FROM few"));
  CHECK_FALSE(has_effect("SET 'pipeline.name' = 'x'"));
  CHECK_FALSE(has_effect("SHOW JOBS"));
}

TEST_CASE("a copy of the compiler tries statements without a trace") {
  Workshop workshop;
  StatementCompiler trial = workshop.executor.compiler();
  const std::string create = "CREATE TABLE t (a INT) WITH ('connector' = 'print')";
  const std::string insert = "INSERT INTO t SELECT id FROM few";
  Diagnostics diagnostics;
  CHECK(trial.Compile(create, {0, create.size()}, &diagnostics));
  CHECK(trial.Compile(insert, {0, insert.size()}, &diagnostics));
  CHECK_FALSE(workshop.executor.Compile(insert, {0, insert.size()}, &diagnostics));
}

TEST_CASE("two sessions share the jobs and nothing else") {
  Workshop workshop;
  Executor other(
      StatementCompiler(AllConnectors(), [](const std::string&) { return std::nullopt; }),
      workshop.Surroundings(), &workshop.jobs);
  std::thread thread([&] {
    for (int i = 0; i < 20; ++i) {
      const std::string create =
          "CREATE TABLE t" + std::to_string(i) + " (a INT) WITH ('connector' = 'print')";
      Diagnostics diagnostics;
      if (!other.Execute(create, {0, create.size()}, &diagnostics)) return;
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto cursor = workshop.Select("SELECT id FROM few");
    CHECK(cursor->Next(10, Workshop::kDeadlineMs).ok());
  }
  thread.join();
  CHECK(other.session().TableNames().size() == 20);
  CHECK(workshop.executor.session().TableNames().size() == 4);
  workshop.Run("SET 'pipeline.name' = 'follow'");
  workshop.Run("INSERT INTO nowhere SELECT id FROM endless");
  const std::string stop = "STOP JOB 'follow'";
  Diagnostics diagnostics;
  const auto stopped = other.Execute(stop, {0, stop.size()}, &diagnostics);
  REQUIRE(stopped);
  CHECK(Is<StoppingJob>(*stopped));
}
