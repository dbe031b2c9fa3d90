// Bytes of real servers: rows of the binlog and rows of a snapshot become the same cells, and
// damaged bytes become errors. REWRITE=1 writes the expected rows; read the diff.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "captured.h"
#include "connectors/mysql/binlog/gtid_set.h"
#include "connectors/mysql/values/charset.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

std::string Path(const std::string& name) {
  return fmt::format("{}/tests/unit/connectors_mysql/captured/{}",
                     std::getenv("MILLRACE_SOURCE_DIR"), name);
}

std::vector<std::string> Lines(const Captured& captured, const Batch& batch) {
  std::vector<std::string> lines;
  for (uint32_t i = 0; i < batch.rows(); ++i) {
    lines.push_back(fmt::format("row {}", ToString(batch.kind(i))));
    for (size_t slot = 0; slot < captured.request.columns.size(); ++slot) {
      const Cell& cell = batch.row(i)[slot];
      const std::string& name = captured.request.schema.columns[slot].name;
      if (!cell.is_null()) lines.push_back("  " + CellLine(name, cell));
    }
  }
  return lines;
}

// Cells of a row, without their number or the kind of change.
std::vector<std::string> RowCells(const Captured& captured, const Batch& batch, uint32_t row) {
  std::vector<std::string> cells;
  for (size_t slot = 1; slot < captured.request.columns.size(); ++slot) {
    const Column& column = captured.request.schema.columns[slot];
    cells.push_back(ToString(column.type) + " " + CellLine(column.name, batch.row(row)[slot]));
  }
  return cells;
}

void CompareWithExpected(const std::string& name, const std::vector<std::string>& lines) {
  const std::string path = Path(name + ".expected");
  if (std::getenv("REWRITE") != nullptr) {
    std::ofstream file(path);
    for (const std::string& line : lines) file << line << "\n";
    return;
  }
  std::ifstream file(path);
  REQUIRE(file.good());
  size_t at = 0;
  for (std::string line; std::getline(file, line); ++at) {
    REQUIRE(at < lines.size());
    CHECK_MESSAGE(lines[at] == line, fmt::format("{} line {}", path, at + 1));
  }
  CHECK(at == lines.size());
}

void TestServer(const std::string& name) {
  const Captured captured = ReadCaptured(name);
  std::vector<std::string> errors;
  Batch log(captured.request.stride);
  DecodeEvents(captured, EventsOf(captured.binlog), &log, &errors);
  Batch snapshot(captured.request.stride);
  DecodeResults(captured, &snapshot, &errors);
  CHECK(errors == std::vector<std::string>{});
  REQUIRE(snapshot.rows() > 3);
  CompareWithExpected(name, Lines(captured, log));

  // The table at the end, as the log tells it: the last image of every key.
  std::vector<std::pair<int64_t, uint32_t>> last;
  for (uint32_t i = 0; i < log.rows(); ++i) {
    const int64_t id = log.row(i)[0].i;
    std::erase_if(last, [&](const auto& entry) { return entry.first == id; });
    if (log.kind(i) == RowKind::kInsert || log.kind(i) == RowKind::kUpdateAfter) {
      last.emplace_back(id, i);
    }
  }
  std::sort(last.begin(), last.end());
  REQUIRE(last.size() == snapshot.rows());
  for (uint32_t i = 0; i < snapshot.rows(); ++i) {
    CHECK(last[i].first == snapshot.row(i)[0].i);
    const auto from_log = RowCells(captured, log, last[i].second);
    const auto from_snapshot = RowCells(captured, snapshot, i);
    for (size_t c = 0; c < from_log.size(); ++c) CHECK(from_log[c] == from_snapshot[c]);
  }
}

// What comes out of a table map and an event after it: rows and errors.
std::pair<uint32_t, size_t> Decode(const Captured& captured, const OwnedEvent& map,
                                   const OwnedEvent& event, Batch* batch) {
  batch->Reset(captured.request.stride);
  std::vector<std::string> errors;
  const OwnedEvent both[] = {map, event};
  DecodeEvents(captured, both, batch, &errors);
  return {batch->rows(), errors.size()};
}

