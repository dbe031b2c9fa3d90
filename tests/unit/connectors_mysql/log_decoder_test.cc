// Transactions and statements as real servers write them (capture_transactions.py): wherever the
// decoder is started again, the rows are the same, and they are what the tables hold.
#include "connectors/mysql/binlog/log_decoder.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>

#include "connectors/mysql/schema/column_text.h"
#include "known_tables.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr size_t kFirstEvent = 4;  // after the magic bytes
constexpr size_t kTypeAt = 4;      // in the header of an event
constexpr size_t kSizeAt = 9;
constexpr int64_t kNextPositionAt = 13;
constexpr uint32_t kSlots = 3;  // table, id, v

struct LoggedEvent {
  uint64_t offset = 0;
  std::vector<uint8_t> bytes;
};

struct ServerLog {
  std::vector<LoggedEvent> events;
  std::set<std::string> rows;  // "t1|1|one": the tables at the end
};

// After a change.
void SetChecksum(LoggedEvent* event) {
  const size_t end = event->bytes.size() - kChecksumBytes;
  const uint32_t sum = Crc32(std::span(event->bytes).first(end));
  std::memcpy(event->bytes.data() + end, &sum, sizeof sum);
}

std::vector<LoggedEvent> EventsIn(std::string_view hex) {
  std::vector<uint8_t> file;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    file.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  std::vector<LoggedEvent> events;
  for (size_t at = kFirstEvent; at + kEventHeaderBytes <= file.size();) {
    const size_t size = file[at + 9] | file[at + 10] << 8 | file[at + 11] << 16;
    const auto begin = file.begin() + static_cast<int64_t>(at);
    events.push_back({at, {begin, begin + static_cast<int64_t>(size)}});
    at += size;
  }
  return events;
}

ServerLog ReadServerLog(const std::string& kind) {
  std::ifstream file(fmt::format("{}/tests/unit/connectors_mysql/captured/transactions_{}.txt",
                                 std::getenv("MILLRACE_SOURCE_DIR"), kind));
  REQUIRE(file.good());
  ServerLog log;
  std::string hex;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("binlog ")) hex += line.substr(7);
    if (line.starts_with("row ")) log.rows.insert(line.substr(4));
  }
  log.events = EventsIn(hex);
  REQUIRE(log.events.size() > 50);
  return log;
}

// A decoder of the tables shop.t1, shop.t2 ... and the rows that came out of it: "+I t1|1|one".
class Reader final {
 public:
  explicit Reader(LogPosition start, const TableHistory* history = nullptr) {
    if (history != nullptr) tables_.SetHistory((*history->ToJson())["history"]);
    decoder_.emplace(tables_.decoders(), TimeZone(), std::move(start));
  }

  void Decode(const LoggedEvent& event) {
    const Status status = TryToDecode(event);
    REQUIRE_MESSAGE(status.ok(), status.message());
  }
  Status TryToDecode(const LoggedEvent& event) {
    return WithAllThatFollows([&] { return decoder_->Decode(event.bytes, &batch_); });
  }
  Status BeginPayload(std::span<const uint8_t> bytes) {
    return WithAllThatFollows([&] { return decoder_->BeginPayload(bytes, &batch_); });
  }
  Status ContinuePayload(std::span<const uint8_t> bytes, bool is_last) {
    return WithAllThatFollows([&] { return decoder_->ContinuePayload(bytes, is_last, &batch_); });
  }
  // As if each batch were full after every event.
  void HandOnRowsAtOnce() {
    hand_on_ = true;
    batch_.Reset(kSlots);
  }

  // Loses the connection: a position to go on from is one with whole transactions before it.
  void Restart() {
    decoder_->Restart();
    CHECK(decoder_->at_boundary() == (rows_at_boundary_ == rows_.size()));
  }

  LogDecoder& decoder() { return *decoder_; }
  const TableHistory& history() { return *tables_.history(); }
  const std::vector<std::string>& rows() const { return rows_; }
  // How often the server was asked what a table looks like.
  int descriptions() const { return tables_.descriptions(); }

 private:
  template <typename Call>
  Status WithAllThatFollows(Call call) {
    const uint32_t before = batch_.rows();
    Status status = call();
    while (status.ok() && decoder_->has_more()) {
      if (hand_on_) batch_.Reset(kSlots);
      status = decoder_->DecodeMore(&batch_);
    }
    if (hand_on_) return status;
    for (uint32_t i = before; i < batch_.rows(); ++i) rows_.push_back(Line(i));
    for (uint32_t i = batch_.rows(); i < before; ++i) rows_.pop_back();
    if (decoder_->at_boundary()) rows_at_boundary_ = rows_.size();
    return status;
  }

