#include "connectors/doris/lanes.h"

#include <doctest/doctest.h>

#include <cstring>

#include "row/batch.h"
#include "unit/connectors_doris/fake_doris.h"

namespace millrace::doris {
namespace {

constexpr std::string_view kRow = "{\"id\":1,\"name\":\"a\"}\n";

struct World {
  World() {
    context.api = api.get();
    context.committer = &committer;
    context.clock = &clock;
    context.log = &log;
    context.stop = &stop;
    context.labels = &labels;
    context.numbering = &numbering;
    context.database = "d";
    context.table = "d.t";
  }

  Lane MakeLane(int number = 0) const { return {&context, number}; }

  FakeDoris doris;
  FakeClock clock;
  Log log{LogLevel::kOff, stderr};
  StopToken stop{&clock};
  std::unique_ptr<StreamLoadApi> api = doris.Connect();
  Committer committer{api.get(), &clock, &log, &stop};
  const Labels labels{"p", "d", "t", "job", "sink"};
  Numbering numbering;
  LoadContext context;
};

void Add(Lane* lane, std::string_view row) {
  if (lane->room() < row.size()) REQUIRE(lane->MakeRoom(row.size()).ok());
  REQUIRE(lane->room() >= row.size());
  std::memcpy(lane->end(), row.data(), row.size());
  lane->Add(row.size());
}

TEST_CASE("a lane without rows has no load and prepares nothing") {
  World world;
  Lane lane = world.MakeLane();
  CHECK(lane.End().ok());
  CHECK(lane.Finish().ok());
  CHECK(lane.TakePrepared().empty());
  CHECK(world.doris.txns.empty());
}

TEST_CASE("rows of one checkpoint are one load, and the next checkpoint begins another") {
  World world;
  Lane lane = world.MakeLane(3);
  for (int checkpoint = 1; checkpoint <= 2; ++checkpoint) {
    for (int i = 0; i < 100; ++i) Add(&lane, kRow);
    CHECK(lane.End().ok());
    CHECK(lane.Finish().ok());
    const std::vector<Transaction> prepared = lane.TakePrepared();
    REQUIRE(prepared.size() == 1);
    CHECK(prepared[0].rows == 100);
    CHECK(prepared[0].bytes == static_cast<int64_t>(100 * kRow.size()));
    CHECK(prepared[0].label.ends_with("-1_" + std::to_string(checkpoint) + "_3"));
    ++world.numbering.sequence;
  }
}

TEST_CASE("a load that nears the limit is continued as another segment") {
  World world;
  world.context.load_bytes_max = 1'000;
  Lane lane = world.MakeLane();
  for (int i = 0; i < 100; ++i) Add(&lane, kRow);
  CHECK(lane.End().ok());
  CHECK(lane.Finish().ok());
  const std::vector<Transaction> prepared = lane.TakePrepared();
  CHECK(prepared.size() >= 2);
  int64_t rows = 0;
  for (size_t i = 0; i < prepared.size(); ++i) {
    CHECK(prepared[i].bytes <= 1'256);  // the limit and a buffer
    rows += prepared[i].rows;
    if (i > 0) CHECK(prepared[i].label.ends_with("_0_" + std::to_string(i + 1)));
  }
  CHECK(rows == 100);
}

TEST_CASE("a row longer than any buffer is one row in one piece") {
  World world;
  Lane lane = world.MakeLane();
  Add(&lane, kRow);
  const std::string row = "{\"id\":2,\"name\":\"" + std::string(5'000, 'x') + "\"}\n";
  CHECK(lane.AddLongRow(row).ok());
  Add(&lane, kRow);
  CHECK(lane.End().ok());
  CHECK(lane.Finish().ok());
  CHECK(lane.TakePrepared()[0].rows == 3);
  CHECK(world.doris.txns[0].body == std::string(kRow) + row + std::string(kRow));
}

TEST_CASE("a failed verdict is reported and prepares nothing") {
  World world;
  Lane lane = world.MakeLane();
  Add(&lane, kRow);
  world.doris.dead = true;
  CHECK(!lane.End().ok());
  CHECK(lane.room() == 0);
  CHECK(!lane.MakeRoom(1).ok());
  CHECK(!lane.Finish().ok());
  CHECK(lane.TakePrepared().empty());
}

TEST_CASE("a key always goes to the same lane, and without a key there is one lane") {
  World world;
  Layout layout;
  layout.columns = {{.name = "id", .slot = 0, .style = ValueStyle::kNative}};
  layout.key = {0};
  const RowKey key(layout, TimeZone());
  Lanes lanes(&world.context, &key, 4);
  CHECK(lanes.count() == 4);
  for (int64_t id = 0; id < 1'000; ++id) {
    Cell cell = Cell::Int(id);
    Lane& lane = lanes.Of(&cell);
    Cell same = Cell::Int(id);
    CHECK(&lane == &lanes.Of(&same));
    Add(&lane, kRow);
  }
  std::vector<Transaction> prepared;
  CHECK(lanes.Prepare(&prepared).ok());
  REQUIRE(prepared.size() == 4);  // every lane was used
  int64_t rows = 0;
  for (const Transaction& each : prepared) {
    CHECK(each.rows > 150);
    rows += each.rows;
  }
  CHECK(rows == 1'000);
  CHECK(world.numbering.sequence == 1);
  CHECK(lanes.Prepare(&prepared).ok());
  CHECK(world.numbering.sequence == 1);  // nothing was loaded

  layout.key.clear();
  const RowKey none(layout, TimeZone());
  CHECK(Lanes(&world.context, &none, 4).count() == 1);
}

}  // namespace
}  // namespace millrace::doris
