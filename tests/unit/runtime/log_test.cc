// What the log of a job says, for people who read it afterwards.
#include <doctest/doctest.h>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using State = Coordinator::State;

struct Fixture {
  FakeWorld world;
  MemoryFiles files;
  FakeClock clock;
};

#define CHECK_LOG(process, part) \
  CHECK_MESSAGE((process).log().Contains(part), (process).log().text())

TEST_CASE_FIXTURE(Fixture, "the first line names the folder and where the job begins") {
  world.steps = {{{1, 2}, "{\"at\":2}", true}};
  {
    Process process(&world, &files, &clock);
    CHECK(process.Run() == State::kDone);
    CHECK_LOG(process, "INFO  job job: starting; checkpoints are kept in /state/job\n");
    CHECK_LOG(process, "job job: finished at final checkpoint 2: 2 rows in all, at here\n");
  }
  world.steps = {{{3}, "{\"at\":3}"}};
  {
    Process process(&world, &files, &clock);
    process.Steps(2);
    CHECK_LOG(process, "job job: resuming from checkpoint 2 (2 rows so far) in /state/job\n");
    process->RequestStop();
    CHECK(process.Run() == State::kDone);
    CHECK_LOG(process,
              "job job: stopped at final checkpoint 4: 3 rows in all, at here; run the same script "
              "again to go on from checkpoint 4\n");
  }
  world.steps = {{{1}, "{\"at\":1}", true}};
  Process process(&world, &files, &clock, FakePlan(), true);
  CHECK(process.Run() == State::kDone);
  CHECK_LOG(process, "--fresh ignores checkpoint 4 in /state/job; the target still holds the rows");
}

TEST_CASE_FIXTURE(Fixture,
                  "an idle job reports once a minute, and a failure says why and what next") {
  world.steps = {{{1}, "{\"at\":1}"}};
  world.clock = &clock;
  Process process(&world, &files, &clock);
  while (clock.NowMs() < 1'700'000'000'000 + 5 * kReportMs) process.Steps(1);
  const std::string text = process.log().text();
  size_t lines = 0;
  for (size_t at = text.find("0 rows since"); at != std::string::npos;
       at = text.find("0 rows since", at + 1))
    ++lines;
  CHECK(lines == 4);
  CHECK_LOG(process, "job job: streaming, at here; 0 rows since checkpoint 2, 1 rows in all\n");
  world.steps = {{.status = Status::Transient("server db1 is away")},
                 {.status = Status::Permanent("table t has no column b")}};
  CHECK(process.Run() == State::kFailed);
  CHECK_LOG(process, "WARN  job job: server db1 is away; retrying in 100 ms from checkpoint 2\n");
  CHECK_LOG(process,
            "ERROR job job: failed: table t has no column b; run the same script again to go on "
            "from checkpoint 2\n");
}

TEST_CASE_FIXTURE(Fixture,
                  "a stop without a final checkpoint says so, and no line names checkpoint 0") {
  world.steps = {{{1}}, {.status = Status::Transient("away")}, {{1}}};
  Process process(&world, &files, &clock);
  process.Steps(5);
  process->RequestStop();
  clock.Advance(kStopDeadlineMs);
  CHECK(process.Run() == State::kDone);
  CHECK_LOG(process, "job job: away; retrying in 100 ms\n");
  CHECK_LOG(
      process,
      "job job: stopped without a final checkpoint (no source came to a position within 8 s); "
      "run the same script again to start from the beginning\n");
  CHECK_FALSE(process.log().Contains("checkpoint 0"));
}

}  // namespace
}  // namespace millrace