  static TableCatalog Catalog() {
    TableLayout layout;
    layout.columns = {ParseServerColumn("id", "int"),
                      ParseServerColumn("v", "varchar(20)", "utf8mb4")};
    layout.charset = "utf8mb4";
    return KnownTables::Catalog({"shop", "t1"}, layout);
  }

  static SourceRequest Request() {
    SourceRequest request;
    request.table = "source";
    request.schema.columns.push_back({"table", *ParseType("STRING"), "table_name"});
    request.schema.columns.push_back({"id", *ParseType("INT"), ""});
    request.schema.columns.push_back({"v", *ParseType("STRING"), ""});
    request.columns = {0, 1, 2};
    request.stride = kSlots;
    return request;
  }

  std::string Line(uint32_t row) const {
    const Cell* cells = batch_.row(row);
    return fmt::format("{} {}|{}|{}", ToString(batch_.kind(row)), cells[0].view(), cells[1].i,
                       cells[2].view());
  }

  KnownTables tables_{Request(), "shop", "t[0-9s]", Catalog(), KnownTables::Server(true)};
  Batch batch_{kSlots};
  std::optional<LogDecoder> decoder_;
  std::vector<std::string> rows_;
  size_t rows_at_boundary_ = 0;
  bool hand_on_ = false;
};

LogPosition Start(bool gtids) {
  LogPosition start;
  start.file = "bin.000002";
  if (gtids) start.gtids.emplace();
  return start;
}

std::vector<std::string> AllRows(const ServerLog& log, bool gtids) {
  Reader reader(Start(gtids));
  for (const LoggedEvent& event : log.events) reader.Decode(event);
  CHECK(reader.decoder().at_boundary());
  return reader.rows();
}

std::vector<std::string> Joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// What a server sends that is asked for everything from an offset on, up to the event with an
// index.
void DecodeFrom(uint64_t offset, const ServerLog& log, Reader* reader, size_t end = SIZE_MAX) {
  LoggedEvent format =
      log.events.front();  // comes first, always, and is not a position to go on from
  if (offset > kFirstEvent) std::fill_n(format.bytes.begin() + kNextPositionAt, 4, uint8_t{0});
  SetChecksum(&format);
  reader->Decode(format);
  for (size_t i = 1; i < std::min(end, log.events.size()); ++i) {
    if (log.events[i].offset >= offset) reader->Decode(log.events[i]);
  }
}

// As a server does that is asked for everything that is not in a set.
void DecodeWithout(const GtidSet& known, const ServerLog& log, Reader* reader) {
  bool skip = false;
  for (const LoggedEvent& logged : log.events) {
    const std::optional<Event> event = ParseEvent(logged.bytes, 4);
    REQUIRE(event.has_value());
    if (event->type == kGtidEvent || event->type == kGtidTaggedEvent) {
      const std::optional<Gtid> gtid = ParseGtid(*event);
      REQUIRE(gtid.has_value());
      skip = known.Contains(gtid->source, gtid->number);
    }
    if (!skip) reader->Decode(logged);
  }
}

void TestTablesAtTheEnd(const std::string& kind) {
  const ServerLog log = ReadServerLog(kind);
  std::set<std::string> rows;
  for (const std::string& line : AllRows(log, false)) {
    const std::string row = line.substr(3);
    if (line.starts_with("+")) {
      CHECK_MESSAGE(rows.insert(row).second, line);
    } else {
      CHECK_MESSAGE(rows.erase(row) == 1, line);
    }
  }
  CHECK(rows == log.rows);
}

// A checkpoint may be taken at every boundary, and a new process goes on from there.
void TestEveryBoundary(const std::string& kind, bool gtids) {
  const ServerLog log = ReadServerLog(kind);
  const std::vector<std::string> all = AllRows(log, gtids);
  Reader reader(Start(gtids));
  size_t boundaries = 0;
  for (const LoggedEvent& event : log.events) {
    reader.Decode(event);
    if (!reader.decoder().at_boundary()) continue;
    ++boundaries;
    const LogPosition position = reader.decoder().position();
    Reader next(position, &reader.history());
    if (gtids) {
      DecodeWithout(*position.gtids, log, &next);
    } else if (position.file == "bin.000002") {
      DecodeFrom(position.offset, log, &next);
    }
    CHECK_MESSAGE(Joined(reader.rows(), next.rows()) == all,
                  fmt::format("gone on from {}", position.ToString()));
  }
  CHECK(boundaries > 20);
}

