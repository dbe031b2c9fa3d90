#include "connectors/mysql/binlog/table_decoders.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "connectors/mysql/schema/column_text.h"
#include "known_tables.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

// A TABLE_MAP of an INT and, if `wide`, a BIGINT.
std::vector<uint8_t> TableMapBody(uint64_t id, const std::string& table, bool wide = false) {
  ByteWriter map;
  map.Little(id, 6);
  map.U16(1);
  map.U8(4);
  map.Bytes(std::string_view("shop\0", 5));
  map.U8(static_cast<uint8_t>(table.size()));
  map.Bytes(table);
  map.U8(0);
  map.U8(wide ? 2 : 1);
  map.U8(3);
  if (wide) map.U8(8);
  map.U8(0);  // no metadata
  map.U8(0);  // which may be NULL
  const std::string& bytes = map.bytes();
  return {bytes.begin(), bytes.end()};
}

TableLayout Layout(bool wide = false) {
  TableLayout layout;
  layout.columns = {ParseServerColumn("a", "int")};
  if (wide) layout.columns.push_back(ParseServerColumn("b", "bigint"));
  return layout;
}

SourceRequest Request() {
  SourceRequest request;
  request.table = "source";
  request.schema.columns = {{"a", *ParseType("INT"), ""}};
  request.columns = {0};
  request.stride = 1;
  return request;
}

TableCatalog Catalog() {
  TableCatalog catalog;
  catalog.Put({"shop", "t_a"}, Layout());
  catalog.Put({"shop", "t_b"}, Layout());
  TableLayout sequence = Layout();
  sequence.is_sequence = true;
  catalog.Put({"shop", "t_sequence"}, sequence);
  return catalog;
}

class Tables final {
 public:
  Status Add(const std::vector<uint8_t>& body) {
    Event event;
    event.type = kTableMapEvent;
    event.body = body;
    return known_.decoders()->Add(event, Here());
  }
  Status Apply(std::string_view statement) {
    QueryText query;
    query.database = "shop";
    query.statement = statement;
    return known_.decoders()->Apply(query, Here());
  }
  bool Reads(uint64_t id) const { return Find(id) != nullptr; }
  RowImageDecoder* Find(uint64_t id) const {
    const RowDecoders* const found = known_.decoders()->Find(id);
    return found == nullptr || found->empty() ? nullptr : found->front().get();
  }
  bool Knows(uint64_t id) const { return known_.decoders()->Find(id) != nullptr; }
  KnownTables& known() { return known_; }

 private:
  LogPosition Here() { return {"bin.000001", offset_ += 100, std::nullopt}; }

  mutable KnownTables known_{Request(), "shop", "t_.*", Catalog()};
  uint64_t offset_ = 4;
};

}  // namespace

TEST_CASE("captured tables get a decoder, others are known to be unwanted") {
  Tables tables;
  CHECK_FALSE(tables.Knows(1));
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.Add(TableMapBody(2, "other")).ok());
  CHECK(tables.Add(TableMapBody(3, "t_sequence")).ok());
  CHECK(tables.Reads(1));
  CHECK(tables.Knows(2));
  CHECK_FALSE(tables.Reads(2));
  CHECK(tables.Knows(3));
  CHECK_FALSE(tables.Reads(3));
}

TEST_CASE("a table with another id keeps its decoder until it is altered") {
  Tables tables;
  CHECK(tables.Add(TableMapBody(1, "t_a")).ok());
  CHECK(tables.Add(TableMapBody(7, "t_a")).ok());
  CHECK(tables.Find(1) == tables.Find(7));
  CHECK(tables.Apply("ALTER TABLE t_a ADD b BIGINT").ok());
  CHECK_FALSE(tables.Knows(7));
  CHECK(tables.Add(TableMapBody(7, "t_a", true)).ok());
  CHECK(tables.Find(7)->columns() == 2);
  tables.known().decoders()->ForgetIds();
  CHECK_FALSE(tables.Knows(7));
}

