#include "runtime/coordinator.h"

#include <doctest/doctest.h>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using State = Coordinator::State;
using Calls = std::vector<std::string>;
using Rows = std::vector<int64_t>;

struct Fixture {
  FakeWorld world;
  MemoryFiles files;
  FakeClock clock;
};

const std::string kFolder = "/state/job/";

TEST_CASE_FIXTURE(Fixture,
                  "a bounded job ends after a final checkpoint, in the order of the protocol") {
  world.steps = {{{1, 2}, "{\"at\":2}"}, {{3}, "{\"at\":3}", true}};
  Process process(&world, &files, &clock);
  CHECK(process.Run() == State::kDone);
  CHECK(world.calls == Calls{"recover ", "seek ", "write 1 2", "write 3", "prepare 1",
                             "commit {\"load\":1,\"open\":true}", "ack {\"at\":3}",
                             // and once more, so that the file does not lean on a transaction
                             "prepare 2", "commit {\"load\":1,\"open\":false}", "ack {\"at\":3}"});
  CHECK(world.committed == Rows{1, 2, 3});
  CHECK(process->progress().rows == 3);
}

TEST_CASE_FIXTURE(Fixture, "a job that ended has nothing to do when it is run again") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  const auto before = files.files;
  world.calls.clear();
  world.steps = {{{}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  CHECK(files.files == before);
  CHECK(world.calls[1] == "seek {\"at\":1}");
  CHECK(world.committed == Rows{1});
}

TEST_CASE_FIXTURE(Fixture,
                  "a checkpoint waits for the interval and then asks for a position, once") {
  world.steps = {{{1}, "{\"at\":1}"}, {{2}}, {{3}}, {{4}, "{\"at\":4}"}};
  Process process(&world, &files, &clock);
  process.Steps(2);  // open, first batch: too early for a checkpoint
  CHECK(files.files.empty());
  clock.Advance(1'000);
  process.Steps(2);  // due, but the source is in the middle of something
  CHECK(files.files.empty());
  process.Steps(1);
  CHECK(files.files.size() == 1);
  CHECK(std::count(world.calls.begin(), world.calls.end(), "request") == 1);
  CHECK(world.committed == Rows{1, 2, 3, 4});
}

TEST_CASE_FIXTURE(Fixture,
                  "a position that moves without rows is remembered; one that rests is not") {
  world.steps = {{{}, "{\"at\":1}"}};
  Process process(&world, &files, &clock);
  process.Steps(2);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(files.files.count(kFolder + "chk-1.json") == 1);
  for (int i = 0; i < 5; ++i) {
    clock.Advance(1'000);
    process.Steps(1);
  }
  CHECK(files.files.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "after a quiet interval the newest file names no finished transaction") {
  world.steps = {{{1}, "{\"at\":1}"}};
  Process process(&world, &files, &clock);
  process.Steps(1);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(files.files[kFolder + "chk-1.json"].find("\"open\": true") != std::string::npos);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(files.files[kFolder + "chk-2.json"].find("\"open\": false") != std::string::npos);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(files.files.count(kFolder + "chk-3.json") == 0);
}

TEST_CASE_FIXTURE(Fixture, "three checkpoint files are kept") {
  for (int64_t n = 1; n <= 6; ++n)
    world.steps.push_back({{n}, "{\"at\":" + std::to_string(n) + "}"});
  Process process(&world, &files, &clock);
  process.Steps(1);
  for (int i = 0; i < 6; ++i) {
    clock.Advance(1'000);
    process.Steps(1);
  }
  CHECK(*files.List("/state/job") == Calls{"chk-4.json", "chk-5.json", "chk-6.json"});
}

TEST_CASE_FIXTURE(Fixture, "a permanent failure ends the job and shows nothing") {
  world.steps = {{{1}}, {.status = Status::Permanent("table t has no column b")}};
  Process process(&world, &files, &clock);
  CHECK(process.Run() == State::kFailed);
  CHECK(process->status().message() == "table t has no column b");
  CHECK(world.committed.empty());
  CHECK(files.files.empty());
}

TEST_CASE_FIXTURE(Fixture, "a commit whose answer is lost is finished by Recover") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  world.commit = {Status::Transient("no answer")};
  Process process(&world, &files, &clock);
  process.Steps(2);
  CHECK(world.committed.empty());
  CHECK(files.files.size() == 1);
  world.steps = {{{}, "{\"at\":1}", true}};
  CHECK(process.Run() == State::kDone);
  CHECK(world.committed == Rows{1});
}

TEST_CASE_FIXTURE(Fixture, "a full disk fails the job before anything is visible") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  Process process(&world, &files, &clock);
  process.Steps(1);
  files.full = true;
  CHECK(process.Run() == State::kFailed);
  CHECK(process->status().message().find("full") != std::string::npos);
  CHECK(world.committed.empty());
  CHECK(world.prepared.empty());  // nor is a load left behind
}

TEST_CASE_FIXTURE(Fixture, "a file that may have come to the disk keeps what was prepared for it") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  Process process(&world, &files, &clock);
  process.Steps(1);
  files.sync_fails = true;
  CHECK(process.Run() == State::kFailed);
  CHECK(world.committed.empty());
  CHECK(world.prepared == Rows{1});
  files.sync_fails = false;
  world.steps = {{{}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  CHECK(world.committed == Rows{1});
}

TEST_CASE_FIXTURE(Fixture, "a stop takes a final checkpoint at the next position") {
  world.steps = {{{1}}, {{2}}, {{3}, "{\"at\":3}"}, {{4}, "{\"at\":4}"}};
  Process process(&world, &files, &clock);
  process.Steps(2);
  process->RequestStop();
  CHECK(process.Run() == State::kDone);
  CHECK(world.committed == Rows{1, 2, 3});  // and nothing more is read
  CHECK(world.steps.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a stop without a position ends at its deadline, a second one at once") {
  world.steps = {{{1}}};
  Process process(&world, &files, &clock);
  process.Steps(2);
  process->RequestStop();
  process.Steps(3);
  clock.Advance(kStopDeadlineMs);
  CHECK(process->Step() == State::kDone);
  CHECK(world.committed.empty());

  world.steps = {{{1}}};
  Process impatient(&world, &files, &clock);
  impatient.Steps(2);
  impatient->RequestStop();
  impatient->RequestStop();
  CHECK(impatient->Step() == State::kDone);
}

TEST_CASE_FIXTURE(Fixture, "a stop while a commit is pending waits for it, up to the deadline") {
  world.steps = {{{1}, "{\"at\":1}"}};
  world.commit = {Status::Transient("no answer")};
  Process process(&world, &files, &clock);
  process.Steps(1);
  clock.Advance(1'000);
  process.Steps(1);  // the file is written, the commit fails
  process->RequestStop();
  SUBCASE("it can be finished") {
    CHECK(process.Run() == State::kDone);
    CHECK(world.committed == Rows{1});
  }
  SUBCASE("it cannot") {
    for (int i = 0; i < 1'000; ++i) world.open_sink.push_back(Status::Transient("away"));
    const int64_t began_ms = clock.NowMs();
    CHECK(process.Run() == State::kDone);
    CHECK(clock.NowMs() - began_ms >= kStopDeadlineMs);
    CHECK(clock.NowMs() - began_ms < 10'000);
  }
}

TEST_CASE_FIXTURE(Fixture, "LIMIT counts over restarts and needs no position to end") {
  Plan plan = FakePlan();
  plan.sinks[0].limit = 4;
  world.steps = {{{1, 2, 3}, "{\"at\":3}"}};
  {
    Process process(&world, &files, &clock, plan);
    process.Steps(2);
    process->RequestStop();
    CHECK(process.Run() == State::kDone);
  }
  world.steps = {{{4, 5, 6}}};
  CHECK(Process(&world, &files, &clock, plan).Run() == State::kDone);
  CHECK(world.committed == Rows{1, 2, 3, 4});
  world.steps = {{{7}}};
  CHECK(Process(&world, &files, &clock, plan).Run() == State::kDone);
  CHECK(world.committed == Rows{1, 2, 3, 4});
  CHECK(world.steps.size() == 1);  // not even read
}

TEST_CASE_FIXTURE(Fixture, "LIMIT 0 is done before it begins") {
  Plan plan = FakePlan();
  plan.sinks[0].limit = 0;
  CHECK(Process(&world, &files, &clock, plan).Run() == State::kDone);
  CHECK(files.files.empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "--fresh starts again and lets the sink roll back what the old files knew of") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  world.calls.clear();
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock, FakePlan(), true).Run() == State::kDone);
  CHECK(world.calls[0] == "recover {\"load\":1,\"open\":false}");
  CHECK(world.calls[1] == "seek ");
  CHECK(*files.List("/state/job") == Calls{"chk-3.json", "chk-4.json", "chk-5.json"});
}

TEST_CASE_FIXTURE(
    Fixture, "a crash of --fresh leaves nothing behind: the next one reads everything again too") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  world.open_sink = {Status::Permanent("the table is gone")};
  CHECK(Process(&world, &files, &clock, FakePlan(), true).Run() == State::kFailed);
  world.calls.clear();
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock).Run() == State::kDone);
  CHECK(world.calls[0] == "recover {\"load\":1,\"open\":false}");
  CHECK(world.calls[1] == "seek ");
}

TEST_CASE_FIXTURE(Fixture, "--fresh on a job that never ran writes nothing of its own") {
  world.steps = {{{1}, "{\"at\":1}", true}};
  CHECK(Process(&world, &files, &clock, FakePlan(), true).Run() == State::kDone);
  CHECK(*files.List("/state/job") == Calls{"chk-1.json", "chk-2.json"});
}

// The number of a row, and the name of its table.
Plan PlanOfTables() {
  Plan plan = FakePlan();
  std::vector<Column>& columns = plan.sources[0].table.schema.columns;
  columns.push_back({"d", Type::String(), "database_name"});
  columns.push_back({"t", Type::String(), "table_name"});
  plan.sinks[0].table.schema = plan.sources[0].table.schema;
  plan.sources[0].columns = plan.sinks[0].columns = plan.sinks[0].slots = {0, 1, 2};
  plan.sinks[0].types = {columns[0].type, columns[1].type, columns[2].type};
  plan.flows[0].program = Program(3, {}, {}, -1);
  return plan;
}

TEST_CASE_FIXTURE(Fixture, "rows are deleted in a checkpoint of their own, after all before them") {
  world.steps = {{{1}, "{\"at\":1}"},
                 {.rows = {7}, .position = "{\"at\":2}", .empties_tables = true},
                 {{3}, "{\"at\":3}"}};
  Process process(&world, &files, &clock, PlanOfTables());
  process.Steps(3);  // open, the row, and the deletion, before which there is a checkpoint
  CHECK(world.committed == Rows{1});
  CHECK(world.steps.size() == 1);
  CHECK(files.files.at("/state/job/chk-1.json").find("\"at\": 1") != std::string::npos);
  process.Steps(1);
  CHECK(world.committed == Rows{1, -7});
  CHECK(world.steps.size() == 1);
  CHECK(files.files.at("/state/job/chk-2.json").find("\"at\": 2") != std::string::npos);
  CHECK(std::count(world.calls.begin(), world.calls.end(), "delete 7 by 1 2") == 1);
  process.Steps(1);
  CHECK(world.steps.empty());
  CHECK(world.committed == Rows{1, -7});  // the next row waits for the next checkpoint
}

TEST_CASE_FIXTURE(Fixture, "a stop before the deletion leaves it to the next run") {
  world.steps = {{{1}, "{\"at\":1}"},
                 {.rows = {7}, .position = "{\"at\":2}", .empties_tables = true}};
  Process process(&world, &files, &clock, PlanOfTables());
  process.Steps(2);
  process->RequestStop();
  CHECK(process.Run() == State::kDone);
  CHECK(world.committed == Rows{1});
  CHECK(std::count(world.calls.begin(), world.calls.end(), "delete 7 by 1 2") == 0);
}

}  // namespace
}  // namespace millrace