// The connection may be lost after every event, and again before that event has come once more; the
// rows of an unfinished transaction come again.
void TestEveryReconnect(const std::string& kind) {
  constexpr size_t kBackMax = 4;
  const ServerLog log = ReadServerLog(kind);
  const std::vector<std::string> all = AllRows(log, false);
  for (size_t cut = 1; cut < log.events.size(); ++cut) {
    for (size_t again = cut - std::min(cut, kBackMax); again <= cut; ++again) {
      Reader reader(Start(false));
      for (size_t i = 0; i < cut; ++i) reader.Decode(log.events[i]);
      reader.Restart();
      DecodeFrom(reader.decoder().position().offset, log, &reader, again);
      reader.Restart();
      DecodeFrom(reader.decoder().position().offset, log, &reader);
      CHECK_MESSAGE(reader.rows() == all, fmt::format("cut at {} and {}", log.events[cut].offset,
                                                      log.events[again].offset));
    }
  }
}

// What a server says first when it goes on with another file.
LoggedEvent RotateTo(const std::string& file) {
  LoggedEvent event;
  event.bytes.resize(kEventHeaderBytes + 8);
  event.bytes[kTypeAt] = kRotateEvent;
  event.bytes[kEventHeaderBytes] = kFirstEvent;
  event.bytes.insert(event.bytes.end(), file.begin(), file.end());
  event.bytes[kSizeAt] = static_cast<uint8_t>(event.bytes.size());
  return event;
}

// The server died while it wrote a transaction, and rolled it back: the log goes on with the next.
void TestEveryRollback(const std::string& kind, bool gtids) {
  const ServerLog log = ReadServerLog(kind);
  const std::vector<std::string> all = AllRows(log, gtids);
  struct Boundary {
    size_t event;
    size_t rows;
  };
  std::vector<Boundary> boundaries;
  Reader whole(Start(gtids));
  for (size_t i = 0; i < log.events.size(); ++i) {
    whole.Decode(log.events[i]);
    if (whole.decoder().at_boundary()) boundaries.push_back({i, whole.rows().size()});
  }
  size_t rolled_back = 0;
  for (size_t k = 0; k + 1 < boundaries.size(); ++k) {
    const Boundary& before = boundaries[k];
    const Boundary& after = boundaries[k + 1];
    for (size_t cut = before.event + 2; cut <= after.event; ++cut) {
      Reader reader(Start(gtids));
      for (size_t i = 0; i < cut; ++i) reader.Decode(log.events[i]);
      if (reader.rows().size() == before.rows) continue;
      ++rolled_back;
      reader.Restart();
      if (!gtids) reader.Decode(RotateTo("bin.000003"));
      for (size_t i = after.event + 1; i < log.events.size(); ++i) reader.Decode(log.events[i]);
      const std::vector<std::string> rest(all.begin() + static_cast<int64_t>(after.rows),
                                          all.end());
      const std::vector<std::string> first(all.begin(),
                                           all.begin() + static_cast<int64_t>(before.rows));
      CHECK_MESSAGE(reader.rows() == Joined(first, rest),
                    fmt::format("rolled back at {}", log.events[cut].offset));
    }
  }
  CHECK(rolled_back > 10);
}

// The server gives every table a new id in every transaction.
LoggedEvent WithNewId(LoggedEvent event, uint8_t transaction) {
  const uint8_t type = event.bytes[kTypeAt];
  if (type == kTableMapEvent || IsRows(type))
    event.bytes[kEventHeaderBytes + 4] = transaction;  // of six bytes, the first is the least
  SetChecksum(&event);
  return event;
}

void TestNewIds(const std::string& kind) {
  const ServerLog log = ReadServerLog(kind);
  Reader usual(Start(false));
  for (const LoggedEvent& event : log.events) usual.Decode(event);
  Reader reader(Start(false));
  uint8_t transaction = 0;
  for (const LoggedEvent& event : log.events) {
    if (reader.decoder().at_boundary()) ++transaction;
    reader.Decode(WithNewId(event, transaction));
  }
  CHECK(reader.rows() == usual.rows());
  CHECK(reader.descriptions() == 0);
}

// Every event of a real log is damaged in turn, and noticed; read again as it was, it is as if
// nothing had happened.
void TestDamagedEvents(const std::string& kind) {
  const ServerLog log = ReadServerLog(kind);
  const std::vector<std::string> all = AllRows(log, false);
  Reader reader(Start(false));
  for (const LoggedEvent& event : log.events) {
    LoggedEvent damaged = event;
    damaged.bytes[kEventHeaderBytes + damaged.bytes.size() % 7] ^= 0x20;
    if (event.bytes[kTypeAt] != kFormatDescriptionEvent) {
      const Status status = reader.TryToDecode(damaged);
      CHECK(status.transient());
      CHECK(reader.decoder().is_damaged());
      CHECK(reader.decoder().event_begin().offset == event.offset);
      CHECK_MESSAGE(
          status.message().find(fmt::format("bin.000002:{} ", event.offset)) != std::string::npos,
          status.message());
    }
    reader.Decode(event);
    CHECK_FALSE(reader.decoder().is_damaged());
  }
  CHECK(reader.rows() == all);
}

