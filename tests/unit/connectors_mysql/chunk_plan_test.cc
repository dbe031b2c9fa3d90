#include "connectors/mysql/snapshot/chunk_plan.h"

#include <doctest/doctest.h>

#include <memory>
#include <thread>
#include <utility>

#include "connectors/mysql/schema/column_text.h"

using namespace millrace::mysql;

namespace {

RowLayout Layout(const std::string& name, std::string_view key_type, int64_t rows) {
  TableLayout described;
  described.columns = {ParseServerColumn("k", key_type, "", false)};
  if (key_type != "other") {
    TableIndex& primary = described.indexes.emplace_back();
    primary.name = kPrimaryName;
    primary.is_primary = primary.is_unique = true;
    primary.columns = {"k"};
  }
  RowLayout layout;
  layout.table = ServerTable("d", name, std::make_shared<const TableLayout>(std::move(described)));
  layout.table.rows_estimated = rows;
  return layout;
}

RowLayout Integers(const std::string& name, int64_t rows = 100) {
  return Layout(name, "int", rows);
}
RowLayout Texts(const std::string& name) { return Layout(name, "varchar(10)", 100); }
RowLayout WithoutKey(const std::string& name) { return Layout(name, "other", 100); }

const std::atomic<bool> kNotOver = false;

ChunkPlan Plan(std::vector<RowLayout> layouts, bool whole_tables_only = false) {
  const ChunkPlan::Config config{.rows_per_chunk = 10, .whole_tables_only = whole_tables_only};
  return {std::move(layouts), {config, config}};
}

}  // namespace

TEST_CASE("an integer key is measured, then cut into ranges, the last of them open") {
  ChunkPlan plan = Plan({Integers("t", 30)});
  const auto bounds = plan.NextChunk(kNotOver);
  REQUIRE(bounds);
  CHECK(bounds->work == Chunk::Work::kFindBounds);
  CHECK(plan.positions(0).at("d.t") == TablePosition());
  plan.SetBounds(bounds->table, KeyBounds{1, 30});
  for (const int64_t from : {1, 11}) {
    const auto chunk = plan.NextChunk(kNotOver);
    REQUIRE(chunk);
    CHECK(chunk->work == Chunk::Work::kRange);
    CHECK(chunk->range.from == from);
    CHECK(chunk->range.to == from + 10);
  }
  CHECK(plan.positions(0).at("d.t").next == 21);
  CHECK_FALSE(plan.done());
  const auto last = plan.NextChunk(kNotOver);
  REQUIRE(last);
  CHECK(last->range.from == 21);
  CHECK_FALSE(last->range.to);
  CHECK(plan.done());
  CHECK(plan.positions(0).at("d.t").done);
  CHECK_FALSE(plan.NextChunk(kNotOver));
}