TEST_CASE("rows that are not those of the table that is known are refused") {
  Tables tables;
  const Status wide = tables.Add(TableMapBody(2, "t_a", true));
  CHECK_FALSE(wide.ok());
  CHECK_MESSAGE(wide.message().find("have 2 columns, not 1") != std::string::npos, wide.message());
  CHECK(tables.Apply("ALTER TABLE t_a MODIFY a BIGINT").ok());
  const Status narrow = tables.Add(TableMapBody(2, "t_a"));
  CHECK_MESSAGE(
      narrow.message().find("column 1, \"a\" bigint, has type code 3") != std::string::npos,
      narrow.message());
}

TEST_CASE("a table that is not known is described, or its rows are refused") {
  Tables tables;
  CHECK_FALSE(tables.Add(TableMapBody(1, "t_new")).ok());
  tables.known().set_described(Layout());
  CHECK(tables.Add(TableMapBody(1, "t_new")).ok());
  CHECK(tables.Reads(1));
  CHECK(tables.Add(TableMapBody(2, "t_new")).ok());
  CHECK(tables.known().descriptions() == 2);
}

TEST_CASE("malformed table maps") {
  Tables tables;
  std::vector<uint8_t> cut = TableMapBody(3, "t_b");
  cut.resize(cut.size() - 2);
  CHECK_FALSE(tables.Add(cut).ok());
  CHECK_FALSE(tables.Add({1, 2, 3}).ok());
}

// Two captures of one table; the second one begins at offset 500 of the log.
struct TwoCaptures {
  TwoCaptures() {
    second_request.number = 1;
    first = std::make_unique<TableHistory>(Config(&first_request), Catalog());
    second = std::make_unique<TableHistory>(Config(&second_request), Catalog());
    TableDecoders::Config config;
    config.captures = {{&first_request, first.get()},
                       {&second_request, second.get(), LogPosition{"bin.000001", 500, {}}}};
    config.server = &server;
    config.log = &log;
    decoders = std::make_unique<TableDecoders>(std::move(config));
  }
  TableHistory::Config Config(const SourceRequest* request) {
    return {request, &databases, &tables, SchemaChange::kStop, false, &log};
  }
  std::vector<uint32_t> Readers(uint64_t id, bool wide, uint64_t offset) {
    const std::vector<uint8_t> body = TableMapBody(id, "t_a", wide);
    Event event;
    event.type = kTableMapEvent;
    event.body = body;
    CHECK(decoders->Add(event, {"bin.000001", offset, std::nullopt}).ok());
    std::vector<uint32_t> captures;
    for (const auto& decoder : *decoders->Find(id)) captures.push_back(decoder->layout().capture);
    return captures;
  }
  Status Apply(std::string_view statement, uint64_t offset) {
    QueryText query;
    query.database = "shop";
    query.statement = statement;
    return decoders->Apply(query, {"bin.000001", offset, std::nullopt});
  }

  Log log{LogLevel::kOff, stderr};
  const ServerFacts server = KnownTables::Server(true);
  const NamePattern databases{"shop"};
  const NamePattern tables{"t_.*"};
  SourceRequest first_request = Request();
  SourceRequest second_request = Request();
  std::unique_ptr<TableHistory> first;
  std::unique_ptr<TableHistory> second;
  std::unique_ptr<TableDecoders> decoders;
};

TEST_CASE_FIXTURE(TwoCaptures, "a capture reads nothing of the log before it begins") {
  CHECK(Readers(1, false, 100) == std::vector<uint32_t>{0});
  CHECK(Apply("ALTER TABLE t_a ADD b BIGINT", 500).ok());  // the second one knows it already
  CHECK(first->Find({"shop", "t_a"})->columns.size() == 2);
  CHECK(second->Find({"shop", "t_a"})->columns.size() == 1);
  CHECK(Apply("ALTER TABLE t_a DROP b", 500).ok());
  CHECK(Readers(1, false, 600) == std::vector<uint32_t>{0, 1});
}

TEST_CASE_FIXTURE(TwoCaptures, "a statement that one capture cannot follow changes none") {
  CHECK(Readers(1, false, 600) == std::vector<uint32_t>{0, 1});
  second->Learn({"shop", "t_a"}, Layout(true));
  CHECK_FALSE(Apply("ALTER TABLE t_a ADD b BIGINT", 700).ok());  // the second one has such a column
  CHECK(first->Find({"shop", "t_a"})->columns.size() == 1);
  CHECK(second->Find({"shop", "t_a"})->columns.size() == 2);
}
