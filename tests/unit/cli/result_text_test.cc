#include "cli/result_text.h"
#include "base/encode.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace millrace;

TEST_CASE("text is fitted to the right and cut at its width") {
  CHECK(Fitted("abc", 5) == "  abc");
  CHECK(Fitted("abcdef", 6) == "abcdef");
  CHECK(Fitted("abcdefg", 6) == "abc...");
  CHECK(Fitted("数量数量", 7) == "数量...");
  CHECK(Fitted("数量数量", 6) == "数... ");  // a wide character that would stick out by half
  CHECK(Fitted("e\u0301", 3) == "  e\u0301");
  for (const size_t width : {6, 7, 8, 9})
    CHECK(DisplayWidth(Fitted("数a量b数c量", width)) == width);
}

TEST_CASE("nothing that moves the cursor comes through") {
  CHECK(Fitted("a\nb\033[2Jc\x7f", 9) == "a b [2Jc ");
  CHECK(WithoutControls("a\tb\r") == "a b ");
}

TEST_CASE("widths by type are those of Flink") {
  CHECK(TypeWidth(Type::Of(TypeKind::kInt), 30) == 11);
  CHECK(TypeWidth(Type::Of(TypeKind::kBigInt), 30) == 20);
  CHECK(TypeWidth(Type::Decimal(10, 2), 30) == 12);
  CHECK(TypeWidth(Type::Timestamp(0), 30) == 19);
  CHECK(TypeWidth(Type::Timestamp(3), 30) == 23);
  CHECK(TypeWidth(Type::Timestamp(6), 30) == 26);
  CHECK(TypeWidth(Type::Of(TypeKind::kDouble), 40) == 40);
}

TEST_CASE("fields of CSV and values of JSON") {
  CHECK(CsvField(std::nullopt).empty());
  CHECK(CsvField("") == "\"\"");
  CHECK(CsvField("a b") == "a b");
  CHECK(CsvField("a,\"b\"\n") == "\"a,\"\"b\"\"\n\"");
  CHECK(JsonValue(Cell::Null(), Type(), TimeZone()) == "null");
  CHECK(JsonValue(Cell::Int(-7), Type(), TimeZone()) == "-7");
  CHECK(JsonValue(Cell::Bool(true), Type(), TimeZone()) == "true");
  CHECK(JsonValue(Cell::Text("a\"b\n"), Type(), TimeZone()) == "\"a\\\"b\\n\"");
  CHECK(JsonValue(Cell::View(CellKind::kDecimal, "1.50", 2), Type(), TimeZone()) == "1.50");
  CHECK(JsonValue(Cell::Double(1.0 / 0.0), Type(), TimeZone()) == "\"Infinity\"");
  CHECK(ToJsonString("\xff") == "\"\ufffd\"");
}
