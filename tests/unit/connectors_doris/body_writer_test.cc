#include "connectors/doris/body_writer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "connectors/doris/json_text.h"
#include "connectors/doris/row_key.h"

namespace millrace::doris {
namespace {

Layout LayoutOf(const std::vector<std::string>& names, ValueStyle style, bool delete_sign = false) {
  Layout layout;
  for (uint32_t i = 0; i < names.size(); ++i) {
    layout.columns.push_back({.name = names[i], .slot = i, .style = style});
  }
  layout.delete_sign = delete_sign;
  return layout;
}

std::string Print(BodyWriter* writer, const std::vector<Cell>& row, bool deleted = false) {
  const size_t bound = writer->Bound(row.data());
  std::string text(bound + 1, '\x7e');
  const char* end = writer->Put(text.data(), row.data(), deleted);
  if (end == nullptr) return "refused " + writer->bad_column() + ": " + writer->bad_reason();
  REQUIRE(static_cast<size_t>(end - text.data()) <= bound);
  REQUIRE(text.back() == '\x7e');  // nothing was written after the promised room
  text.resize(static_cast<size_t>(end - text.data()));
  return text;
}

std::string Json(const Cell& cell, ValueStyle style, BytesAs bytes_as = BytesAs::kText) {
  BodyOptions options;
  options.bytes_as = bytes_as;
  options.zone = TimeZone::Fixed(3'600'000'000);
  BodyWriter writer(LayoutOf({"c"}, style), options);
  return Print(&writer, {cell});
}

TEST_CASE("every kind of cell as JSON") {
  constexpr auto kNative = ValueStyle::kNative;
  constexpr auto kText = ValueStyle::kText;
  CHECK(Json(Cell::Null(), kNative) == "{\"c\":null}\n");
  CHECK(Json(Cell::Null(), kText) == "{\"c\":null}\n");
  CHECK(Json(Cell::Bool(true), kNative) == "{\"c\":true}\n");
  CHECK(Json(Cell::Bool(false), kText) == "{\"c\":\"FALSE\"}\n");
  CHECK(Json(Cell::Int(-5), kNative) == "{\"c\":-5}\n");
  CHECK(Json(Cell::Int(std::numeric_limits<int64_t>::min()), kNative) ==
        "{\"c\":-9223372036854775808}\n");
  CHECK(Json(Cell::Int(42), kText) == "{\"c\":\"42\"}\n");
  CHECK(Json(Cell::Uint(18446744073709551615u), kNative) == "{\"c\":\"18446744073709551615\"}\n");
  CHECK(Json(Cell::Double(1e10), kNative) == "{\"c\":\"1.0E10\"}\n");
  CHECK(Json(Cell::Float(0.1f), kNative) == "{\"c\":\"0.1\"}\n");
  CHECK(Json(Cell::Double(std::nan("")), kNative) == "{\"c\":\"NaN\"}\n");
  CHECK(Json(Cell::View(CellKind::kDecimal, "-12.300", 3), kNative) == "{\"c\":\"-12.300\"}\n");
  CHECK(Json(Cell::Temporal(CellKind::kDate, 0, 0), kNative) == "{\"c\":\"1970-01-01\"}\n");
  CHECK(Json(Cell::Temporal(CellKind::kTime, -1'500'000, 1), kNative) ==
        "{\"c\":\"-00:00:01.5\"}\n");
  CHECK(Json(Cell::Temporal(CellKind::kTimestamp, 1'500'000, 3), kNative) ==
        "{\"c\":\"1970-01-01 00:00:01.500\"}\n");
  CHECK(Json(Cell::Temporal(CellKind::kInstant, 0, 0), kNative) ==
        "{\"c\":\"1970-01-01 01:00:00\"}\n");
  CHECK(Json(Cell::Text(""), kText) == "{\"c\":\"\"}\n");
  CHECK(Json(Cell::Text("a\"b\\c\n\r\t\b\f\x01/é"), kText) ==
        "{\"c\":\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001/é\"}\n");
  CHECK(Json(Cell::Text("\\N"), kText) == "{\"c\":\"\\\\N\"}\n");
}

TEST_CASE("bytes follow the option, and text that is not UTF-8 is refused with its column") {
  const Cell bytes = Cell::View(CellKind::kBytes, std::string_view("\xff\x00z", 3));
  CHECK(Json(bytes, ValueStyle::kNative, BytesAs::kHex) == "{\"c\":\"FF007A\"}\n");
  CHECK(Json(bytes, ValueStyle::kNative, BytesAs::kBase64) == "{\"c\":\"/wB6\"}\n");
  CHECK(Json(bytes, ValueStyle::kNative).find("refused c: the value is not valid UTF-8") == 0);
  CHECK(Json(Cell::View(CellKind::kBytes, "plain"), ValueStyle::kNative) == "{\"c\":\"plain\"}\n");
  CHECK(Json(Cell::Text("x\xff"), ValueStyle::kText).find("refused c") == 0);

  Layout layout = LayoutOf({"c"}, ValueStyle::kText);
  layout.columns[0].bytes_are_text = true;  // CAST(bytes AS STRING)
  BodyWriter writer(layout, {.bytes_as = BytesAs::kHex});
  CHECK(Print(&writer, {Cell::View(CellKind::kBytes, "plain")}) == "{\"c\":\"plain\"}\n");
}

TEST_CASE("several columns, long names and the delete sign") {
  const std::string name(100, 'n');
  BodyWriter writer(LayoutOf({"id", name, "q\"x"}, ValueStyle::kNative, true), {});
  const std::vector<Cell> row = {Cell::Int(1), Cell::Text("a"), Cell::Null()};
  CHECK(Print(&writer, row) ==
        "{\"id\":1,\"" + name + "\":\"a\",\"q\\\"x\":null,\"__DORIS_DELETE_SIGN__\":0}\n");
  CHECK(Print(&writer, row, true).ends_with(",\"__DORIS_DELETE_SIGN__\":1}\n"));
}

TEST_CASE("JSON text equals a JSON library's, for every length, byte and place") {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {
      "a", "Z", " ", "~", "\x7f", "\"", "\\", "\n", "\x1f", std::string(1, '\0'), "é", "€", "😀"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const size_t length = random() % 40;
    const bool plain = random() % 2 == 0;
    for (size_t k = 0; k < length; ++k) text += pieces[random() % (plain ? 4 : pieces.size())];
    std::string out(text.size() * kJsonGrowthMax + kJsonSlack, '\0');
    const char* end = PutJsonText(out.data(), text);
    REQUIRE(end != nullptr);
    out.resize(static_cast<size_t>(end - out.data()));
    REQUIRE("\"" + out + "\"" == nlohmann::json(text).dump());
  }
}

TEST_CASE("broken UTF-8 is found wherever it stands") {
  const std::vector<std::string> broken = {"\x80",
                                           "\xc0\xaf",
                                           "\xc3",
                                           "\xe0\x80\x80",
                                           "\xed\xa0\x80",
                                           "\xe2\x82",
                                           "\xf4\x90\x80\x80",
                                           "\xf8\x88\x80\x80\x80",
                                           "\xff"};
  for (const std::string& piece : broken) {
    for (size_t before = 0; before < 20; ++before) {
      for (size_t after = 0; after < 10; ++after) {
        const std::string text = std::string(before, 'x') + piece + std::string(after, 'y');
        std::string out(text.size() * kJsonGrowthMax + kJsonSlack, '\0');
        REQUIRE(PutJsonText(out.data(), text) == nullptr);
      }
    }
  }
}

std::string Csv(const std::vector<Cell>& row, const std::string& column = "\t",
                const std::string& line = "\n", bool delete_sign = false) {
  std::vector<std::string> names;
  for (size_t i = 0; i < row.size(); ++i) names.push_back("c" + std::to_string(i));
  BodyOptions options;
  options.format = BodyFormat::kCsv;
  options.column_separator = column;
  options.line_delimiter = line;
  BodyWriter writer(LayoutOf(names, ValueStyle::kNative, delete_sign), options);
  return Print(&writer, row);
}

TEST_CASE("CSV rows, and values that would break them") {
  CHECK(Csv({Cell::Int(1), Cell::Null(), Cell::Text(""), Cell::Bool(true)}) == "1\t\\N\t\t1\n");
  CHECK(Csv({Cell::Text("a b"), Cell::Text("c")}, "||", "\x02", true) == "a b||c||0\x02");
  CHECK(Csv({Cell::Text("a\tb")}).find("refused c0: the value contains the CSV column") == 0);
  CHECK(Csv({Cell::Text("a\nb")}).find("refused c0: the value contains the CSV line") == 0);
  CHECK(Csv({Cell::Text("\\N")}).find("refused c0: the text \\N") == 0);
  CHECK(Csv({Cell::Text("")}).find("refused c0: Doris skips") == 0);
  CHECK(Csv({Cell::Text("a\r")}).find("refused c0: Doris drops") == 0);
  CHECK(Csv({Cell::Text("a\r"), Cell::Int(1)}) == "a\r\t1\n");
  // "a|" before "||" would be cut one byte too early.
  CHECK(Csv({Cell::Text("a|"), Cell::Int(1)}, "||").find("refused c0") == 0);
  CHECK(Csv({Cell::Text("a|b"), Cell::Int(1)}, "||") == "a|b||1\n");
  CHECK(Csv({Cell::Text("\xff"), Cell::Int(1)}).find("refused c0: the value is not") == 0);
}

TEST_CASE("headers belong to the body") {
  BodyWriter json(LayoutOf({"a", "B c"}, ValueStyle::kText, true), {});
  CHECK(json.Headers("") == std::vector<std::string>{"columns: `a`,`B c`,__DORIS_DELETE_SIGN__",
                                                     "format: json", "read_json_by_line: true"});
  CHECK(json.Headers("a, b = f(a)")[0] == "columns: a, b = f(a),__DORIS_DELETE_SIGN__");
  BodyWriter csv(LayoutOf({"a"}, ValueStyle::kText), {.format = BodyFormat::kCsv});
  CHECK(csv.Headers("") == std::vector<std::string>{"columns: `a`", "format: csv",
                                                    "column_separator: \\x09",
                                                    "line_delimiter: \\x0A"});
}

TEST_CASE("equal keys have equal hashes, and different ones spread over the lanes") {
  Layout layout = LayoutOf({"id", "day", "v"}, ValueStyle::kText);
  layout.key = {0, 1};
  const RowKey key(layout, TimeZone());
  const std::vector<Cell> number = {Cell::Int(7), Cell::Temporal(CellKind::kDate, 0, 0),
                                    Cell::Int(1)};
  const std::vector<Cell> text = {Cell::Text("7"), Cell::Text("1970-01-01"), Cell::Int(2)};
  const std::vector<Cell> other = {Cell::Int(7), Cell::Temporal(CellKind::kDate, 1, 0),
                                   Cell::Int(1)};
  const std::vector<Cell> null = {Cell::Int(7), Cell::Null(), Cell::Int(1)};
  const std::vector<Cell> same = {Cell::Uint(7), Cell::Temporal(CellKind::kDate, 0, 0),
                                  Cell::Null()};
  CHECK(key.Hash(number.data()) == key.Hash(same.data()));
  CHECK(key.Same(number.data(), text.data()));
  CHECK(key.Hash(number.data()) != key.Hash(other.data()));
  CHECK(key.Hash(number.data()) != key.Hash(null.data()));
  CHECK(!key.Same(number.data(), other.data()));
  CHECK(!key.Same(number.data(), null.data()));
  CHECK(key.Same(null.data(), null.data()));
  CHECK(key.Describe(null.data()) == "id=7, day=NULL");

  int lanes[4] = {};
  for (int64_t i = 0; i < 4000; ++i) {
    const std::vector<Cell> row = {Cell::Int(i), Cell::Temporal(CellKind::kDate, i % 10, 0),
                                   Cell::Null()};
    ++lanes[(key.Hash(row.data()) >> 32) * 4 >> 32];
  }
  for (const int rows : lanes) CHECK(rows > 800);
}

}  // namespace
}  // namespace millrace::doris
