#include "connectors/mysql/binlog/row_producer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/schema/column_text.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr uint32_t kSlots = 3;  // row_kind, id, v

// Of d.t (id INT, v BIT(16)), with options added to those that a table needs.
std::unique_ptr<RowImageDecoder> Decoder(const std::map<std::string, std::string>& added = {}) {
  const Options options = Options::FromTexts(OptionTable(), added);
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "int"), ParseServerColumn("v", "bit(16)")};
  const ServerTable table("d", "t", std::make_shared<const TableLayout>(std::move(layout)));
  SourceRequest request;
  request.table = "source";
  request.options = &options;
  request.schema.columns = {{"kind", *ParseType("STRING"), "row_kind"},
                            {"id", *ParseType("INT"), ""},
                            {"v", *ParseType("INT"), ""}};
  request.columns = {0, 1, 2};
  request.stride = kSlots;
  TableMap map;
  map.database = "d";
  map.table = "t";
  map.types = {3, 16};
  map.metadata = {0, 2 << 8};
  return RowImageDecoder::Make(map, MakeLayout(table, request).value()).value();
}

void AddImage(uint32_t id, uint16_t v, ByteWriter* event) {
  event->U8(0);  // no NULLs
  event->U32(id);
  event->U8(static_cast<uint8_t>(v >> 8));
  event->U8(static_cast<uint8_t>(v & 0xff));
}

std::string Body(bool is_update, const std::vector<std::pair<uint32_t, uint16_t>>& images) {
  ByteWriter event;
  event.Little(1, 6);
  event.U16(0);
  event.U16(2);
  event.U8(2);
  event.U8(3);
  if (is_update) event.U8(3);
  for (const auto& [id, v] : images) AddImage(id, v, &event);
  return event.Take();
}

Event EventOf(EventType type, const std::string& body) {
  Event event;
  event.type = type;
  event.body = {reinterpret_cast<const uint8_t*>(body.data()), body.size()};
  return event;
}

std::string Rows(const Batch& batch) {
  std::string text;
  for (uint32_t i = 0; i < batch.rows(); ++i) {
    const Cell* row = batch.row(i);
    text += fmt::format("{} {} {} {};", ToString(batch.kind(i)), row[0].view(), row[1].i, row[2].i);
  }
  return text;
}

}  // namespace

TEST_CASE("the kinds of rows, with their metadata") {
  const auto decoder = Decoder();
  RowProducer producer{TimeZone()};
  Batch batch(kSlots);
  const std::string write = Body(false, {{1, 10}, {2, 20}});
  const std::string update = Body(true, {{1, 10}, {1, 11}});
  CHECK(producer.Add(EventOf(kWriteRowsV2, write), decoder.get(), &batch).ok());
  CHECK(producer.Add(EventOf(kUpdateRowsV2, update), decoder.get(), &batch).ok());
  CHECK(producer.Add(EventOf(kDeleteRowsV2, write), decoder.get(), &batch).ok());
  CHECK(Rows(batch) == "+I +I 1 10;+I +I 2 20;-U -U 1 10;+U +U 1 11;-D -D 1 10;-D -D 2 20;");
}

TEST_CASE("every change as an insert keeps what it was in the metadata") {
  const auto decoder = Decoder({{"scan.read-changelog-as-append-only.enabled", "true"}});
  RowProducer producer{TimeZone()};
  Batch batch(kSlots);
  const std::string write = Body(false, {{1, 10}});
  const std::string update = Body(true, {{1, 10}, {1, 11}});
  CHECK(producer.Add(EventOf(kWriteRowsV2, write), decoder.get(), &batch).ok());
  CHECK(producer.Add(EventOf(kUpdateRowsV2, update), decoder.get(), &batch).ok());
  CHECK(producer.Add(EventOf(kDeleteRowsV2, write), decoder.get(), &batch).ok());
  CHECK(Rows(batch) == "+I +I 1 10;+I -U 1 10;+I +U 1 11;+I -D 1 10;");
}

TEST_CASE("no rows come of operations that are skipped") {
  const std::string write = Body(false, {{1, 10}});
  const std::string update = Body(true, {{1, 10}, {1, 11}});
  const std::pair<const char*, const char*> cases[] = {
      {"c", "-U -U 1 10;+U +U 1 11;-D -D 1 10;"},
      {"u", "+I +I 1 10;-D -D 1 10;"},
      {"d, t", "+I +I 1 10;-U -U 1 10;+U +U 1 11;"},
      {"C,u,D", ""},
      {"none", "+I +I 1 10;-U -U 1 10;+U +U 1 11;-D -D 1 10;"}};
  for (const auto& [operations, expected] : cases) {
    const auto decoder = Decoder({{"debezium.skipped.operations", operations}});
    RowProducer producer{TimeZone()};
    Batch batch(kSlots);
    CHECK(producer.Add(EventOf(kWriteRowsV2, write), decoder.get(), &batch).ok());
    CHECK(producer.Add(EventOf(kUpdateRowsV2, update), decoder.get(), &batch).ok());
    CHECK(producer.Add(EventOf(kDeleteRowsV2, write), decoder.get(), &batch).ok());
    CHECK_MESSAGE(Rows(batch) == expected, operations);
  }
}

TEST_CASE("a malformed event adds no row") {
  const auto decoder = Decoder();
  RowProducer producer{TimeZone()};
  Batch batch(kSlots);
  const std::string write = Body(false, {{1, 10}, {2, 20}});
  const std::string update = Body(true, {{1, 10}, {1, 11}});
  REQUIRE(producer.Add(EventOf(kWriteRowsV2, write), decoder.get(), &batch).ok());
  const std::string cut = write.substr(0, write.size() - 1);
  CHECK_FALSE(producer.Add(EventOf(kWriteRowsV2, cut), decoder.get(), &batch).ok());
  const std::string half = update.substr(0, update.size() - 7);  // without its second image
  CHECK_FALSE(producer.Add(EventOf(kUpdateRowsV2, half), decoder.get(), &batch).ok());
  CHECK_FALSE(producer.Add(EventOf(kWriteRowsV2, ""), decoder.get(), &batch).ok());
  CHECK(batch.rows() == 2);
}
