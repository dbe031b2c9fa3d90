#include "connectors/doris/scan.h"

#include <doctest/doctest.h>

#include <map>

#include "base/clock.h"
#include "connectors/doris/sink_config.h"
#include "unit/scripted_server.h"

namespace millrace::doris {
namespace {

constexpr int kSoonMs = 5'000;

const Position kStart;

struct World {
  explicit World(int port) {
    options = Options::FromTexts(OptionTable(), {{"fenodes", "127.0.0.1:1"},
                                                 {"table.identifier", "d.t"},
                                                 {"query-port", std::to_string(port)}});
    request.table = "t";
    request.options = &options;
    request.schema.columns = {{"id", Type::Of(TypeKind::kInt), ""}};
    request.columns = {0};
    request.stride = 1;
    request.poll_wait_ms = 20;
    environment.clock = &SystemClock();
    environment.log = &log;
    environment.stop = &stop;
    source = std::move(*OpenScan(request, environment));
  }

  // Polls until there is something other than an empty batch.
  Status Poll() {
    const int64_t end_ms = SystemClock().NowMs() + kSoonMs;
    for (;;) {
      Batch batch(1);
      const Status status = source->Poll(&batch);
      if (!status.ok() || batch.end_of_input() || SystemClock().NowMs() > end_ms) return status;
    }
  }

  Options options;
  SourceRequest request;
  Environment environment;
  Log log{LogLevel::kOff, stderr};
  StopToken stop{&SystemClock()};
  std::unique_ptr<Source> source;
};

TEST_CASE("a scan connects in its own thread, and its failure comes out of Poll") {
  World world(1);
  REQUIRE(world.source->Seek({&kStart, 1}).ok());
  const Status status = world.Poll();
  CHECK(status.transient());
  CHECK(status.message().find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("a server that says nothing holds up neither Seek, nor Poll, nor a stop, nor the end") {
  ScriptedServer server({[](Connection& connection) { connection.WaitForClose(kSoonMs); }});
  const int64_t start_ms = SystemClock().NowMs();
  {
    World world(server.port());
    REQUIRE(world.source->Seek({&kStart, 1}).ok());
    Batch batch(1);
    CHECK(world.source->Poll(&batch).ok());
    CHECK(batch.rows() == 0);
    CHECK(world.source->Progress(0).phase == SourcePhase::kOpening);
    SUBCASE("a stop") {
      world.stop.Request();
      CHECK(world.Poll().cancelled());
    }
    SUBCASE("the end") {}
  }
  CHECK(SystemClock().NowMs() - start_ms < 1'500);
}

TEST_CASE("a scan that was read to its end stays there") {
  World world(1);
  Batch done(1);
  const Position at_end(Json::Object({{"done", true}}));
  REQUIRE(world.source->Seek({&at_end, 1}).ok());
  REQUIRE(world.source->Poll(&done).ok());
  CHECK(done.end_of_input());
  CHECK(!done.position().empty());
}

}  // namespace
}  // namespace millrace::doris
