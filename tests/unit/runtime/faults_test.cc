// Exceptions of connectors, and stops while the other side hangs.
#include <doctest/doctest.h>

#include "runtime/job.h"
#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using State = Coordinator::State;
using Rows = std::vector<int64_t>;

constexpr const char* kCalls[] = {"make source", "seek",     "poll",      "request position",
                                  "acknowledge", "progress", "make sink", "open",
                                  "recover",     "write",    "prepare",   "commit"};

struct Fixture {
  FakeWorld world;
  MemoryFiles files;
  FakeClock clock;
  Plan plan = FakePlan();

  // Steps with a source that always has something more, until the job ends.
  State RunToTheEnd(Process* process) {
    constexpr int kStepsMax = 10'000;
    State state = State::kRunning;
    int restarts = 0;
    for (int i = 0; i < kStepsMax && state == State::kRunning; ++i) {
      if (world.steps.empty()) world.steps = {{{1}}, {{2}, "{\"at\":2}", true}};
      clock.Advance(1'000);
      state = (*process)->Step();
      if (const int now = (*process)->progress().restarts; now != restarts) {
        restarts = now;
        world.steps.clear();  // a source begins again as well
      }
    }
    return state;
  }
};

TEST_CASE_FIXTURE(Fixture, "an exception in any call of a connector fails the job with a message") {
  for (const char* call : kCalls) {
    CAPTURE(std::string(call));
    world = {};
    world.throws_in = call;
    files.files.clear();
    Process process(&world, &files, &clock, plan);
    CHECK(RunToTheEnd(&process) == State::kFailed);
    CHECK(process->status().code() == StatusCode::kPermanent);
    CHECK(process->status().message() ==
          std::string("internal error: a promise was broken in ") + call);
    CHECK(process.log().Contains("ERROR job job: failed: internal error"));
    world.throws_in.clear();  // and the next start goes on as after any failure
    CHECK(Process(&world, &files, &clock, plan).Run() != State::kFailed);
  }
}

TEST_CASE_FIXTURE(Fixture, "running out of memory is tried again, and given up in the end") {
  plan.restart.attempts = 2;
  for (const char* call : kCalls) {
    CAPTURE(std::string(call));
    world = {};
    world.throws_in = call;
    world.out_of_memory = true;
    files.files.clear();
    Process process(&world, &files, &clock, plan);
    CHECK(RunToTheEnd(&process) == State::kFailed);
    CHECK(process->status().message() == "out of memory");
    CHECK(process->progress().restarts == 2);
  }
}

TEST_CASE_FIXTURE(Fixture, "a file that is there after all is what an exception goes on from") {
  world.steps = {{{1}, "{\"at\":1}"}};
  files.throws_after_write = true;  // memory runs out after the rename
  Process process(&world, &files, &clock, plan);
  process.Steps(2);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(world.committed.empty());
  process.Steps(1);
  CHECK(world.committed == Rows{1});
  CHECK(world.calls.back() == "seek {\"at\":1}");
}

TEST_CASE_FIXTURE(Fixture,
                  "a stop ends in time though no source comes to a position and the sink hangs") {
  for (const char* call : {"write", "prepare", "commit"}) {
    CAPTURE(std::string(call));
    world = {};
    const bool with_position = std::string_view(call) != "write";
    world.steps = {{{1}}, {{2}, with_position ? "{\"at\":2}" : ""}};
    files.files.clear();
    Process process(&world, &files, &clock, plan);
    process.Steps(2);
    world.hangs_in = call;
    process->RequestStop();
    const int64_t began_ms = clock.NowMs();
    CHECK(process.Run() == State::kDone);
    CHECK(clock.NowMs() - began_ms <= 10'000);
    CHECK(world.committed.empty());
    world.hangs_in.clear();
    world.steps = {{{}, "{\"at\":2}", true}};
    CHECK(Process(&world, &files, &clock, plan).Run() == State::kDone);
    CHECK(world.committed == (std::string_view(call) == "commit" ? Rows{1, 2} : Rows{}));
  }
}

TEST_CASE_FIXTURE(Fixture, "a final checkpoint that takes a while is still made") {
  world.steps = {{{1}, "{\"at\":1}"}};
  Process process(&world, &files, &clock, plan);
  process.Steps(2);
  world.hangs_in = "prepare";
  world.hangs_ms = kStopDeadlineMs / 4;  // there are two: rows, and the renewal of the token
  process->RequestStop();
  CHECK(process.Run() == State::kDone);
  CHECK(world.committed == Rows{1});
  CHECK(process.log().Contains("stopped at final checkpoint 2: 1 rows in all, at here"));
}

TEST_CASE_FIXTURE(Fixture, "a transient failure while stopping does not fail the job") {
  plan.restart.attempts = 0;
  world.steps = {{{1}}, {.status = Status::Transient("away")}};
  Process process(&world, &files, &clock, plan);
  process.Steps(2);
  process->RequestStop();
  CHECK(process.Run() == State::kDone);
  CHECK(process.log().Contains("stopped without a final checkpoint (away)"));
}

// The same with threads and the machine's clock.
struct HangingSource final : Source {
  explicit HangingSource(const Environment& environment) : clock(*environment.clock) {}
  Status Seek(std::span<const Position>) override { return Status::Ok(); }
  Status Poll(Batch* batch) override {
    clock.SleepMs(1);
    batch->AddRow(RowKind::kInsert)[0] = Cell::Int(1);  // never a position
    return Status::Ok();
  }
  Clock& clock;
};
struct HangingSink final : Sink {
  explicit HangingSink(const Environment& environment) : stop(*environment.stop) {}
  Status Open() override { return Status::Ok(); }
  Status Recover(std::string_view) override { return Status::Ok(); }
  Status Write(const Batch&, std::span<const uint32_t>) override {
    return stop.WaitFor(3'600'000) ? Status::Ok() : Status::Cancelled();
  }
  Result<std::string> Prepare(uint64_t) override { return std::string(); }
  Status Commit(std::string_view) override { return Status::Ok(); }
  const StopToken& stop;
};
struct ThrowingSource final : Source {
  Status Seek(std::span<const Position>) override { return Status::Ok(); }
  Status Poll(Batch*) override { throw std::logic_error("out of range"); }
};

constexpr Connector kHanging = {
    .name = "fake",
    .open_source = [](const SourceRequest&,
                      const Environment& environment) -> Result<std::unique_ptr<Source>> {
      return std::unique_ptr<Source>(std::make_unique<HangingSource>(environment));
    },
    .open_sink = [](const SinkRequest&,
                    const Environment& environment) -> Result<std::unique_ptr<Sink>> {
      return std::unique_ptr<Sink>(std::make_unique<HangingSink>(environment));
    },
};
constexpr Connector kThrowing = {
    .name = "fake",
    .open_source = [](const SourceRequest&, const Environment&) -> Result<std::unique_ptr<Source>> {
      return std::unique_ptr<Source>(std::make_unique<ThrowingSource>());
    },
    .open_sink = kHanging.open_sink,
};

struct Threads {
  MemoryFiles files;
  LogText log;
  Plan plan = FakePlan();

  JobEnvironment EnvironmentWith(const Connector* const& connector) {
    return {{&SystemClock(), log.log()}, &files, {&connector, 1}};
  }
};

TEST_CASE_FIXTURE(Threads, "a job whose source throws fails; the process goes on") {
  const Connector* const throwing = &kThrowing;
  Job job(plan, EnvironmentWith(throwing));
  job.Start();
  CHECK(job.Wait().message() == "internal error: out of range");
}

TEST_CASE_FIXTURE(Threads, "two stops end a hanging job within a second, one within ten") {
  const Connector* const hanging = &kHanging;
  for (const int requests : {2, 1}) {
    Job job(plan, EnvironmentWith(hanging));
    job.Start();
    const int64_t asked_ms = SystemClock().NowMs();
    for (int i = 0; i < requests; ++i) job.RequestStop();
    CHECK(job.Wait().ok());
    CHECK(SystemClock().NowMs() - asked_ms < (requests > 1 ? 1'000 : 10'000));
  }
}

}  // namespace
}  // namespace millrace
