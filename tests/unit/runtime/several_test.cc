// Jobs of several sources and sinks.
#include <doctest/doctest.h>

#include <string>

#include "runtime/coordinator.h"
#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using State = Coordinator::State;
using Rows = std::vector<int64_t>;

// Two sources and two sinks; world i has source i and sink i.
struct TwoWorlds {
  TwoWorlds() {
    plan.sources.push_back(plan.sources[0]);
    plan.sinks.push_back(plan.sinks[0]);
    plan.sinks[1].table.name = "c.d.other";
    plan.flows.push_back({1, 1, plan.flows[0].program, {}, ""});
  }
  Process Start() { return Process({&first, &second}, &files, &clock, plan); }

  FakeWorld first, second;
  MemoryFiles files;
  FakeClock clock;
  Plan plan = FakePlan();
};

TEST_CASE_FIXTURE(TwoWorlds,
                  "one file holds the positions and tokens of all, and comes before every commit") {
  first.steps = {{{1}, "{\"at\":1}", true}};
  second.steps = {{{2}, "{\"at\":2}", true}};
  second.prepare = {Status::Permanent("refused")};
  CHECK(Start().Run() == State::kFailed);
  CHECK(first.committed.empty());  // its own Prepare went well
  CHECK(first.prepared.empty());   // and is taken back
  CHECK(files.files.empty());
  first.steps = {{{1}, "{\"at\":1}", true}};
  second.steps = {{{2}, "{\"at\":2}", true}};
  CHECK(Start().Run() == State::kDone);
  CHECK(first.committed == Rows{1});
  CHECK(second.committed == Rows{2});
  const std::string& text = files.files["/state/job/chk-1.json"];
  CHECK(text.find("\"at\": 1") != std::string::npos);
  CHECK(text.find("\"at\": 2") != std::string::npos);
}

TEST_CASE_FIXTURE(TwoWorlds, "a commit that fails leaves the other sinks' commits to the restart") {
  first.steps = {{{1}, "{\"at\":1}", true}};
  second.steps = {{{2}, "{\"at\":2}", true}};
  first.commit = {Status::Transient("no answer")};
  Process process = Start();
  process.Steps(3);
  CHECK(first.committed.empty());
  CHECK(second.committed.empty());
  first.steps = {{{}, "{\"at\":1}", true}};
  second.steps = {{{}, "{\"at\":2}", true}};
  CHECK(process.Run() == State::kDone);
  CHECK(first.committed == Rows{1});
  CHECK(second.committed == Rows{2});
}