bool IsPayload(const LoggedEvent& event) {
  return event.bytes[kTypeAt] == kTransactionPayloadEvent;
}

// A payload that is decoded while it comes in pieces.
Status DecodeInPieces(const LoggedEvent& event, size_t piece, Reader* reader) {
  const std::span<const uint8_t> all(event.bytes);
  size_t at = std::min(size_t{60}, all.size());
  Status status = reader->BeginPayload(all.first(at));
  while (status.ok() && at < all.size()) {
    const size_t length = std::min(piece, all.size() - at);
    status = reader->ContinuePayload(all.subspan(at, length), at + length == all.size());
    at += length;
  }
  return status;
}

}  // namespace

TEST_CASE("compressed transactions in pieces") {
  const ServerLog log = ReadServerLog("mysql9");
  const std::vector<std::string> all = AllRows(log, false);
  for (const size_t piece : {1, 10, 1000}) {
    Reader reader(Start(false));
    size_t payloads = 0;
    for (const LoggedEvent& event : log.events) {
      if (!IsPayload(event)) {
        reader.Decode(event);
        continue;
      }
      ++payloads;
      const LogPosition before = reader.decoder().position();
      REQUIRE(DecodeInPieces(event, piece, &reader).ok());
      CHECK(IsBefore(before, reader.decoder().position()));
      CHECK(reader.decoder().at_boundary());
    }
    CHECK(payloads > 0);
    CHECK(reader.rows() == all);
  }
}

TEST_CASE("a compressed transaction in pieces of which bytes were changed") {
  const ServerLog log = ReadServerLog("mysql9");
  const std::vector<std::string> all = AllRows(log, false);
  for (const size_t back : {1, 10, 20, 40}) {  // from the end
    Reader reader(Start(false));
    for (const LoggedEvent& event : log.events) {
      if (IsPayload(event)) {
        LoggedEvent damaged = event;
        damaged.bytes[damaged.bytes.size() - back] ^= 0x20;
        const LogPosition before = reader.decoder().position();
        const Status status = DecodeInPieces(damaged, 7, &reader);
        CHECK(status.transient());
        CHECK(reader.decoder().is_damaged());
        CHECK_FALSE(reader.decoder().rows_are_suspect());  // they were in the batch in hand
        CHECK(reader.decoder().position().ToString() == before.ToString());
        reader.Restart();
        DecodeFrom(before.offset, log, &reader, static_cast<size_t>(&event - log.events.data()));
      }
      reader.Decode(event);
    }
    CHECK(reader.rows() == all);
  }
}

TEST_CASE("rows that were handed on before their checksum was known to be wrong are suspect") {
  const ServerLog log = ReadServerLog("mysql9");
  Reader reader(Start(false));
  for (const LoggedEvent& event : log.events) {
    if (!IsPayload(event)) {
      reader.Decode(event);
      continue;
    }
    LoggedEvent damaged = event;
    damaged.bytes.back() ^= 0x20;
    reader.HandOnRowsAtOnce();
    CHECK(DecodeInPieces(damaged, 7, &reader).transient());
    CHECK(reader.decoder().is_damaged());
    CHECK(reader.decoder().rows_are_suspect());
    break;
  }
}

TEST_CASE("a changed byte in any event of MariaDB") { TestDamagedEvents("mariadb"); }
TEST_CASE("a changed byte in any event of MySQL") { TestDamagedEvents("mysql9"); }
TEST_CASE("the log says what the tables of MariaDB hold") { TestTablesAtTheEnd("mariadb"); }
TEST_CASE("the log says what the tables of MySQL hold") { TestTablesAtTheEnd("mysql9"); }
TEST_CASE("going on from every boundary of MariaDB") { TestEveryBoundary("mariadb", false); }
TEST_CASE("going on from every boundary of MySQL") { TestEveryBoundary("mysql9", false); }
TEST_CASE("going on from every GTID set of MySQL") { TestEveryBoundary("mysql9", true); }
TEST_CASE("losing the connection to MariaDB after every event") { TestEveryReconnect("mariadb"); }
TEST_CASE("losing the connection to MySQL after every event") { TestEveryReconnect("mysql9"); }
TEST_CASE("a transaction that came in part and not again, MariaDB") {
  TestEveryRollback("mariadb", false);
}
TEST_CASE("a transaction that came in part and not again, MySQL") {
  TestEveryRollback("mysql9", false);
}
TEST_CASE("a transaction that came in part and not again, MySQL with GTIDs") {
  TestEveryRollback("mysql9", true);
}
TEST_CASE("a table of MariaDB with a new id is the same table") { TestNewIds("mariadb"); }
TEST_CASE("a table of MySQL with a new id is the same table") { TestNewIds("mysql9"); }
