// How often a job that gets nowhere is started again, and when.
#include <doctest/doctest.h>

#include "runtime/coordinator.h"
#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using State = Coordinator::State;

struct Fixture {
  FakeWorld world;
  MemoryFiles files;
  FakeClock clock;
};

TEST_CASE_FIXTURE(
    Fixture, "after a transient failure the job goes on from the checkpoint, with growing pauses") {
  world.steps = {{{1}, "{\"at\":1}"}, {.status = Status::Transient("away")}};
  Process process(&world, &files, &clock);
  process.Steps(1);
  clock.Advance(1'000);
  process.Steps(2);
  CHECK(clock.slept_ms() == 100);
  world.calls.clear();
  world.open_sink = {Status::Transient("away"), Status::Transient("away")};
  process.Steps(2);
  CHECK(clock.slept_ms() == 100 + 200 + 400);
  process.Steps(1);
  CHECK(world.calls.back() == "seek {\"at\":1}");
  CHECK(process->progress().restarts == 3);
  CHECK(process->progress().last_error == "away");
}

TEST_CASE_FIXTURE(Fixture, "intervals without a failure make those before them forgotten") {
  Plan plan = FakePlan();
  plan.restart.attempts = 1;
  world.steps = {{{}, "{\"at\":1}"}};
  Process process(&world, &files, &clock, plan);
  process.Steps(1);
  clock.Advance(1'000);
  process.Steps(1);
  for (int i = 0; i < 3; ++i) {
    world.steps = {{.status = Status::Transient("away")}};
    process.Steps(2);
    clock.Advance(1'000);
    process.Steps(1);
  }
  world.steps = {{.status = Status::Transient("away")}, {.status = Status::Transient("away")}};
  CHECK(process.Run() == State::kFailed);
}

TEST_CASE_FIXTURE(Fixture, "fixed-delay: so many restarts in a row, with the same pause") {
  Plan plan = FakePlan();
  plan.restart = {.attempts = 3, .delay_ms = 700, .delay_max_ms = 700, .multiplier = 1};
  for (int i = 0; i < 10; ++i) world.steps.push_back({.status = Status::Transient("away")});
  Process process(&world, &files, &clock, plan);
  CHECK(process.Run() == State::kFailed);
  CHECK(process->progress().restarts == 3);
  CHECK(clock.slept_ms() == 3 * 700);
  CHECK(world.steps.size() == 6);
}

TEST_CASE_FIXTURE(Fixture, "fixed-delay: a checkpoint makes the restarts before it forgotten") {
  Plan plan = FakePlan();
  plan.restart = {.attempts = 1, .delay_ms = 700, .delay_max_ms = 700, .multiplier = 1};
  Process process(&world, &files, &clock, plan);
  process.Steps(1);
  for (int64_t n = 1; n <= 5; ++n) {
    world.steps = {{.status = Status::Transient("away")}, {{n}, "{\"at\":1}"}};
    process.Steps(3);  // fail, open, read
    clock.Advance(1'000);
    process.Steps(1);
    CHECK(world.committed.size() == static_cast<size_t>(n));
  }
  world.steps = {{.status = Status::Transient("away")}, {.status = Status::Transient("away")}};
  CHECK(process.Run() == State::kFailed);
}

TEST_CASE_FIXTURE(Fixture, "failure-rate: failures count within the interval, checkpoints or not") {
  Plan plan = FakePlan();
  plan.restart = {
      .attempts = 2, .window_ms = 60'000, .delay_ms = 500, .delay_max_ms = 500, .multiplier = 1};
  Process process(&world, &files, &clock, plan);
  const auto fail = [&] {
    world.steps = {{.status = Status::Transient("away")}};
    return process->Step();
  };
  int64_t number = 0;
  const auto checkpoint = [&] {
    world.steps = {{{++number}, "{\"at\":1}"}};
    process.Steps(1);
    clock.Advance(1'000);
    process.Steps(1);
    CHECK(world.committed.size() == static_cast<size_t>(number));
  };
  for (int i = 0; i < 8; ++i) {  // one in 40 seconds is never more than two in a minute
    process.Steps(1);            // open
    checkpoint();
    CHECK(fail() == State::kRunning);
    clock.Advance(40'000);
  }
  clock.Advance(60'000);
  for (int i = 0; i < 2; ++i) {
    process.Steps(1);
    checkpoint();
    CHECK(fail() == State::kRunning);
  }
  process.Steps(1);
  checkpoint();
  CHECK(fail() == State::kFailed);
  CHECK(process->progress().restarts == 10);
}

TEST_CASE_FIXTURE(Fixture, "exponential-delay: the pause grows by the multiplier up to its limit") {
  Plan plan = FakePlan();
  plan.restart = {.delay_ms = 100, .delay_max_ms = 400, .multiplier = 1.5};
  Process process(&world, &files, &clock, plan);
  int64_t slept_ms = 0;
  for (const int64_t pause_ms : {100, 150, 225, 337, 400, 400}) {
    world.open_sink = {Status::Transient("away")};
    process.Steps(1);
    CHECK(clock.slept_ms() - slept_ms == pause_ms);
    slept_ms = clock.slept_ms();
  }
  // Thousands of failures later it is still the limit, and no number has run over.
  for (int i = 0; i < 3'000; ++i) world.open_sink.push_back(Status::Transient("away"));
  process.Steps(3'000);
  CHECK(clock.slept_ms() - slept_ms == 3'000 * 400);
}

TEST_CASE_FIXTURE(Fixture, "no restart strategy: the first transient failure ends the job") {
  Plan plan = FakePlan();
  plan.restart.attempts = 0;
  world.steps = {{.status = Status::Transient("away")}};
  CHECK(Process(&world, &files, &clock, plan).Run() == State::kFailed);
  CHECK(clock.slept_ms() == 0);
}

}  // namespace
}  // namespace millrace
