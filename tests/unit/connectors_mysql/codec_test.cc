// Bytes to values: decimals, JSON, events. What the server really sends is proven by
// tests/e2e/column_types.py.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "connectors/mysql/binlog/log_event.h"
#include "connectors/mysql/binlog/row_image.h"
#include "connectors/mysql/schema/column_text.h"
#include "connectors/mysql/values/cell_writer.h"
#include "connectors/mysql/values/decimal.h"
#include "connectors/mysql/values/json_binary.h"
#include "row/print.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

using Bytes = std::vector<uint8_t>;

std::string Decimal(const Bytes& bytes, uint8_t precision, uint8_t scale) {
  ByteReader reader(bytes);
  std::string text;
  return AppendDecimal(&reader, precision, scale, &text) && reader.ok() ? text : "(failed)";
}

std::string JsonText(const Bytes& bytes) {
  std::string text;
  return AppendJsonText(bytes, &text) ? text : "(failed)";
}

// TABLE_MAP of d.t (INT, VARCHAR(20), DATE, TINY) and a WRITE_ROWS of it with two rows.
const Bytes kTableMap = {0x12, 0, 0, 0, 0,  0,  1, 0, 1,  'd', 0,   1,
                         't',  0, 4, 3, 15, 10, 1, 2, 80, 0,   0x0e};
const Bytes kWriteRows = {
    0x12, 0,    0,    0,    0,    0,   1,   0,   4,    0x0f,              // V1 header, bitmap
    0x00, 0x05, 0,    0,    0,    2,   'h', 'i', 0x5d, 0xc8, 0x0f, 0xff,  // 5, 'hi', 2020-02-29, -1
    0x06, 0xfe, 0xff, 0xff, 0xff, 0x07};                                  // -2, NULL, NULL, 7

ServerTable Table() {
  TableLayout layout;
  layout.columns = {ParseServerColumn("id", "int(11)"),
                    ParseServerColumn("name", "varchar(20)", "utf8mb4"),
                    ParseServerColumn("born", "date"), ParseServerColumn("rank", "tinyint(4)")};
  return {"d", "t", std::make_shared<const TableLayout>(std::move(layout))};
}

SourceRequest Request(const std::vector<Column>& columns) {
  SourceRequest request;
  request.table = "s";
  request.schema.columns = columns;
  for (uint32_t i = 0; i < columns.size(); ++i) request.columns.push_back(i);
  request.stride = static_cast<uint32_t>(columns.size());
  return request;
}

const std::vector<Column> kColumns = {{"table_name", Type::String(), "table_name"},
                                      {"rank", Type::Of(TypeKind::kInt), ""},
                                      {"id", Type::Of(TypeKind::kInt), ""},
                                      {"born", Type::Of(TypeKind::kDate), ""},
                                      {"name", Type::String(), ""}};

// Every row as text; stops at the first failure.
std::string DecodeAll(const Bytes& map_bytes, const Bytes& row_bytes) {
  const auto map = ParseTableMap(map_bytes, true);
  if (!map) return "(no table map)";
  auto layout = MakeLayout(Table(), Request(kColumns));
  if (!layout.ok()) return layout.status().message();
  auto decoder = RowImageDecoder::Make(*map, std::move(*layout));
  if (!decoder.ok()) return decoder.status().message();
  Event event;
  event.type = kWriteRowsV1;
  event.body = row_bytes;
  std::string unpacked;
  const auto rows = ParseRows(event, &unpacked);
  if (!rows) return "(no rows)";
  Batch batch(5);
  CellWriter writer{TimeZone()};
  writer.set_arena(&batch.arena());
  ByteReader reader(rows->rows);
  std::string text;
  const TableNames names = CopyNames((*decoder)->layout(), &batch.arena());
  while (reader.remaining() > 0) {
    Cell* row = batch.AddRow(RowKind::kInsert);
    FillMetadata((*decoder)->layout(), names, RowKind::kInsert, 0, row);
    if (!(*decoder)->Decode(&reader, (*decoder)->ColumnsOf(rows->present), &writer, row))
      return "(malformed)";
    for (int i = 0; i < 5; ++i) {
      text += i > 0 ? "," : "";
      if (row[i].is_null()) text += "NULL";
      AppendCell(&text, row[i]);
    }
    text += ";";
  }
  return writer.status().ok() ? text : writer.status().message();
}

}  // namespace