TEST_CASE_FIXTURE(TwoWorlds, "a source that has come to a position waits for the others") {
  first.steps = {{{1}, "{\"at\":1}"}, {{2}, "{\"at\":2}"}, {{3}, "{\"at\":3}"}};
  second.steps = {{{11}}, {{12}}, {{13}, "{\"at\":13}"}, {{14}}};
  Process process = Start();
  process.Steps(3);  // open, one batch of each
  clock.Advance(1'000);
  process.Steps(2);  // only the second is read on
  CHECK(files.files.size() == 1);
  CHECK(first.committed == Rows{1});
  CHECK(second.committed == Rows{11, 12, 13});
  CHECK(first.steps.size() == 2);
  CHECK(std::count(second.calls.begin(), second.calls.end(), "request") == 1);
  CHECK(std::count(first.calls.begin(), first.calls.end(), "request") == 0);
}

TEST_CASE_FIXTURE(TwoWorlds, "a source that has emitted nothing yet holds up no checkpoint") {
  first.steps = {{{1}, "{\"at\":1}"}, {{2}, "{\"at\":2}"}};
  Process process = Start();
  process.Steps(3);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(first.committed == Rows{1, 2});
  process.Steps(2);
  second.steps = {{{11}, "{\"at\":11}", true}};
  first.steps = {{{3}, "{\"at\":3}", true}};
  CHECK(process.Run() == State::kDone);
  CHECK(second.committed == Rows{11});
}

TEST_CASE_FIXTURE(TwoWorlds, "while one source is late for a checkpoint the others go on") {
  for (int64_t i = 1; i <= 6; ++i)
    first.steps.push_back({{i}, "{\"at\":" + std::to_string(i) + "}"});
  second.steps = {{{11}}};  // then it is silent, without a position
  Process process = Start();
  process.Steps(3);
  clock.Advance(1'000);  // a checkpoint is due
  process.Steps(3);
  CHECK(first.steps.size() == 5);  // on time: the first waits
  clock.Advance(Pipeline::kLateMs);
  process.Steps(6);
  CHECK(first.steps.size() < 5);  // and no longer
  CHECK(files.files.empty());
  second.steps = {{{12}, "{\"at\":12}"}, {{13}}};
  for (int i = 0; i < 10 && files.files.empty(); ++i) process.Steps(1);
  CHECK(files.files.size() == 1);
  CHECK(second.committed == Rows{11, 12});  // held where it came to its position
  CHECK(first.committed.size() >= 2);
}

TEST_CASE_FIXTURE(TwoWorlds, "an ended source does not end the job, and its position is kept") {
  first.steps = {{{1}, "{\"at\":1}", true}};
  second.steps = {{{11}, "{\"at\":11}"}, {{12}, "{\"at\":12}"}, {{13}, "{\"at\":13}", true}};
  Process process = Start();
  process.Steps(3);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(first.committed == Rows{1});
  CHECK(process.Run() == State::kDone);
  CHECK(second.committed == Rows{11, 12, 13});
  first.calls.clear();
  first.steps = second.steps = {{{}, "", true}};
  CHECK(Start().Run() == State::kDone);
  CHECK(first.calls[1] == "seek {\"at\":1}");
}

TEST_CASE_FIXTURE(TwoWorlds, "one reading of a source feeds several sinks, each up to its LIMIT") {
  plan.sources.pop_back();
  plan.flows[1].source = 0;
  plan.sinks[0].limit = 2;
  first.steps = {{{1}, "{\"at\":1}"}, {{2, 3}, "{\"at\":3}"}, {{4}, "{\"at\":4}", true}};
  CHECK(Start().Run() == State::kDone);
  CHECK(first.committed == Rows{1, 2});
  CHECK(second.committed == Rows{1, 2, 3, 4});
  CHECK(std::count(second.calls.begin(), second.calls.end(), "seek ") == 0);
}

TEST_CASE_FIXTURE(TwoWorlds, "several sources feed one sink") {
  plan.sinks.pop_back();
  plan.flows[1].sink = 0;
  plan.sinks[0].limit = 3;
  first.steps = {{{1}, "{\"at\":1}"}, {{2}}, {{3}}};
  second.steps = {{{11}}, {{12}}, {{13}}};
  CHECK(Start().Run() == State::kDone);
  CHECK(first.committed == Rows{1, 11, 2});
}

TEST_CASE_FIXTURE(TwoWorlds, "one source's failure starts all of them over from their positions") {
  first.steps = {{{1}, "{\"at\":1}"}};
  second.steps = {{{11}, "{\"at\":11}"}};
  Process process = Start();
  process.Steps(2);
  clock.Advance(1'000);
  process.Steps(1);
  CHECK(second.committed == Rows{11});
  first.steps = {{{2}, "{\"at\":2}"}};
  second.steps = {{.status = Status::Transient("away")}};
  process.Steps(2);
  first.calls.clear();
  first.steps = {{{2}, "{\"at\":2}", true}};
  second.steps = {{{12}, "{\"at\":12}", true}};
  CHECK(process.Run() == State::kDone);
  CHECK(first.calls[1] == "seek {\"at\":1}");
  CHECK(first.committed == Rows{1, 2});  // what was written before the failure is not doubled
  CHECK(second.committed == Rows{11, 12});
  CHECK(process->progress().restarts == 1);
}

TEST_CASE_FIXTURE(TwoWorlds, "a stop reads on only where a position is missing") {
  first.steps = {{{1}, "{\"at\":1}"}, {{2}, "{\"at\":2}"}};
  second.steps = {{{11}}, {{12}}, {{13}, "{\"at\":13}"}, {{14}, "{\"at\":14}"}};
  Process process = Start();
  process.Steps(3);
  process->RequestStop();
  CHECK(process.Run() == State::kDone);
  CHECK(first.committed == Rows{1});
  CHECK(second.committed == Rows{11, 12, 13});
}

// A busy source and three idle ones into one sink, over a clock that runs while a source is polled.
struct IdleNeighbours {
  static constexpr int kIdle = 3;
  IdleNeighbours() {
    for (uint32_t i = 1; i <= kIdle; ++i) {
      plan.sources.push_back(plan.sources[0]);
      plan.flows.push_back({i, 0, plan.flows[0].program, {}, ""});
    }
    for (FakeWorld& world : worlds) world.clock = &clock;
  }
  Process Start() {
    return Process({&worlds[0], &worlds[1], &worlds[2], &worlds[3]}, &files, &clock, plan);
  }

  FakeWorld worlds[1 + kIdle];
  MemoryFiles files;
  FakeClock clock;
  Plan plan = FakePlan();
};

TEST_CASE_FIXTURE(IdleNeighbours, "idle sources cost a busy one little of its time") {
  constexpr int kBatches = 1'000;
  for (int i = 0; i < kBatches; ++i) worlds[0].steps.push_back({{i}, "{\"at\":1}"});
  plan.checkpoint_interval_ms = 1'000'000;
  Process process = Start();
  const int64_t began_ms = clock.NowMs();
  while (!worlds[0].steps.empty()) process.Steps(1);
  CHECK(clock.NowMs() - began_ms < kBatches * FakeWorld::kPollMs * 5 / 4);
}

TEST_CASE_FIXTURE(IdleNeighbours, "rows of an idle source come soon though another one is busy") {
  for (int i = 0; i < 1'000; ++i) worlds[0].steps.push_back({{i}, "{\"at\":1}"});
  plan.checkpoint_interval_ms = 1'000'000;
  Process process = Start();
  process.Steps(100);
  worlds[kIdle].steps = {{{4711}, "{\"at\":1}"}};
  const int64_t began_ms = clock.NowMs();
  while (!worlds[kIdle].steps.empty() && !worlds[0].steps.empty()) process.Steps(1);
  CHECK(worlds[kIdle].steps.empty());
  CHECK(clock.NowMs() - began_ms < 60);
}

TEST_CASE_FIXTURE(IdleNeighbours, "a source that gave nothing is still brought to its position") {
  worlds[0].steps = {{{1}, "{\"at\":1}"}, {{2}, "{\"at\":2}"}};
  worlds[1].steps = {{{11}}, {}, {}, {}, {}, {{12}, "{\"at\":12}"}};
  for (int i = 2; i <= kIdle; ++i) worlds[i].steps = {{{}, "{\"at\":0}"}};
  plan.checkpoint_interval_ms = 5;
  Process process = Start();
  for (int i = 0; i < 20 && files.files.empty(); ++i) process.Steps(1);
  CHECK(files.files.size() == 1);
  CHECK(worlds[1].steps.empty());
}

// Reads both tables: rows of the first and of the second in turn.
class SharedSource final : public Source {
 public:
  explicit SharedSource(std::vector<std::string>* seeks) : seeks_(*seeks) {}
  Status Seek(std::span<const Position> positions) override {
    for (const Position& position : positions) seeks_.push_back(position.ToText());
    return Status::Ok();
  }
  Status Poll(Batch* batch) override {
    for (const uint32_t table : {0U, 1U, 0U}) {
      batch->BeginRun(table);
      batch->AddRow(RowKind::kInsert)[0] = Cell::Int(table == 0 ? 10 + batch->rows() : 20);
    }
    batch->set_positions(
        {Position(Json::Object({{"first", 1}})), Position(Json::Object({{"second", 1}}))});
    batch->set_end_of_input();
    return Status::Ok();
  }

 private:
  std::vector<std::string>& seeks_;
};

TEST_CASE_FIXTURE(TwoWorlds, "two tables of one source go their own ways, each with its position") {
  std::vector<std::string> seeks;
  const SharedSourceFactory shared{
      {0, 1}, [&](std::span<const SourceRequest> requests) -> Result<std::unique_ptr<Source>> {
        CHECK(requests.size() == 2);
        CHECK(requests[1].number == 1);
        return std::unique_ptr<Source>(std::make_unique<SharedSource>(&seeks));
      }};
  for (const bool again : {false, true}) {
    Process process({&first, &second}, &files, &clock, plan, false, &shared);
    CHECK(process.Run() == State::kDone);
    if (again) break;
    CHECK(first.committed == Rows{10, 12});
    CHECK(second.committed == Rows{20});
  }
  CHECK(seeks == std::vector<std::string>{"", "", R"({"first":1})", R"({"second":1})"});
}

}  // namespace
}  // namespace millrace
