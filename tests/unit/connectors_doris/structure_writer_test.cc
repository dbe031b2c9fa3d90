// Values with elements: their text in a load, and the columns of Doris they go into.
#include "connectors/doris/structure_writer.h"

#include <doctest/doctest.h>

#include <limits>

#include "connectors/doris/body_writer.h"
#include "connectors/doris/doris_type.h"

namespace millrace::doris {
namespace {

const Type kInt = Type::Of(TypeKind::kInt);

struct Value {
  Type type;
  Cell cell;
};

std::string Text(const Value& value, StructureForm form, BytesAs bytes_as = BytesAs::kText) {
  StructureWriter writer(bytes_as, TimeZone());
  std::string text;
  if (!writer.Append(value.cell, value.type, form, &text)) return "refused: " + writer.reason();
  CHECK(text.size() <= StructureBound(value.cell, value.type));
  return text;
}

std::string Elements(const Value& value) { return Text(value, StructureForm::kElements); }
std::string Json(const Value& value) { return Text(value, StructureForm::kJson); }

TEST_CASE("arrays, maps and rows as Doris reads elements, and as JSON") {
  const Cell texts[] = {Cell::Text("a\"b\\c"), Cell::Text("l\n"), Cell::Null(), Cell::Text("")};
  const Value array{Type::Array(Type::String()), Cell::Structure(CellKind::kArray, texts)};
  CHECK(Elements(array) == "[\"a\\\"b\\\\c\",\"l\n\",null,\"\"]");
  CHECK(Json(array) == R"(["a\"b\\c","l\n",null,""])");
  const Cell numbers[] = {Cell::Int(1), Cell::Double(1.5), Cell::Int(2),
                          Cell::Double(std::numeric_limits<double>::infinity())};
  const Value map{Type::Map(kInt, Type::Of(TypeKind::kDouble)),
                  Cell::Structure(CellKind::kMap, numbers)};
  CHECK(Elements(map) == R"({1:1.5,2:"Infinity"})");
  CHECK(Json(map) == R"({"1":1.5,"2":"Infinity"})");
  const Cell fields[] = {Cell::Bool(true), Cell::View(CellKind::kDecimal, "1.50", 2),
                         Cell::Temporal(CellKind::kDate, 0, 0), array.cell,
                         Cell::View(CellKind::kBytes, "\x01\xff")};
  const Value row{Type::Row({Type::Of(TypeKind::kBoolean), Type::Decimal(5, 2),
                             Type::Of(TypeKind::kDate), array.type, Type::Bytes()},
                            {"B", "d", "day", "list", "raw"}),
                  Cell::Structure(CellKind::kRow, fields)};
  CHECK(
      Text(row, StructureForm::kElements, BytesAs::kHex) ==
      "{\"b\":true,\"d\":1.50,\"day\":\"1970-01-01\",\"list\":[\"a\\\"b\\\\c\",\"l\n\",null,\"\"],"
      "\"raw\":\"01FF\"}");
  CHECK(Text(row, StructureForm::kJson, BytesAs::kBase64) ==
        R"({"B":true,"d":1.50,"day":"1970-01-01","list":["a\"b\\c","l\n",null,""],"raw":"Af8="})");
  CHECK(Json(row).starts_with("refused: a text inside of the value is not valid UTF-8"));
  const Cell entry[] = {Cell::Null(), Cell::Int(1)};
  const Value no_key{Type::Map(kInt, kInt), Cell::Structure(CellKind::kMap, entry)};
  CHECK(Elements(no_key) == "{null:1}");
  CHECK(Json(no_key).starts_with("refused: a map has NULL as a key"));
  CHECK(Elements({Type::Array(kInt), Cell::Structure(CellKind::kArray, {})}) == "[]");
}

TEST_CASE("structures in the rows of a load") {
  const Cell texts[] = {Cell::Text("a\"b"), Cell::Text(std::string_view("\x01", 1))};
  const Cell row[] = {Cell::Int(1), Cell::Structure(CellKind::kArray, texts), Cell::Null()};
  const auto print = [&](BodyFormat format, StructureForm form) {
    const Type type = Type::Array(Type::String());
    Layout layout;
    layout.columns.push_back({.name = "k", .slot = 0, .style = ValueStyle::kNative, .type = kInt});
    for (const uint32_t slot : {1u, 2u}) {
      layout.columns.push_back({.name = "v" + std::to_string(slot),
                                .slot = slot,
                                .style = ValueStyle::kNative,
                                .type = type,
                                .form = form});
    }
    BodyOptions options;
    options.format = format;
    BodyWriter writer(layout, options);
    std::string text(writer.Bound(row), '\0');
    const char* end = writer.Put(text.data(), row, false);
    REQUIRE(end != nullptr);
    REQUIRE(static_cast<size_t>(end - text.data()) <= text.size());
    return text.substr(0, static_cast<size_t>(end - text.data()));
  };
  CHECK(print(BodyFormat::kJson, StructureForm::kJson) ==
        "{\"k\":1,\"v1\":[\"a\\\"b\",\"\\u0001\"],\"v2\":null}\n");
  CHECK(print(BodyFormat::kJson, StructureForm::kElements) ==
        R"({"k":1,"v1":"[\"a\\\"b\",\"\u0001\"]","v2":null})"
        "\n");
  CHECK(print(BodyFormat::kCsv, StructureForm::kElements) == "1\t[\"a\\\"b\",\"\x01\"]\t\\N\n");
}

TEST_CASE("types of Doris with elements") {
  const auto fits = [](const Type& type, std::string_view doris) {
    const std::optional<DorisType> target = ParseDorisType(doris);
    return target && FitsElements(type, *target);
  };
  const Type row = Type::Row({kInt, Type::Array(Type::String())}, {"A", "b"});
  CHECK(fits(Type::Array(kInt), "array<int>"));
  CHECK(fits(Type::Array(Type::String()), "ARRAY<varchar(10)>"));
  CHECK(fits(Type::Map(Type::String(), Type::Array(kInt)), "map<text,array<decimal(10,2)>>"));
  CHECK(fits(row, "struct<a:int,b:array<text>>"));
  CHECK(fits(row, "STRUCT<`a`:int, b: array<text> >"));
  CHECK_FALSE(fits(row, "struct<b:int,a:array<text>>"));
  CHECK_FALSE(fits(row, "struct<a:int>"));
  CHECK_FALSE(fits(Type::Array(kInt), "array<array<int>>"));
  CHECK_FALSE(fits(Type::Array(kInt), "map<int,int>"));
  CHECK_FALSE(fits(Type::Array(kInt), "int"));
  CHECK_FALSE(ParseDorisType("array<int"));
  CHECK_FALSE(ParseDorisType(""));
  CHECK_FALSE(ParseDorisType(std::string(100, '<')));
  CHECK(SuggestedDorisType(row) == "STRUCT<A: INT, b: ARRAY<STRING>>");
}

}  // namespace
}  // namespace millrace::doris