TEST_CASE("packed decimals") {
  CHECK(Decimal({0x80, 0x00, 0x04, 0xd2, 0x2d}, 9, 2) == "1234.45");
  CHECK(Decimal({0x80, 0x00, 0x04, 0xd2}, 9, 2) == "(failed)");  // one byte too few
  CHECK(Decimal({0x81, 0x0d, 0xfb, 0x38, 0xd2, 0x04, 0xd2}, 14, 4) == "1234567890.1234");
  CHECK(Decimal({0x7e, 0xf2, 0x04, 0xc7, 0x2d, 0xfb, 0x2d}, 14, 4) == "-1234567890.1234");
  CHECK(Decimal({0x80}, 1, 0) == "0");
  CHECK(Decimal({0x85}, 2, 0) == "5");
  CHECK(Decimal({0x80 | 0x32}, 2, 2) == "0.50");
  // In JSON, where the digits before the point fill groups of nine: 36 of them.
  CHECK(Decimal({0x7f, 0xff, 0xff, 0x84, 0xe4, 0xc5, 0xf3, 0xeb, 0xeb, 0x65,
                 0x5b, 0xca, 0xf2, 0x04, 0xc7, 0x2d, 0xfa, 0x0a, 0x1e, 0xff,
                 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                66, 30) == "-123456789012345678901234567890.100000000000000000000000000000");
  CHECK(Decimal(Bytes(40, 0x80), 82, 30) == "(failed)");
  CHECK(Decimal({}, 0, 0) == "(failed)");
  CHECK(Decimal({0x80}, 1, 2) == "(failed)");
}

TEST_CASE("binary JSON is printed as the server prints it") {
  CHECK(JsonText({}) == "null");
  CHECK(JsonText({0x04, 0x01}) == "true");
  CHECK(JsonText({0x05, 0xff, 0xff}) == "-1");
  CHECK(JsonText({0x0c, 0x03, 'a', '"', '\n'}) == "\"a\\\"\\n\"");
  CHECK(JsonText({0x0b, 0, 0, 0, 0, 0, 0, 0x59, 0x40}) == "100.0");
  CHECK(JsonText({0x02, 2, 0, 10, 0, 0x05, 1, 0, 0x04, 2, 0}) == "[1, false]");
  CHECK(JsonText({0x00, 1, 0, 12, 0, 11, 0, 1, 0, 0x05, 7, 0, 'k'}) == "{\"k\": 7}");
}

TEST_CASE("broken JSON is refused, never read beyond") {
  const Bytes whole = {0x00, 1, 0, 12, 0, 11, 0, 1, 0, 0x05, 7, 0, 'k'};
  for (size_t length = 1; length < whole.size(); ++length) {
    CHECK(JsonText(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))) ==
          "(failed)");
  }
  CHECK(JsonText({0x04, 0x09}) == "(failed)");
  CHECK(JsonText({0x02, 0xff, 0xff, 0xff, 0xff}) == "(failed)");
  CHECK(JsonText({0x77}) == "(failed)");
}

TEST_CASE("rows of the binlog fill the slots that were asked for") {
  CHECK(DecodeAll(kTableMap, kWriteRows) == "t,-1,5,2020-02-29,hi;t,7,-2,NULL,NULL;");
}

TEST_CASE("events that are cut anywhere are refused") {
  for (size_t length = 0; length + 4 < kTableMap.size(); ++length) {
    const Bytes cut(kTableMap.begin(), kTableMap.begin() + static_cast<ptrdiff_t>(length));
    CHECK_MESSAGE(DecodeAll(cut, kWriteRows) == "(no table map)", length);
  }
  for (size_t length = 0; length < kWriteRows.size(); ++length) {
    const Bytes cut(kWriteRows.begin(), kWriteRows.begin() + static_cast<ptrdiff_t>(length));
    const std::string text = DecodeAll(kTableMap, cut);
    const bool row_boundary = length == 10 || length == 22;  // no row, one row
    CHECK_MESSAGE((row_boundary || text == "(no rows)" || text == "(malformed)"), length);
  }
}

TEST_CASE("a type that cannot hold the column names both and a way out") {
  std::vector<Column> columns = {{"id", Type::Of(TypeKind::kSmallInt), ""}};
  const auto layout = MakeLayout(Table(), Request(columns));
  REQUIRE_FALSE(layout.ok());
  CHECK(layout.status().message() ==
        "column \"id\" of MySQL table d.t is int and cannot be read as SMALLINT; declare it as "
        "INT in "
        "table \"s\"");
}

TEST_CASE("a column of an unknown character set is refused before the snapshot, by name") {
  TableLayout layout;
  layout.columns = {ParseServerColumn("a", "varchar(20)", "nonsense"),
                    ParseServerColumn("b", "varchar(20)", "swe7")};
  const ServerTable table("d", "t", std::make_shared<const TableLayout>(std::move(layout)));
  const std::vector<Column> unknown = {{"a", Type::String(), ""}};
  const auto refused = MakeLayout(table, Request(unknown));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.status().message() ==
        "column \"a\" of MySQL table d.t: character set nonsense of MySQL cannot be converted to "
        "UTF-8 here; ALTER the column to utf8mb4");
  const std::vector<Column> known = {{"b", Type::String(), ""}};
  CHECK(MakeLayout(table, Request(known)).ok());
}

