#include "connectors/doris/committer.h"

#include <doctest/doctest.h>

#include "connectors/doris/retry.h"
#include "unit/connectors_doris/fake_doris.h"

namespace millrace::doris {
namespace {

struct World {
  FakeDoris doris;
  FakeClock clock;
  Log log{LogLevel::kOff, stderr};
  StopToken stop{&clock};
  std::unique_ptr<StreamLoadApi> api = doris.Connect();
  Committer committer{api.get(), &clock, &log, &stop};
  const Labels labels{"p", "d", "t", "job", "sink"};

  // A load with this label that is in `state`.
  void Add(const LoadName& name, FakeDoris::State state) {
    doris.txns.push_back(
        {static_cast<int64_t>(doris.txns.size()) + 1, labels.Of(name), state, "", {}});
  }
  Token TokenOf(int64_t id) const { return {1, 1, 1, {{"d", "l", id, 1, 1}}}; }
};

TEST_CASE("what fails for now is repeated, with pauses that grow, and not for ever") {
  FakeClock clock;
  StopToken stop(&clock);
  int calls = 0;
  CHECK(Retry(stop, 5, [&](int number) {
          CHECK(number == calls);
          ++calls;
          return calls < 3 ? Status::Transient("x") : Status::Ok();
        }).ok());
  CHECK(calls == 3);
  CHECK(clock.NowMs() == 300);
  calls = 0;
  CHECK(Retry(stop, 5, [&](int) {
          ++calls;
          return Status::Transient("x");
        }).transient());
  CHECK(calls == 5);
  calls = 0;
  CHECK(!Retry(stop, 5, [&](int) {
           ++calls;
           return Status::Permanent("x");
         }).transient());
  CHECK(calls == 1);
}

TEST_CASE("a stop ends every repetition at once") {
  World world;
  world.Add({1, 1, 0, 1}, FakeDoris::State::kPrecommitted);
  world.doris.failures = 1'000;
  world.stop.RequestAt(250);
  CHECK(world.committer.Commit(world.TokenOf(1)).cancelled());
  CHECK(world.clock.NowMs() < 1'000);
  CHECK(world.committer.DropNewer({}, world.labels, 1, true).status().cancelled());
  CHECK(world.committer.Abort(1, "l").status().cancelled());
  CHECK(world.clock.NowMs() < 1'000);
}

TEST_CASE("leftovers of any lane and segment are aborted") {
  World world;
  world.Add({1, 1, 0, 1}, FakeDoris::State::kPrecommitted);
  world.Add({1, 1, 0, 2}, FakeDoris::State::kPrepare);
  world.Add({1, 1, 5, 1}, FakeDoris::State::kPrecommitted);
  world.Add({1, 2, 1, 1}, FakeDoris::State::kPrecommitted);
  const auto incarnation = world.committer.DropNewer({}, world.labels, 1, true);
  REQUIRE(incarnation.ok());
  CHECK(*incarnation == 1);
  CHECK(world.doris.Count(FakeDoris::State::kAborted) == 4);
}

TEST_CASE("a transaction that Doris forgot is looked up by its label") {
  World world;
  CHECK(world.committer.Commit(world.TokenOf(9)).message().find("does not know the label") !=
        std::string::npos);
  world.doris.txns.push_back({1, "l", FakeDoris::State::kVisible, "", {}});
  CHECK(world.committer.Commit(world.TokenOf(9)).ok());
  world.doris.txns[0].state = FakeDoris::State::kAborted;
  CHECK(world.committer.Commit(world.TokenOf(9)).message().find("--fresh") != std::string::npos);
}

}  // namespace
}  // namespace millrace::doris