// Cuts and flips the bytes of every event: whatever comes out, nothing may be read beyond the end
// (the asan preset sees to that), and a cut must be noticed.
void TestDamage(const std::string& name) {
  constexpr size_t kBodyMax = 6'000;  // larger ones take too long
  constexpr size_t kOptionalFieldsMax = 16;
  const Captured captured = ReadCaptured(name);
  const std::vector<OwnedEvent> events = EventsOf(captured.binlog);
  std::vector<Result<Charset>> charsets;  // held, so that iconv need not load them again and again
  for (const ServerColumn& column : captured.table.columns()) {
    charsets.push_back(Charset::ForName(column.charset));
  }
  const OwnedEvent* map = nullptr;
  Batch batch;
  size_t tried = 0;
  for (const OwnedEvent& event : events) {
    if (event.type == kTableMapEvent) map = &event;
    const bool is_map = &event == map;
    if (map == nullptr || event.body.size() > kBodyMax || (!is_map && !IsRows(event.type)))
      continue;
    ++tried;
    const auto [rows, errors] = Decode(captured, *map, event, &batch);
    CHECK(errors == 0);
    size_t unnoticed = 0;
    for (size_t size = 0; size < event.body.size(); ++size) {
      OwnedEvent cut = event;
      cut.body.resize(size);
      cut.body.shrink_to_fit();
      unnoticed += Decode(captured, *map, cut, &batch).second == 0 ? 1 : 0;
    }
    // A table map may lose optional metadata, and an event whole images from its end.
    CHECK(unnoticed <= (is_map ? kOptionalFieldsMax : rows));
    const size_t step = event.body.size() > kBodyMax / 4 ? 7 : 1;
    for (size_t at = 0; at < event.body.size(); at += step) {
      for (const uint8_t mask : {0x01, 0x80, 0xff}) {
        OwnedEvent flipped = event;
        flipped.body[at] ^= mask;
        (void)Decode(captured, is_map ? flipped : *map, flipped, &batch);
      }
    }
  }
  CHECK(tried > 10);
}

}  // namespace

TEST_CASE("the rows of MariaDB are the same in both phases") { TestServer("mariadb"); }
TEST_CASE("the rows of MySQL are the same in both phases") { TestServer("mysql9"); }
TEST_CASE("damaged events of MariaDB") { TestDamage("mariadb"); }
TEST_CASE("damaged events of MySQL") { TestDamage("mysql9"); }

TEST_CASE("damaged result rows") {
  Batch batch;
  for (const char* name : {"mariadb", "mysql9"}) {
    Captured captured = ReadCaptured(name);
    const auto packets = captured.results;
    for (const std::vector<uint8_t>& packet : packets) {
      for (size_t size = 0; size < packet.size(); ++size) {
        captured.results = {{packet.begin(), packet.begin() + static_cast<int64_t>(size)}};
        captured.results[0].shrink_to_fit();
        batch.Reset(captured.request.stride);
        std::vector<std::string> errors;
        DecodeResults(captured, &batch, &errors);
        CHECK(!errors.empty());
      }
      for (size_t at = 0; at < packet.size(); ++at) {
        captured.results = {packet};
        captured.results[0][at] ^= 0xff;
        batch.Reset(captured.request.stride);
        std::vector<std::string> errors;
        DecodeResults(captured, &batch, &errors);
      }
    }
  }
}

TEST_CASE("the transactions of a real binlog") {
  const std::vector<OwnedEvent> events = EventsOf(ReadCaptured("mysql9").binlog);
  GtidSet set;
  for (const OwnedEvent& event : events) {
    if (event.type != kGtidEvent && event.type != kGtidTaggedEvent) continue;
    const std::optional<Gtid> gtid = ParseGtid(event.View());
    REQUIRE(gtid.has_value());
    set.Add(gtid->source, gtid->number);
    if (event.type == kGtidTaggedEvent) CHECK(gtid->source.ends_with(":tagged"));
    for (size_t size = 0; size < event.body.size(); ++size) {
      OwnedEvent cut = event;
      cut.body.resize(size);
      if (ParseGtid(cut.View())) CHECK(size >= 25);  // the number is there
    }
  }
  CHECK(set.has_tags());
  CHECK(GtidSet::Parse(set.ToString()) == set);
}