TEST_CASE("decimals are rounded to the declared scale, and refused beyond its digits") {
  Arena arena;
  CellWriter writer{TimeZone()};
  writer.set_arena(&arena);
  TargetColumn column{0, Target::kDecimal, Type::Decimal(4, 1), "t.c"};
  Cell cell;
  const auto rounded = [&](std::string_view text) {
    writer.Decimal(column, text, &cell);
    return std::string(cell.view());
  };
  CHECK(rounded("9.95") == "10.0");
  CHECK(rounded("-0.04") == "0.0");
  CHECK(rounded("-0.05") == "-0.1");
  CHECK(rounded("7") == "7.0");
  CHECK(writer.status().ok());
  rounded("1234.5");
  CHECK_FALSE(writer.status().ok());
}

TEST_CASE("a named server-time-zone moves TIMESTAMP and DATETIME columns both ways") {
  CellWriter writer{*TimeZone::Parse("America/New_York")};
  Cell cell;
  // 2024-07-01 12:00:00 UTC in a column declared as a wall clock.
  constexpr int64_t kNoonUtc = 1'719'835'200'000'000;
  writer.Timestamp({0, Target::kTimestamp, Type::Timestamp(0), "t.c"}, kNoonUtc, 0, &cell);
  std::string text;
  AppendCell(&text, cell);
  CHECK(text == "2024-07-01 08:00:00");
  // A DATETIME of the winter, declared as an instant.
  Type instant = Type::Of(TypeKind::kTimestampLtz);
  writer.DateTime({0, Target::kInstant, instant, "t.c"}, 2024, 1, 1, 0, 0, &cell);
  text.clear();
  AppendCell(&text, cell);
  CHECK(text == "2024-01-01 05:00:00");
}

TEST_CASE("zero dates are NULL where the declared column may be, and said once for each column") {
  std::FILE* const file = std::tmpfile();
  Log log(LogLevel::kInfo, file);
  ZeroDates zero_dates(&log, "s", 2);
  Arena arena;
  CellWriter writer{TimeZone()};
  writer.set_arena(&arena);
  const TargetColumn day = {.slot = 0,
                            .target = Target::kDate,
                            .type = Type::Of(TypeKind::kDate),
                            .name = "d.t.a",
                            .zero_dates = &zero_dates};
  TargetColumn moment = day;
  moment.slot = 1;
  moment.target = Target::kTimestamp;
  moment.type = Type::Timestamp(3);
  moment.name = "d.t.b";
  for (int i = 0; i < 3; ++i) {
    Cell cell;
    writer.Date(day, 0, 0, 0, &cell);
    CHECK(cell.is_null());
    cell = Cell::Int(1);
    writer.DateTime(moment, 0, 0, 0, 0, 3, &cell);
    CHECK(cell.is_null());
    cell = Cell::Int(1);
    writer.ZeroTimestamp(moment, 3, &cell);
    CHECK(cell.is_null());
  }
  CHECK(writer.status().ok());
  CHECK(log.lines() == 2);
  std::fclose(file);
}

TEST_CASE("dates that are none are errors with a way out") {
  const auto message = [](const Type& type, unsigned year, unsigned month, int64_t time) {
    Arena arena;
    CellWriter writer{TimeZone()};
    writer.set_arena(&arena);
    Cell cell;
    const bool is_date = type.kind == TypeKind::kDate;
    const TargetColumn column = {
        .target = is_date ? Target::kDate : Target::kTimestamp, .type = type, .name = "d.t.a"};
    if (is_date) writer.Date(column, year, month, 0, &cell);
    if (!is_date) writer.DateTime(column, year, month, 0, time, 0, &cell);
    return writer.TakeStatus().message();
  };
  const std::string_view kHint =
      "; declare the column as STRING to keep it, and write TRY_CAST(... AS DATE) in the query to "
      "have NULL for what is not a date";
  CHECK(message(Type::Of(TypeKind::kDate), 2024, 10, 0) ==
        fmt::format("'2024-10-00' of column d.t.a is not a date{}", kHint));
  CHECK(message(Type::Of(TypeKind::kDate).NotNull(), 0, 0, 0) ==
        fmt::format("'0000-00-00' of column d.t.a is not a date, and the column is declared NOT "
                    "NULL, so that it cannot be NULL{}",
                    kHint));
  CHECK(message(Type::Timestamp(0), 0, 0, 1'000'000)
            .starts_with("'0000-00-00 00:00:01' of column d.t.a is not a date; declare"));
}

TEST_CASE("patterns match whole names, with lists, quantifiers and alternatives") {
  const NamePattern list("orders_[0-9]{1,3}, customers|clients");
  CHECK(list.Matches("orders_12"));
  CHECK(list.Matches("CLIENTS"));
  CHECK_FALSE(list.Matches("orders_1234"));
  CHECK_FALSE(list.Matches("xcustomers"));
  CHECK(NamePattern("a\\,b").Matches("a,b"));
}
