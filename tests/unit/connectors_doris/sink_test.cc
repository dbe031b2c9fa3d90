#include "connectors/doris/sink.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "unit/connectors_doris/fake_doris.h"

namespace millrace {
namespace doris {
extern const Connector kConnector;
}

namespace doris {
namespace {

using Rows = std::map<int64_t, std::string>;

// One process that runs the sink.
struct Process {
  explicit Process(FakeDoris* doris, int lanes = 2, SinkLimits limits = {}) {
    texts.insert({{"fenodes", "fe:8030"}, {"table.identifier", "demo.t"}});
    options = Options::FromTexts(kConnector.options, texts);
    request.table = "sink";
    request.job = "job";
    request.options = &options;
    request.schema.columns = {{"id", Type::Of(TypeKind::kInt), ""}, {"name", Type::String(), ""}};
    request.columns = {0, 1};
    request.slots = {0, 1};
    request.types = {Type::Of(TypeKind::kInt), Type::String()};
    request.updates = true;
    request.parallelism = lanes;
    sink = MakeSink(request, {&clock, &log}, doris->Connect(), limits);
  }

  Status Write(const std::vector<std::tuple<RowKind, int64_t, std::string>>& rows) {
    Batch batch(2);
    std::vector<uint32_t> indexes;
    for (const auto& [kind, id, name] : rows) {
      Cell* cells = batch.AddRow(kind);
      cells[0] = Cell::Int(id);
      cells[1] = Cell::Text(batch.arena().Copy(name));
      indexes.push_back(batch.rows() - 1);
    }
    return sink->Write(batch, indexes);
  }

  std::map<std::string, std::string> texts;
  Options options;
  SinkRequest request;
  FakeClock clock;
  Log log{LogLevel::kOff, stderr};
  std::unique_ptr<Sink> sink;
};

constexpr auto kInsert = RowKind::kInsert;
constexpr auto kBefore = RowKind::kUpdateBefore;
constexpr auto kAfter = RowKind::kUpdateAfter;
constexpr auto kDelete = RowKind::kDelete;

TEST_CASE("rows are invisible until the commit, and commits may be repeated") {
  FakeDoris doris;
  Process process(&doris);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "a"}, {kInsert, 2, "b"}, {kInsert, 3, "c"}}).ok());
  const auto token = process.sink->Prepare(1);
  REQUIRE(token.ok());
  CHECK(doris.Visible().empty());
  REQUIRE(process.sink->Commit(*token).ok());
  REQUIRE(process.sink->Commit(*token).ok());
  CHECK(doris.Visible() == Rows{{1, "a"}, {2, "b"}, {3, "c"}});
}

TEST_CASE("without rows there is no load, and the token keeps the numbers of the last one") {
  FakeDoris doris;
  Process process(&doris);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  CHECK(*process.sink->Prepare(1) == "");
  REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
  REQUIRE(process.sink->Commit(*process.sink->Prepare(2)).ok());
  const auto idle = nlohmann::json::parse(*process.sink->Prepare(3));
  CHECK(idle["transactions"].empty());
  CHECK(idle["sequence"] == 1);
  CHECK(doris.txns.size() == 1);
}

TEST_CASE("a checkpoint that was not committed is in the next token") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
  REQUIRE(process.sink->Prepare(1).ok());
  REQUIRE(process.Write({{kInsert, 1, "b"}}).ok());
  const auto token = process.sink->Prepare(2);
  CHECK(nlohmann::json::parse(*token)["transactions"].size() == 2);
  REQUIRE(process.sink->Commit(*token).ok());
  CHECK(doris.Visible() == Rows{{1, "b"}});
}

TEST_CASE("an update before is dropped only if its update after follows with the same key") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process
              .Write({{kInsert, 1, "a"},
                      {kInsert, 2, "b"},
                      {kInsert, 3, "c"},
                      {kBefore, 1, "a"},
                      {kAfter, 1, "A"},
                      {kBefore, 2, "b"},
                      {kAfter, 20, "B"},
                      {kBefore, 3, "c"}})
              .ok());
  REQUIRE(process.sink->Commit(*process.sink->Prepare(1)).ok());
  CHECK(doris.Visible() == Rows{{1, "A"}, {20, "B"}});
  CHECK(std::count(doris.txns[0].body.begin(), doris.txns[0].body.end(), '\n') == 7);
}

