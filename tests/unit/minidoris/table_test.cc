// The pure functions of table/: SQL text, CREATE TABLE, values from text.
#include <doctest/doctest.h>

#include <variant>

#include "minidoris/table/convert.h"
#include "minidoris/table/convert_time.h"
#include "minidoris/table/create_table.h"
#include "minidoris/table/decimal_text.h"
#include "minidoris/table/json_scan.h"
#include "minidoris/table/json_value.h"
#include "minidoris/table/nested.h"
#include "minidoris/table/row_code.h"
#include "minidoris/table/sql_text.h"

namespace millrace::minidoris {
namespace {

using Texts = std::vector<std::string>;

Texts TextsOf(std::string_view sql) {
  Texts texts;
  for (const Token& token : Tokenize(sql)) texts.push_back(token.text);
  return texts;
}

TEST_CASE("tokens") {
  CHECK(TextsOf("a<=b") == Texts{"a", "<=", "b", ""});
  CHECK(TextsOf("'it''s' \"x\\ty\" `a``b`") == Texts{"it's", "x\ty", "a`b", ""});
  CHECK(TextsOf("1.5e-3 .5 0x1f 2020abc") == Texts{"1.5e-3", ".5", "0x1f", "2020abc", ""});
  CHECK(TextsOf("a -- b\n# c\n/* d */ e --") == Texts{"a", "e", ""});
  CHECK(TextsOf("a--b") == Texts{"a", "-", "-", "b", ""});
  CHECK(TextsOf("'open") == Texts{"open", ""});
  CHECK(TextsOf("/* open").size() == 1);
  const std::vector<Token> tokens = Tokenize(" ab = 'c'");
  CHECK(tokens[0].begin == 1);
  CHECK(tokens[0].end == 3);
  CHECK(tokens[2].kind == TokenKind::kString);
}

TEST_CASE("a cursor over tokens stops at the end") {
  const std::vector<Token> tokens = Tokenize("IF NOT EXISTS db.t");
  TokenCursor cursor(tokens);
  CHECK_FALSE(cursor.AcceptWords("IF EXISTS"));
  CHECK(cursor.AcceptWords("if not exists"));
  const std::optional<TableName> name = AcceptTableName(&cursor);
  REQUIRE(name);
  CHECK(name->database == "db");
  CHECK(name->table == "t");
  CHECK(cursor.AtEnd());
  cursor.Next();
  CHECK(cursor.Peek(5).kind == TokenKind::kEnd);
  CHECK_FALSE(cursor.AcceptName());
}

TEST_CASE("CREATE TABLE and back") {
  const auto parsed = ParseCreateTable(
      "CREATE TABLE IF NOT EXISTS other.t (k INT NOT NULL, v VARCHAR(*) DEFAULT 'x', "
      "s BIGINT SUM DEFAULT -1, INDEX i (v) USING INVERTED COMMENT 'c') AGGREGATE KEY(k, v) "
      "DISTRIBUTED BY HASH(k) BUCKETS 4 PROPERTIES('a' = 'b')",
      "db");
  REQUIRE(std::holds_alternative<ParsedCreateTable>(parsed));
  const Table& table = std::get<ParsedCreateTable>(parsed).table;
  CHECK(std::get<ParsedCreateTable>(parsed).if_not_exists);
  CHECK(table.database == "other");
  CHECK(table.key_count == 2);
  CHECK(table.columns[1].type.length == 65533);
  CHECK(table.columns[2].aggregation == Aggregation::kSum);
  CHECK(table.columns[2].default_text == "-1");
  const std::string text = CreateTableText(table);
  const auto again = ParseCreateTable(text, "other");
  REQUIRE(std::holds_alternative<ParsedCreateTable>(again));
  CHECK(CreateTableText(std::get<ParsedCreateTable>(again).table) == text);
}

TEST_CASE("CREATE TABLE that is cut anywhere is refused or a table, and nothing else") {
  const std::string sql =
      "CREATE TABLE t (k INT NOT NULL DEFAULT '1' COMMENT 'c', v DECIMAL(10, 2)) UNIQUE KEY(k) "
      "PARTITION BY RANGE(k) (PARTITION p VALUES LESS THAN (1)) DISTRIBUTED BY HASH(k) BUCKETS 1";
  for (size_t size = 0; size < sql.size(); ++size) {
    const auto parsed = ParseCreateTable(std::string_view(sql).substr(0, size), "db");
    if (const auto* message = std::get_if<std::string>(&parsed)) CHECK_FALSE(message->empty());
  }
}

TEST_CASE("decimals as text") {
  const auto written = [](std::string_view text, int integer_digits, int scale) {
    const std::optional<DecimalParts> parts = ReadDecimal(text);
    if (!parts) return std::string("not a number");
    return WriteDecimal(*parts, integer_digits, scale).value_or("too large");
  };
  CHECK(written(" +1.5 ", 3, 2) == "1.50");
  CHECK(written("-0.005", 3, 2) == "-0.01");
  CHECK(written("-0.004", 3, 2) == "0.00");
  CHECK(written("999.995", 3, 2) == "too large");
  CHECK(written("12e-3", 3, 3) == "0.012");
  CHECK(written("1e3", 4, 0) == "1000");
  CHECK(written("1e999999999", 4, 0) == "too large");
  CHECK(written("1e", 4, 0) == "not a number");
  CHECK(written(".", 4, 0) == "not a number");
  CHECK(CompareDecimalText("10", "9.5") > 0);
  CHECK(CompareDecimalText("-10", "-9.5") < 0);
  CHECK(CompareDecimalText("-0", "0.00") == 0);
  CHECK(AddDecimalText("0.1", "0.25") == "0.35");
  CHECK(AddDecimalText("-1", "1.00") == "0.00");
  CHECK(AddDecimalText("99999999999999999999999999999999999999", "1") ==
        "100000000000000000000000000000000000000");
}

TEST_CASE("dates and datetimes in every spelling") {
  CHECK(ConvertDate("2020-02-29") == "2020-02-29");
  CHECK(ConvertDate("2020/2/9 10:00:00") == "2020-02-09");
  CHECK(ConvertDate("20200229") == "2020-02-29");
  CHECK(ConvertDate("700101") == "1970-01-01");
  CHECK(ConvertDate("691231") == "2069-12-31");
  CHECK_FALSE(ConvertDate("2021-02-29"));
  CHECK_FALSE(ConvertDate("2020-02"));
  CHECK_FALSE(ConvertDate(""));
  CHECK(ConvertDateTime("20200102030405.6", 0, 0) == "2020-01-02 03:04:06");
  CHECK(ConvertDateTime("2020-01-02T03:04", 3, 0) == "2020-01-02 03:04:00.000");
  CHECK(ConvertDateTime("1969-12-31 23:59:59.5", 0, 0) == "1970-01-01 00:00:00");
  CHECK(ConvertDateTime("2020-01-01 00:00:00+01:00", 0, 0) == "2019-12-31 23:00:00");
  CHECK_FALSE(ConvertDateTime("9999-12-31 23:59:59.9", 0, 0));
  CHECK_FALSE(ConvertDateTime("2020-01-01 24:00:00", 0, 0));
  CHECK(ZoneOffsetMinutes("-01:30") == -90);
  CHECK(ZoneOffsetMinutes("Asia/Shanghai") == 480);
  CHECK_FALSE(ZoneOffsetMinutes("Europe/Berlin"));
  CHECK_FALSE(ZoneOffsetMinutes("+15:00"));
}

TEST_CASE("values of a load") {
  const auto convert = [](TypeKind kind, std::string_view text) {
    ColumnType type;
    type.kind = kind;
    type.length = 3;
    std::string out;
    const Conversion result = AppendConverted(type, text, {}, &out);
    CHECK(out.empty() == (result != Conversion::kStored));
    return result;
  };
  CHECK(convert(TypeKind::kTinyInt, "-128") == Conversion::kStored);
  CHECK(convert(TypeKind::kTinyInt, "128") == Conversion::kBad);
  CHECK(convert(TypeKind::kInt, " +7 ") == Conversion::kStored);
  CHECK(convert(TypeKind::kInt, "+-7") == Conversion::kBad);
  CHECK(convert(TypeKind::kInt, "7.0") == Conversion::kBad);
  CHECK(convert(TypeKind::kLargeInt, "170141183460469231731687303715884105727") ==
        Conversion::kStored);
  CHECK(convert(TypeKind::kLargeInt, "170141183460469231731687303715884105728") ==
        Conversion::kBad);
  CHECK(convert(TypeKind::kDouble, "nan") == Conversion::kStored);
  CHECK(convert(TypeKind::kFloat, "1e39") == Conversion::kBad);
  CHECK(convert(TypeKind::kBoolean, "Yes") == Conversion::kStored);
  CHECK(convert(TypeKind::kBoolean, "2") == Conversion::kBad);
  CHECK(convert(TypeKind::kVarchar, "abc") == Conversion::kStored);
  CHECK(convert(TypeKind::kVarchar, "abcd") == Conversion::kTooLong);
  CHECK(convert(TypeKind::kJson, "{\"a\": [1, 2]}") == Conversion::kStored);
  CHECK(convert(TypeKind::kJson, "{\"a\": }") == Conversion::kBad);
}

TEST_CASE("JSON as a SELECT prints it again") {
  CHECK(StoredJson(" { \"a b\" : [ 1.50 , \"x \\\" y\" ] } ") == "{\"a b\":[1.5,\"x \\\" y\"]}");
  CHECK(StoredJson("[1,-2,1e2,true,null,{},[]]") == "[1,-2,100,true,null,{},[]]");
  CHECK(StoredJson("\"\\u00e9\\/\\n\\u0001\"") == "\"\u00e9/\\n\\u0001\"");
  CHECK(StoredJson("123456789012345678901234567890") == "123456789012345678901234567890");
  CHECK_FALSE(StoredJson("{\"a\":1,}"));
  CHECK_FALSE(StoredJson("1 2"));
  CHECK_FALSE(StoredJson("01x"));
  CHECK_FALSE(StoredJson("abc"));
  CHECK_FALSE(StoredJson(std::string(300, '[') + std::string(300, ']')));
}

// The type of the one column, as CREATE TABLE reads it; TypeText of it, or the refusal.
ColumnType TypeOf(const std::string& type) {
  auto parsed = ParseCreateTable("CREATE TABLE d.t (k INT, v " + type + ")", "d");
  REQUIRE(std::holds_alternative<ParsedCreateTable>(parsed));
  return std::get<ParsedCreateTable>(parsed).table.columns[1].type;
}

std::string RefusalOf(const std::string& columns) {
  auto parsed = ParseCreateTable("CREATE TABLE d.t (" + columns + ") AGGREGATE KEY(k)", "d");
  const auto* message = std::get_if<std::string>(&parsed);
  return message == nullptr ? "" : *message;
}

TEST_CASE("types with elements") {
  CHECK(TypeText(TypeOf("ARRAY<INT>")) == "array<int>");
  CHECK(TypeText(TypeOf("map<VARCHAR(3),Array<decimal(9,2)>>")) ==
        "map<varchar(3),array<decimal(9,2)>>");
  CHECK(TypeText(TypeOf("STRUCT<A:INT COMMENT 'x', `b`: DATETIME(3)>")) ==
        "struct<a:int,b:datetime(3)>");
  CHECK(PrimitiveTypeName(TypeOf("ARRAY<INT>")) == "ARRAY");
  CHECK(RefusalOf("k INT, v ARRAY<INT") != "");
  CHECK(RefusalOf("k INT, v MAP<INT> REPLACE") != "");
  CHECK(RefusalOf("k INT, v STRUCT<a:INT, A:INT> REPLACE").starts_with("Duplicate field name"));
  CHECK(RefusalOf("k ARRAY<INT>, v INT REPLACE").starts_with("array<int> can only be used in"));
  CHECK(RefusalOf("k INT, v ARRAY<INT> MAX") == "array<int> can't support aggregation MAX");
  CHECK(RefusalOf("k INT, v MAP<ARRAY<INT>,INT> REPLACE").starts_with("MAP unsupported sub-type"));
  CHECK(RefusalOf("k INT, v " + std::string("ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<") +
                  "ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<INT>>>>>>>>>> REPLACE")
            .starts_with("Type exceeds the maximum nesting depth"));
}

TEST_CASE("values with elements are those of casts from text") {
  const auto shown = [](const std::string& type, std::string_view text, bool strict = true) {
    return NestedText(TypeOf(type), text, {0, strict}).value_or("bad");
  };
  CHECK(shown("ARRAY<INT>", "[]") == "[]");
  CHECK(shown("ARRAY<INT>", "  []") == "bad");
  CHECK(shown("ARRAY<INT>", "[ ]") == "bad");
  CHECK(shown("ARRAY<INT>", "[ ]", false) == "[null]");
  CHECK(shown("ARRAY<INT>", "[     123,       123]") == "[123, 123]");
  CHECK(shown("ARRAY<INT>", "[  \"  123  \"   ,    '456   ']") == "[123, 456]");
  CHECK(shown("ARRAY<INT>", "[ null ,123]") == "[null, 123]");
  CHECK(shown("ARRAY<INT>", "[ \"null\" ,123]") == "bad");
  CHECK(shown("ARRAY<INT>", "[ \"null\" ,123]", false) == "[null, 123]");
  CHECK(shown("ARRAY<ARRAY<INT>>", "[ [] ,[1,2]]") == "[[], [1, 2]]");
  CHECK(shown("ARRAY<STRING>", "[a, \"b,c\", 'd\"', \"\\\"\\\\\", null]") ==
        "[\"a\", \"b,c\", \"d\"\", \"\"\\\", null]");
  CHECK(shown("ARRAY<BOOLEAN>", "[true,0]") == "[1, 0]");
  CHECK(shown("ARRAY<DATE>", "[\"2024-02-09\"]") == "[\"2024-02-09\"]");
  CHECK(shown("ARRAY<DECIMAL(5,2)>", "[1.5]") == "[1.50]");
  CHECK(shown("ARRAY<DOUBLE>", "[1.0, 2.5]") == "[1, 2.5]");
  CHECK(shown("MAP<INT,INT>", "{}") == "{}");
  CHECK(shown("MAP<INT,INT>", "{   \"123\"   :   456    }") == "{123:456}");
  CHECK(shown("MAP<INT,INT>", "{ 1:2 ,34, 5:6}") == "bad");
  CHECK(shown("MAP<INT,INT>", "{ 1:2 ,34, 5:6}", false) == "bad");
  CHECK(shown("MAP<INT,INT>", "{\"1\":\"abc\"}", false) == "{1:null}");
  CHECK(shown("MAP<STRING,INT>", "{\"a\":1,\"b\":2,\"a\":3}") == "{\"b\":2, \"a\":3}");
  CHECK(shown("MAP<STRING,ARRAY<INT>>", "{\"a:b\":[1,2]}") == "{\"a:b\":[1, 2]}");
  const std::string record = "STRUCT<a:INT,b:STRING>";
  CHECK(shown(record, "{}") == "{\"a\":null, \"b\":null}");
  CHECK(shown(record, "{\"a\":1,\"b\":\"x\"}") == "{\"a\":1, \"b\":\"x\"}");
  CHECK(shown(record, "{A:1, b: null}") == "{\"a\":1, \"b\":null}");
  CHECK(shown(record, "{1,x}") == "{\"a\":1, \"b\":\"x\"}");
  CHECK(shown(record, "{\"b\":\"x\",\"a\":1}") == "bad");
  CHECK(shown(record, "{a:1}") == "bad");
  CHECK(shown(record, "{a:1,3.1,c:100}") == "bad");
  CHECK(shown("STRUCT<p:STRUCT<x:INT,y:INT>,z:INT>", "{{\"x\":1,\"y\":2},3}") ==
        "{\"p\":{\"x\":1, \"y\":2}, \"z\":3}");
}

TEST_CASE("JSON strings are unescaped") {
  std::string scratch;
  const auto text = [&](std::string_view json) {
    JsonScanner scanner(json);
    const std::string_view value = scanner.String(&scratch);
    return scanner.ok() ? std::string(value) : "failed";
  };
  CHECK(text("\"plain\"") == "plain");
  CHECK(text("\"\\ud83d\\ude00\"") == "\U0001F600");
  CHECK(text("\"\\ud83dx\"") == "\ufffdx");
  CHECK(text("\"\\ude00\"") == "\ufffd");
  CHECK(text("\"\\uZZZZ\"") == "failed");
  CHECK(text("\"\\u12\"") == "failed");
  CHECK(text("\"open") == "failed");
  CHECK(text("\"a\nb\"") == "failed");
}

}  // namespace
}  // namespace millrace::minidoris
