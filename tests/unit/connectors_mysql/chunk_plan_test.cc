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

std::unique_ptr<ChunkPlan> PlanOf(std::vector<RowLayout> layouts,
                                  const ChunkPlan::Config& config = {.rows_per_chunk = 10}) {
  auto plan = std::make_unique<ChunkPlan>(std::vector<ChunkPlan::Config>{config, config});
  for (RowLayout& layout : layouts) REQUIRE(plan->Add(std::move(layout)).ok());
  return plan;
}

const ChunkPlan::Config kWholeOnly{.rows_per_chunk = 10, .whole_tables_only = true};

}  // namespace

TEST_CASE("an integer key is measured, then cut into ranges, the first and the last of them open") {
  const auto its_plan = PlanOf({Integers("t", 30)});
  ChunkPlan& plan = *its_plan;
  const auto bounds = plan.NextChunk(kNotOver);
  REQUIRE(bounds);
  CHECK(bounds->work == Chunk::Work::kFindBounds);
  CHECK(plan.positions(0).at("d.t") == TablePosition());
  plan.SetBounds(bounds->table, KeyBounds{1, 30});
  const auto first = plan.NextChunk(kNotOver);
  REQUIRE(first);
  CHECK_FALSE(first->range.from);
  CHECK(first->range.to == 11);
  const auto second = plan.NextChunk(kNotOver);
  REQUIRE(second);
  CHECK(second->work == Chunk::Work::kRange);
  CHECK(second->range.from == 11);
  CHECK(second->range.to == 21);
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
  const KeyBounds all_bounds[] = {
      {INT64_MIN, INT64_MAX},
      {0, UINT64_MAX},
      {-*ParseKeyNumber(std::string(36, '9')), *ParseKeyNumber(std::string(36, '9'))}};
  for (const KeyBounds& bounds : all_bounds) {
    const bool is_first = bounds.first == INT64_MIN;
    const auto its_plan = PlanOf({Integers("t", is_first ? 1'000'000'000 : 100'000)});
    ChunkPlan& plan = *its_plan;
    plan.SetBounds(plan.NextChunk(kNotOver)->table, bounds);
    KeyNumber from = bounds.first;
    size_t chunks = 0;
    for (auto chunk = plan.NextChunk(kNotOver); chunk; chunk = plan.NextChunk(kNotOver)) {
      REQUIRE(chunk->range.from.value_or(bounds.first) == from);
      ++chunks;
      if (!chunk->range.to) break;
      REQUIRE(*chunk->range.to > from);
      from = *chunk->range.to;
    }
    CHECK(chunks > 10);
    CHECK(chunks < 1'100'000);
    CHECK(plan.done());
  }
}

TEST_CASE("an integer that was read in pages by an earlier release goes on after them") {
  const auto its_plan = PlanOf({Layout("t", "bigint unsigned", 100)});
  ChunkPlan& plan = *its_plan;
  const TablePosition saved{.after = {"18446744073709551600"}};
  CHECK(plan.Restore(0, {{"d.t", saved}}, false).empty());
  plan.SetBounds(plan.NextChunk(kNotOver)->table, KeyBounds{1, UINT64_MAX});
  const auto chunk = plan.NextChunk(kNotOver);
  REQUIRE(chunk);
  CHECK(chunk->range.from == KeyNumber{18446744073709551601u});
}

TEST_CASE("an empty table is done when it is measured") {
  const auto its_plan = PlanOf({Integers("t")});
  ChunkPlan& plan = *its_plan;
  plan.SetBounds(plan.NextChunk(kNotOver)->table, std::nullopt);
  CHECK(plan.done());
}

TEST_CASE("a page can be read while another reader finds the end of the next") {
  const auto its_plan = PlanOf({Texts("t")});
  ChunkPlan& plan = *its_plan;
  const auto first = plan.NextChunk(kNotOver);
  REQUIRE(first);
  CHECK(first->work == Chunk::Work::kPage);
  CHECK(first->range.after.empty());
  std::optional<Chunk> second;
  std::thread waiting([&] { second = plan.NextChunk(kNotOver); });
  plan.SetPageEnd(first->table, {"_utf8mb4 X'61'"});
  waiting.join();
  REQUIRE(second);
  CHECK(second->range.after == std::vector<std::string>{"_utf8mb4 X'61'"});
  CHECK(plan.positions(0).at("d.t").after == std::vector<std::string>{"_utf8mb4 X'61'"});
  CHECK_FALSE(plan.done());
  plan.SetPageEnd(second->table, {});
  CHECK(plan.done());
  CHECK_FALSE(plan.NextChunk(kNotOver));
}