TEST_CASE("a load is continued under another label before it grows too large") {
  FakeDoris doris;
  Process process(&doris, 1, {.load_bytes_max = 2000});
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  Rows expected;
  for (int64_t id = 0; id < 200; ++id) {
    REQUIRE(process.Write({{kInsert, id, "name"}}).ok());
    expected[id] = "name";
  }
  const auto token = process.sink->Prepare(1);
  const auto json = nlohmann::json::parse(*token);
  CHECK(json["transactions"].size() > 3);
  CHECK(json["transactions"][1]["label"].get<std::string>().ends_with("_1_0_2"));
  for (const FakeDoris::Txn& txn : doris.txns) CHECK(txn.body.size() <= 2000);
  REQUIRE(process.sink->Commit(*token).ok());
  CHECK(doris.Visible() == expected);
}

TEST_CASE("a row larger than any buffer passes") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  const std::string large(100'000, 'x');
  REQUIRE(process.Write({{kInsert, 1, "a"}, {kInsert, 2, large}, {kInsert, 3, "c"}}).ok());
  REQUIRE(process.sink->Commit(*process.sink->Prepare(1)).ok());
  CHECK(doris.Visible() == Rows{{1, "a"}, {2, large}, {3, "c"}});
}

TEST_CASE("a load says what exactly-once needs") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
  const std::vector<std::string>& sent = doris.txns[0].headers;
  const std::set<std::string> headers(sent.begin(), sent.end());
  for (const char* header :
       {"columns: `id`,`name`,__DORIS_DELETE_SIGN__", "format: json", "read_json_by_line: true",
        "two_phase_commit: true", "group_commit: off_mode", "strict_mode: true",
        "max_filter_ratio: 0", "timeout: 3600"}) {
    CHECK_MESSAGE(headers.contains(header), header);
  }
}

TEST_CASE("a value that cannot be written stops with column and key") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  const Status status = process.Write({{kInsert, 7, "a\xff"}});
  CHECK(!status.ok());
  CHECK(!status.transient());
  CHECK(status.message().find("column \"name\" of the row with id=7") == 0);
}

TEST_CASE("a new run with the same labels neither collides nor doubles") {
  FakeDoris doris;
  for (const char* name : {"a", "b", "c"}) {
    Process process(&doris);
    REQUIRE(process.sink->Open().ok());
    REQUIRE(process.sink->Recover("").ok());
    REQUIRE(process.Write({{kInsert, 1, name}, {kInsert, 2, name}, {kInsert, 3, name}}).ok());
    REQUIRE(process.sink->Commit(*process.sink->Prepare(1)).ok());
    CHECK(doris.Visible() == Rows{{1, name}, {2, name}, {3, name}});
  }
}

TEST_CASE("an older checkpoint is replayed into a UNIQUE table and refused by others") {
  for (const bool unique : {true, false}) {
    FakeDoris doris;
    if (!unique) doris.schema.replace(doris.schema.find("UNIQUE"), 6, "DUP");
    std::string first;
    {
      Process process(&doris, 1);
      process.request.updates = unique;
      process.sink = MakeSink(process.request, {&process.clock, &process.log}, doris.Connect());
      REQUIRE(process.sink->Open().ok());
      REQUIRE(process.sink->Recover("").ok());
      REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
      first = *process.sink->Prepare(1);
      REQUIRE(process.sink->Commit(first).ok());
      REQUIRE(process.Write({{kInsert, 2, "b"}}).ok());
      REQUIRE(process.sink->Commit(*process.sink->Prepare(2)).ok());
    }
    Process process(&doris, 1);
    process.request.updates = unique;
    process.sink = MakeSink(process.request, {&process.clock, &process.log}, doris.Connect());
    REQUIRE(process.sink->Open().ok());
    CHECK(process.sink->Recover(first).ok() == unique);
    if (!unique) continue;
    REQUIRE(process.Write({{kInsert, 2, "b"}}).ok());
    REQUIRE(process.sink->Commit(*process.sink->Prepare(2)).ok());
    CHECK(doris.Visible() == Rows{{1, "a"}, {2, "b"}});
  }
}

