#include "runtime/pipeline.h"

#include <doctest/doctest.h>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

using Rows = std::vector<int64_t>;

struct Fixture {
  Fixture() {
    config.plan = &plan;
    config.environment = {&clock, log.log()};
    config.sources.push_back({[this](const SourceRequest& request) {
                                return Result<std::unique_ptr<Source>>(
                                    std::make_unique<FakeSource>(&world, request));
                              },
                              {}});
    config.sinks.push_back({[this](const SinkRequest&) {
                              return Result<std::unique_ptr<Sink>>(
                                  std::make_unique<FakeSink>(&world, nullptr));
                            },
                            {}});
  }
  void Open(Pipeline* pipeline, const Checkpoint& from) {
    REQUIRE(pipeline->OpenSink(0).ok());
    REQUIRE(pipeline->OpenSources(from).ok());
  }
  static Checkpoint FromTheStart() { return {0, {Position()}, {""}, {0}}; }

  FakeWorld world;
  FakeClock clock;
  LogText log;
  Plan plan = FakePlan();
  PipelineConfig config;
};

TEST_CASE_FIXTURE(Fixture, "it is at a position at its start and after a batch that ends at one") {
  world.steps = {{{1}}, {{2}, "{\"at\":2}"}, {}, {{3}}};
  Pipeline pipeline(config);
  CHECK_FALSE(pipeline.is_open());
  Open(&pipeline, FromTheStart());
  CHECK(pipeline.is_open());
  CHECK(pipeline.AtCheckpointPosition());  // nothing was emitted yet
  for (const bool at_position : {false, true, true, false}) {
    REQUIRE(pipeline.PollNext(Pipeline::Which::kAll).ok());
    CHECK(pipeline.AtCheckpointPosition() == at_position);
  }
  CHECK(pipeline.rows_since_checkpoint() == 3);
  CHECK(pipeline.positions() == std::vector<Position>{At("{\"at\":2}")});
}

TEST_CASE_FIXTURE(Fixture, "rows are counted on from a checkpoint, up to the limit") {
  plan.sinks[0].limit = 12;
  world.steps = {{{1, 2, 3}}};
  Pipeline pipeline(config);
  Open(&pipeline, {5, {At("{\"at\":1}")}, {""}, {10}});
  CHECK(pipeline.AtCheckpointPosition());
  REQUIRE(pipeline.PollNext(Pipeline::Which::kAll).ok());
  CHECK(pipeline.rows() == 12);
  CHECK(pipeline.rows_since_checkpoint() == 2);
  CHECK(pipeline.AllEnded());
  CHECK(pipeline.AtCheckpointPosition());  // the position no longer matters
  CHECK(world.pending == Rows{1, 2});
  pipeline.Close();
  CHECK_FALSE(pipeline.is_open());
  CHECK(pipeline.rows_since_checkpoint() == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a position is requested once, and never of a source that ended without one") {
  world.steps = {{{1}}, {.rows = {2}, .end = true}};
  Pipeline pipeline(config);
  Open(&pipeline, FromTheStart());
  REQUIRE(pipeline.PollNext(Pipeline::Which::kAll).ok());
  CHECK(pipeline.RequestPositions().ok());
  CHECK(pipeline.RequestPositions().ok());
  CHECK(std::count(world.calls.begin(), world.calls.end(), "request") == 1);
  pipeline.ForgetPositionRequests();
  CHECK(pipeline.RequestPositions().ok());
  CHECK(std::count(world.calls.begin(), world.calls.end(), "request") == 2);
  REQUIRE(pipeline.PollNext(Pipeline::Which::kWithoutPosition).ok());
  CHECK(pipeline.RequestPositions().message() ==
        "source finished at a position that cannot be resumed");
}

}  // namespace
}  // namespace millrace