TEST_CASE("a table without numbers may still have rows without one") {
  RowLayout layout = Layout("t", "other", 100);
  TableLayout described = *layout.table.layout;
  described.columns = {ParseServerColumn("n", "int", "", true)};
  layout.table.layout = std::make_shared<const TableLayout>(described);
  const auto its_plan = PlanOf({layout}, {.rows_per_chunk = 10, .cut_column = "n"});
  ChunkPlan& plan = *its_plan;
  plan.SetBounds(plan.NextChunk(kNotOver)->table, std::nullopt);
  const auto chunk = plan.NextChunk(kNotOver);
  REQUIRE(chunk);
  CHECK(chunk->work == Chunk::Work::kRange);
  CHECK_FALSE(chunk->range.from);
  CHECK_FALSE(chunk->range.to);
  CHECK(plan.done());
}

TEST_CASE("a table that is cut by another column than before starts over") {
  const ChunkPlan::Config chosen{.rows_per_chunk = 10, .cut_column = "k"};
  std::map<std::string, TablePosition> by_key;
  by_key["d.t"].next = 50;
  const auto its_plan = PlanOf({Integers("t")}, chosen);
  ChunkPlan& plan = *its_plan;
  CHECK(plan.Restore(0, by_key, false) == std::vector<std::string>{"d.t"});
  std::map<std::string, TablePosition> by_column = by_key;
  by_column["d.t"].by = "k";
  const auto its_again = PlanOf({Integers("t")}, chosen);
  ChunkPlan& again = *its_again;
  CHECK(again.Restore(0, by_column, false).empty());
  CHECK(again.positions(0) == by_column);
  const auto its_without = PlanOf({Integers("t")});
  ChunkPlan& without = *its_without;
  CHECK(without.Restore(0, by_column, false) == std::vector<std::string>{"d.t"});
}

TEST_CASE("a table without the chosen column is refused") {
  ChunkPlan plan({{.rows_per_chunk = 10, .cut_column = "nobody"}});
  CHECK_FALSE(plan.Add(Integers("t")).ok());
}

TEST_CASE("a reader waits for bounds that another one finds, if nothing else is left") {
  const auto its_plan = PlanOf({Integers("a"), WithoutKey("b")});
  ChunkPlan& plan = *its_plan;
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
  const auto its_plan = PlanOf({Integers("a")});
  ChunkPlan& plan = *its_plan;
  std::atomic<bool> over = false;
  REQUIRE(plan.NextChunk(over));
  std::thread waiting([&] { CHECK_FALSE(plan.NextChunk(over)); });
  over = true;
  waiting.join();
}

TEST_CASE("what a position says is not read again") {
  const auto its_before = PlanOf({Integers("a"), Texts("b"), WithoutKey("c"), Integers("e")});
  ChunkPlan& before = *its_before;
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
  const auto its_plan = PlanOf({Integers("a"), Integers("created")});
  ChunkPlan& plan = *its_plan;
  CHECK(plan.Restore(0, {{"d.a", TablePosition()}}, true).empty());
  CHECK(plan.tables_done(0) == 1);
  CHECK(plan.NextChunk(kNotOver)->table == 0);
  CHECK_FALSE(plan.positions(0).at("d.a").done);
  CHECK(plan.positions(0).at("d.created").done);
}

TEST_CASE("a table that arrives is read, in place of one of its name") {
  const auto its_plan = PlanOf({Integers("a")});
  ChunkPlan& plan = *its_plan;
  plan.SetBounds(plan.NextChunk(kNotOver)->table, std::nullopt);
  CHECK(plan.done());
  CHECK(plan.Add(Integers("a")).ok());
  CHECK(plan.tables(0) == 1);
  CHECK_FALSE(plan.done());
  CHECK(plan.Add(Integers("b")).ok());
  CHECK(plan.tables(0) == 2);
}

TEST_CASE("a table whose key is another one starts over, and is named") {
  const auto its_plan = PlanOf({Integers("a"), Texts("b")});
  ChunkPlan& plan = *its_plan;
  std::map<std::string, TablePosition> saved;
  saved["d.a"].after = {"'m'"};
  saved["d.b"].next = 5;
  CHECK(plan.Restore(0, saved, false) == std::vector<std::string>{"d.a", "d.b"});
  CHECK(plan.positions(0).at("d.a") == TablePosition());
}

TEST_CASE("for a target that must get every change once tables are read whole") {
  using State = ChunkPlan::ReadState;
  const auto its_plan = PlanOf({Integers("a"), Texts("b")}, kWholeOnly);
  ChunkPlan& plan = *its_plan;
  const auto a = plan.NextChunk(kNotOver);
  REQUIRE(a);
  CHECK(a->work == Chunk::Work::kWhole);
  plan.FinishWhole(a->table);
  CHECK(plan.read_states(0) ==
        std::map<std::string, State>{{"d.a", State::kReadThisRound}, {"d.b", State::kUnread}});
  plan.SettleRound();
  CHECK(plan.read_states(0).at("d.a") == State::kReadBefore);
}

TEST_CASE("two captures may read one table, each as far as it has come") {
  RowLayout second = Integers("a");
  second.capture = 1;
  const auto its_plan = PlanOf({Integers("a"), second});
  ChunkPlan& plan = *its_plan;
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