TEST_CASE("what the query port knows is used before the first row") {
  FakeDoris doris;
  doris.schema = R"({"keysType":"UNIQUE_KEYS","properties":[
      {"name":"id","aggregation_type":""},{"name":"name","aggregation_type":"NONE"},
      {"name":"must","aggregation_type":"NONE"}]})";
  doris.details = {{"must", "int", false, false}};
  CHECK(Process(&doris).sink->Open().message().find("column \"must\"") == 0);
  doris.details = {{"must", "int", false, true}, {"name", "datetime(3)", true, false}};
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  // Doris would round .9999 up to the next second.
  Batch batch(2);
  Cell* cells = batch.AddRow(kInsert);
  cells[0] = Cell::Int(1);
  cells[1] = Cell::Temporal(CellKind::kTimestamp, 999'999, 6);
  const uint32_t row = 0;
  REQUIRE(process.sink->Write(batch, {&row, 1}).ok());
  REQUIRE(process.sink->Commit(*process.sink->Prepare(1)).ok());
  CHECK(doris.Visible() == Rows{{1, "1970-01-01 00:00:00.999"}});
}

// The changes of checkpoint n, and what must be visible after it.
std::vector<std::tuple<RowKind, int64_t, std::string>> ChangesOf(int checkpoint) {
  const std::string name = "v" + std::to_string(checkpoint);
  return {{kInsert, checkpoint, name},
          {kBefore, 0, ""},
          {kAfter, 0, name},
          {kDelete, checkpoint - 1, ""},
          {kInsert, 100 + checkpoint, name}};
}

Rows Expected(int checkpoints) {
  Rows rows;
  for (int n = 1; n <= checkpoints; ++n) {
    for (const auto& [kind, id, name] : ChangesOf(n)) {
      if (kind == kInsert || kind == kAfter) rows[id] = name;
      if (kind == kDelete) rows.erase(id);
    }
  }
  return rows;
}

// What a coordinator's disk holds.
struct Disk {
  int checkpoint = 0;
  std::string token;
};

// Runs until `checkpoints` are done or the process dies. True if it was done.
bool Run(FakeDoris* doris, Disk* disk, int checkpoints, int lanes) {
  Process process(doris, lanes);
  if (!process.sink->Open().ok() || !process.sink->Recover(disk->token).ok()) return false;
  while (disk->checkpoint < checkpoints) {
    if (!process.Write(ChangesOf(disk->checkpoint + 1)).ok()) return false;
    const auto token = process.sink->Prepare(static_cast<uint64_t>(disk->checkpoint) + 1);
    if (!token.ok()) return false;
    *disk = {disk->checkpoint + 1, *token};
    if (!process.sink->Commit(disk->token).ok()) return false;
  }
  return true;
}

TEST_CASE("a crash at any effect, twice, loses nothing and doubles nothing") {
  constexpr int kCheckpoints = 4;
  int runs = 0;
  for (const bool after : {false, true}) {
    for (int64_t first = 1;; ++first) {
      bool first_fired = false;
      for (int64_t second = 1;; ++second) {
        FakeDoris doris;
        Disk disk;
        doris.die_after_effect = after;
        doris.die_at = first;
        bool done = Run(&doris, &disk, kCheckpoints, 3);
        first_fired = !done;
        bool second_fired = false;
        if (!done) {
          doris.dead = false;
          doris.die_at = doris.effects + second;
          done = Run(&doris, &disk, kCheckpoints, 2);  // with fewer lanes than before
          second_fired = !done;
        }
        doris.dead = false;
        doris.die_at = std::numeric_limits<int64_t>::max();
        if (!done) REQUIRE(Run(&doris, &disk, kCheckpoints, 3));
        ++runs;
        CAPTURE(first);
        CAPTURE(second);
        REQUIRE(doris.Visible() == Expected(kCheckpoints));
        // Every transaction ended, and was committed once.
        CHECK(doris.Count(FakeDoris::State::kPrepare) == 0);
        CHECK(doris.Count(FakeDoris::State::kPrecommitted) == 0);
        const std::set<int64_t> once(doris.committed.begin(), doris.committed.end());
        CHECK(once.size() == doris.committed.size());
        if (!second_fired) break;
      }
      if (!first_fired) break;
    }
  }
  CHECK(runs > 500);
}