TEST_CASE("the ends of the range of keys do not overflow") {
  ChunkPlan plan = Plan({Integers("t", 1'000'000'000)});
  plan.SetBounds(plan.NextChunk(kNotOver)->table, KeyBounds{INT64_MIN, INT64_MAX});
  int64_t from = INT64_MIN;
  size_t chunks = 0;
  for (auto chunk = plan.NextChunk(kNotOver); chunk; chunk = plan.NextChunk(kNotOver)) {
    REQUIRE(chunk->range.from == from);
    ++chunks;
    if (!chunk->range.to) break;
    REQUIRE(*chunk->range.to > from);
    from = *chunk->range.to;
  }
  CHECK(chunks > 10);
  CHECK(chunks < 1'100'000);
  CHECK(plan.done());
}

TEST_CASE("an empty table is done when it is measured") {
  ChunkPlan plan = Plan({Integers("t")});
  plan.SetBounds(plan.NextChunk(kNotOver)->table, std::nullopt);
  CHECK(plan.done());
}

TEST_CASE("pages are read one after the other, from the key of the last") {
  ChunkPlan plan = Plan({Texts("t")});
  const auto first = plan.NextChunk(kNotOver);
  REQUIRE(first);
  CHECK(first->work == Chunk::Work::kPage);
  CHECK(first->range.after.empty());
  CHECK_FALSE(plan.NextChunk(kNotOver));  // one reader at a time
  plan.FinishPage(first->table, {"_utf8mb4 X'61'"});
  CHECK(plan.positions(0).at("d.t").after == std::vector<std::string>{"_utf8mb4 X'61'"});
  const auto second = plan.NextChunk(kNotOver);
  REQUIRE(second);
  CHECK(second->range.after == std::vector<std::string>{"_utf8mb4 X'61'"});
  plan.FinishPage(second->table, {});
  CHECK(plan.done());
}

TEST_CASE("a reader waits for bounds that another one finds, if nothing else is left") {
  ChunkPlan plan = Plan({Integers("a"), WithoutKey("b")});
  const auto bounds = plan.NextChunk(kNotOver);
  REQUIRE(bounds);
  const auto other = plan.NextChunk(kNotOver);  // other tables do not wait
  REQUIRE(other);
  CHECK(other->work == Chunk::Work::kWhole);
  std::optional<Chunk> chunk;
  std::thread waiting([&] { chunk = plan.NextChunk(kNotOver); });
  CHECK(plan.tables_done(0) == 0);  // the lock is free meanwhile
  plan.SetBounds(bounds->table, KeyBounds{1, 1});
  waiting.join();
  REQUIRE(chunk);
  CHECK(chunk->work == Chunk::Work::kRange);
}

TEST_CASE("the end of the round ends the waiting") {
  ChunkPlan plan = Plan({Integers("a")});
  std::atomic<bool> over = false;
  REQUIRE(plan.NextChunk(over));
  std::thread waiting([&] { CHECK_FALSE(plan.NextChunk(over)); });
  over = true;
  waiting.join();
}

TEST_CASE("what a position says is not read again") {
  ChunkPlan before = Plan({Integers("a"), Texts("b"), WithoutKey("c"), Integers("e")});
  std::map<std::string, TablePosition> saved;
  saved["d.a"].next = 50;
  saved["d.b"].after = {"'m'"};
  saved["d.c"].done = true;
  saved["d.gone"].done = true;
  CHECK(before.Restore(0, saved, false).empty());
  CHECK(before.tables_done(0) == 1);
  const auto a = before.NextChunk(kNotOver);
  CHECK(a->work == Chunk::Work::kFindBounds);
  before.SetBounds(a->table, KeyBounds{1, 100});
  CHECK(before.NextChunk(kNotOver)->range.from == 50);
}

TEST_CASE("a table that was created in the log is not part of the snapshot") {
  ChunkPlan plan = Plan({Integers("a"), Integers("created")});
  CHECK(plan.Restore(0, {{"d.a", TablePosition()}}, true).empty());
  CHECK(plan.tables_done(0) == 1);
  CHECK(plan.NextChunk(kNotOver)->table == 0);
  CHECK_FALSE(plan.positions(0).at("d.a").done);
  CHECK(plan.positions(0).at("d.created").done);
}

TEST_CASE("a table that arrives is read, in place of one of its name") {
  ChunkPlan plan = Plan({Integers("a")});
  plan.SetBounds(plan.NextChunk(kNotOver)->table, std::nullopt);
  CHECK(plan.done());
  plan.Add(Integers("a"));
  CHECK(plan.tables(0) == 1);
  CHECK_FALSE(plan.done());
  plan.Add(Integers("b"));
  CHECK(plan.tables(0) == 2);
}

TEST_CASE("a table whose key is another one starts over, and is named") {
  ChunkPlan plan = Plan({Integers("a"), Texts("b")});
  std::map<std::string, TablePosition> saved;
  saved["d.a"].after = {"'m'"};
  saved["d.b"].next = 5;
  CHECK(plan.Restore(0, saved, false) == std::vector<std::string>{"d.a", "d.b"});
  CHECK(plan.positions(0).at("d.a") == TablePosition());
}

TEST_CASE("for a target that must get every change once tables are read whole") {
  using State = ChunkPlan::ReadState;
  ChunkPlan plan = Plan({Integers("a"), Texts("b")}, true);
  const auto a = plan.NextChunk(kNotOver);
  REQUIRE(a);
  CHECK(a->work == Chunk::Work::kWhole);
  plan.FinishPage(a->table, {});
  CHECK(plan.read_states(0) ==
        std::map<std::string, State>{{"d.a", State::kReadThisRound}, {"d.b", State::kUnread}});
  plan.SettleRound();
  CHECK(plan.read_states(0).at("d.a") == State::kReadBefore);
}

TEST_CASE("two captures may read one table, each as far as it has come") {
  RowLayout second = Integers("a");
  second.capture = 1;
  ChunkPlan plan = Plan({Integers("a"), second});
  CHECK(plan.Restore(0, {{"d.a", {.done = true, .next = {}, .after = {}}}}, true).empty());
  CHECK(plan.done(0));
  CHECK_FALSE(plan.done(1));
  const auto chunk = plan.NextChunk(kNotOver);
  REQUIRE(chunk);
  CHECK(chunk->layout->capture == 1);
  plan.SetBounds(chunk->table, std::nullopt);
  CHECK(plan.done());
  plan.Remove(0, "d.a");
  CHECK(plan.tables(0) == 0);
  CHECK(plan.tables(1) == 1);
}