TEST_CASE("lost answers are asked for again") {
  FakeDoris doris;
  Process process(&doris);
  REQUIRE(process.sink->Open().ok());
  doris.failures = 3;
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
  const auto token = process.sink->Prepare(1);
  doris.failures = 3;
  REQUIRE(process.sink->Commit(*token).ok());
  CHECK(doris.Visible() == Rows{{1, "a"}});
  CHECK(doris.committed.size() == 1);
}

TEST_CASE("a transaction that Doris dropped is reported, not ignored") {
  FakeDoris doris;
  Process process(&doris, 1);
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "a"}}).ok());
  const auto token = process.sink->Prepare(1);
  doris.txns[0].state = FakeDoris::State::kAborted;
  const Status status = process.sink->Commit(*token);
  CHECK(!status.ok());
  CHECK(!status.transient());
  CHECK(status.message().find("--fresh") != std::string::npos);
}

TEST_CASE("tables that cannot take the rows are refused at once") {
  const auto open = [](const std::string& schema) {
    FakeDoris doris;
    doris.schema = schema;
    Process process(&doris);
    const Status status = process.sink->Open();
    CHECK(!status.transient());
    return status.message();
  };
  CHECK(open(R"({"keysType":"DUP_KEYS","properties":[{"name":"id","aggregation_type":""}]})")
            .find("UNIQUE KEY") != std::string::npos);
  CHECK(open(R"({"keysType":"UNIQUE_KEYS","properties":[
                 {"name":"id","aggregation_type":""},{"name":"nome","aggregation_type":"NONE"}]})")
            .find("Did you mean \"nome\"?") != std::string::npos);
  CHECK(open(R"({"keysType":"UNIQUE_KEYS","properties":[
                 {"name":"id","aggregation_type":""},{"name":"day","aggregation_type":""},
                 {"name":"name","aggregation_type":"NONE"}]})")
            .find("key column \"day\"") != std::string::npos);
  CHECK(open("[]").find("does not describe") != std::string::npos);
}

TEST_CASE("rows are deleted by what they hold, once they are visible") {
  FakeDoris doris;
  doris.details = {{"id", "int", false, false}, {"name", "varchar(20)", true, false}};
  Process process(&doris);
  process.request.deletes_rows = true;
  process.sink = MakeSink(process.request, {&process.clock, &process.log}, doris.Connect());
  REQUIRE(process.sink->Open().ok());
  REQUIRE(process.sink->Recover("").ok());
  REQUIRE(process.Write({{kInsert, 1, "it's \\ old"}, {kInsert, 2, "old"}}).ok());
  const auto before = process.sink->Prepare(1);
  REQUIRE(process.sink->Commit(*before).ok());
  Batch batch(2);
  Cell* const cells = batch.AddRow(kDelete);
  cells[0] = Cell::Null();
  cells[1] = Cell::Text("it's \\ old");
  const std::vector<uint32_t> columns = {1, 0};
  doris.looks_in_vain = 3;
  const auto deleted = process.sink->DeleteRows(batch, 0, columns);
  REQUIRE(deleted.ok());
  CHECK(*deleted == 2);
  CHECK(doris.looks_in_vain == 0);
  CHECK(doris.queries ==
        std::vector<std::string>{"SELECT `id`, `name` FROM `demo`.`t` WHERE `name` = "
                                 "'it\\'s \\\\ old' AND `id` IS NULL"});
  CHECK(doris.Visible().size() == 2);
  const auto token = process.sink->Prepare(2);
  REQUIRE(token.ok());
  REQUIRE(process.sink->Commit(*token).ok());
  CHECK(doris.Visible().empty());
}

TEST_CASE("rows of tables without a unique key cannot be deleted") {
  FakeDoris doris;
  doris.schema.replace(doris.schema.find("UNIQUE"), 6, "DUP");
  Process process(&doris);
  process.request.updates = false;
  process.request.deletes_rows = true;
  process.sink = MakeSink(process.request, {&process.clock, &process.log}, doris.Connect());
  const Status opened = process.sink->Open();
  CHECK_FALSE(opened.ok());
  CHECK(opened.message().find("it has no UNIQUE KEY") != std::string::npos);
}

}  // namespace
}  // namespace doris
}  // namespace millrace
