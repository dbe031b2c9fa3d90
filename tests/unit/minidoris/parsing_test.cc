// From the bytes of a body to rows.
#include <doctest/doctest.h>

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

using Lines = std::vector<std::string>;

const std::string kTypes =
    "CREATE TABLE t (k BIGINT NOT NULL, bo BOOLEAN, ti TINYINT, la LARGEINT, fl FLOAT, db DOUBLE, "
    "de DECIMAL(10,2), da DATE, dt DATETIME, d3 DATETIME(3), ch CHAR(3), st STRING, js JSON) "
    "UNIQUE KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 1";

Headers Json(Headers more = {}) {
  more.insert(more.end(), {"format: json", "read_json_by_line: true"});
  return more;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

TEST_CASE("NULL and the empty string in CSV") {
  Server server;
  CHECK(server.Load("1\t\\N\t\n").Text("Status") == "Success");
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|NULL|"});
}

TEST_CASE("separators written in hexadecimal") {
  Server server;
  const HttpAnswer answer = server.Load(
      "1\x01"
      "a\tb\x01"
      "c\nd\x02"
      "2\x01"
      "e\x01"
      "f\x02",
      {"column_separator: \\x01", "line_delimiter: \\x02"});
  CHECK(answer.Number("NumberLoadedRows") == 2);
  CHECK(server.Rows("SELECT * FROM t ORDER BY k") == Lines{"1|a\tb|c\nd", "2|e|f"});
}

TEST_CASE("rows with too few or too many fields, and the error log") {
  Server server;
  const HttpAnswer bad = server.Load("1\ta\tb\n2\ta\n");
  CHECK(bad.Text("Status") == "Fail");
  CHECK(Contains(bad.Text("Message"), "too many filtered rows"));
  CHECK(bad.Number("NumberLoadedRows") == 0);
  CHECK(server.Rows("SELECT * FROM t").empty());
  const std::string url = bad.Text("ErrorURL");
  REQUIRE(Contains(url, "/api/_load_error_log?file="));
  const HttpAnswer log = Http(server.be(), "GET", url.substr(url.find("/api")), {});
  CHECK(Contains(log.body, "Reason: Column count mismatch: expected 3, but found 2"));
  CHECK(Contains(log.body, "src line [2\ta]; "));
  const HttpAnswer half = server.Load("1\ta\tb\n2\ta\tb\tc\n", {"max_filter_ratio: 0.5"});
  CHECK(half.Text("Status") == "Success");
  CHECK(half.Number("NumberFilteredRows") == 1);
  CHECK(Http(server.be(), "GET", "/api/_load_error_log?file=../minidoris.db", {}).status == 404);
}

TEST_CASE("the delete sign in columns") {
  Server server;
  const std::string columns = "columns: `k`,`a`,__DORIS_DELETE_SIGN__";
  server.Load("1\ta\t0\n2\tb\t0\n", {columns, "hidden_columns: __DORIS_DELETE_SIGN__"});
  CHECK(server.Rows("SELECT * FROM t ORDER BY k") == Lines{"1|a|NULL", "2|b|NULL"});
  server.Load("1\ta\t1\n2\tc\t0\n", {columns});
  CHECK(server.Rows("SELECT * FROM t ORDER BY k") == Lines{"2|c|NULL"});
}

TEST_CASE("the delete sign as a hidden column") {
  Server server;
  const std::string hidden = "hidden_columns: __DORIS_DELETE_SIGN__";
  server.Load("1\ta\tx\t0\n2\tb\ty\t0\n", {hidden});
  server.Load("1\ta\tx\t1\n", {hidden});
  CHECK(server.Rows("SELECT k FROM t") == Lines{"2"});
  server.Load(R"({"k":2,"__DORIS_DELETE_SIGN__":"1"})", Json({hidden}));
  CHECK(server.Rows("SELECT k FROM t").empty());
}

TEST_CASE("JSON values and keys") {
  Server server(kTypes);
  const HttpAnswer answer = server.Load(
      R"({"k":"1","bo":"true","ti":"-5","la":"170141183460469231731687303715884105727","fl":"0.1",)"
      R"("db":"0.1","de":"3.145","da":"2020-02-29","dt":"2020-01-01 10:20:30","st":12.50,)"
      R"("js":"{\"a\": 1}","BO":"x","unknown":[1,{"x":2}]})"
      "\n\n"
      R"({"k":2,"bo":false,"st":null,"de":-1e2,"js":{"a" : [1, "b c"]}})",
      Json());
  CHECK(answer.Number("NumberLoadedRows") == 2);
  CHECK(server.Rows("SELECT * FROM t ORDER BY k") ==
        Lines{"1|1|-5|170141183460469231731687303715884105727|0.1|0.1|3.15|2020-02-29|"
              "2020-01-01 10:20:30|NULL|NULL|12.50|{\"a\":1}",
              "2|0|NULL|NULL|NULL|NULL|-100.00|NULL|NULL|NULL|NULL|NULL|{\"a\":[1,\"b c\"]}"});
  const HttpAnswer other_case = server.Load(R"({"K":3,"bo":1})", Json());
  CHECK(Contains(other_case.Text("FirstErrorMsg"),
                 "The column `k` is not nullable, but it's not found in jsondata."));
}

TEST_CASE("JSON text") {
  Server server;
  server.Load("{\"k\":1,\"a\":\"\\u00e4\\n\\\"\",\"b\":\"\\ud83d\\ude00 \\/\"}", Json());
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|\u00e4\n\"|\U0001F600 /"});
  CHECK(server.Load("{\"k\":1} {\"k\":2}", Json()).Text("Status") == "Fail");
  CHECK(server.Load("{\"k\":1,}", Json({"max_filter_ratio: 1"})).Number("NumberFilteredRows") == 1);
  CHECK(server.Load("{\"x\":1}", Json({"max_filter_ratio: 1"})).Number("NumberFilteredRows") == 1);
  CHECK(server.Load("{\"k\":1,\"a\":\"\xff\"}", Json({"max_filter_ratio: 1"}))
            .Number("NumberFilteredRows") == 1);
}

TEST_CASE("JSON forms") {
  Server server;
  CHECK(server.Load("{\"k\":1}\n{\"k\":2}\n", {"format: json"}).Number("NumberLoadedRows") == 2);
  const Headers array = {"format: json", "strip_outer_array: true"};
  CHECK(server.Load("[{\"k\":3},\n{\"k\":4}]", array).Number("NumberLoadedRows") == 2);
  CHECK(Contains(server.Load("{\"k\":3}", array).Text("Message"), "must be FALSE"));
  const HttpAnswer paths = server.Load("{\"x\":5,\"y\":\"z\"}",
                                       Json({"columns: k, a", "jsonpaths: [\"$.x\", \"$.y\"]"}));
  CHECK(paths.Number("NumberLoadedRows") == 1);
  CHECK(server.Rows("SELECT k, a FROM t WHERE k > 2 ORDER BY k") ==
        Lines{"3|NULL", "4|NULL", "5|z"});
}

constexpr const char* kNested =
    "CREATE TABLE t (k INT NOT NULL, ar ARRAY<INT>, ma MAP<STRING,ARRAY<DATE>>, "
    "st STRUCT<a:INT,b:STRING>, js JSON) UNIQUE KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 1";

TEST_CASE("values with elements, as JSON and as text, give the same") {
  Server server(kNested);
  const HttpAnswer answer = server.Load(
      R"({"k":1,"ar":[1, null],"ma":{"x":["2024-02-09"]},"st":{"a":1,"b":"y"},"js":{"b":[1.0]}})"
      "\n"
      R"({"k":2,"ar":"[1, null]","ma":"{x:[2024-02-09]}","st":"{1,'y'}","js":"{\"b\": [1.0]}"})"
      "\n"
      R"({"k":3,"ar":null,"ma":{},"st":{"a":null,"b":null},"js":null})",
      Json({"strict_mode: true"}));
  CHECK(answer.Number("NumberLoadedRows") == 3);
  const std::string row = R"(|[1, null]|{"x":["2024-02-09"]}|{"a":1, "b":"y"}|{"b":[1]})";
  CHECK(server.Rows("SELECT * FROM t ORDER BY k") ==
        Lines{"1" + row, "2" + row, R"(3|NULL|{}|{"a":null, "b":null}|NULL)"});
  server.Load("4\t[1,2]\t{}\t\\N\t[]\n", {});
  CHECK(server.Rows("SELECT * FROM t WHERE k = 4") == Lines{"4|[1, 2]|{}|NULL|[]"});
}

TEST_CASE("bad elements are filtered in strict mode and NULL otherwise") {
  Server server(kNested);
  const std::string body = R"({"k":1,"ar":["x",1]})"
                           "\n"
                           R"({"k":2,"st":{"b":"x","a":1}})"
                           "\n"
                           R"({"k":3,"ma":[1]})";
  const HttpAnswer strict = server.Load(body, Json({"strict_mode: true", "max_filter_ratio: 1"}));
  CHECK(strict.Number("NumberFilteredRows") == 3);
  CHECK(
      Contains(strict.Text("FirstErrorMsg"),
               R"(column(ar) value is incorrect while strict mode is true, src value is ["x",1])"));
  CHECK(server.Load(body, Json()).Number("NumberFilteredRows") == 0);
  CHECK(server.Rows("SELECT k, ar, ma, st FROM t ORDER BY k") ==
        Lines{"1|[null, 1]|NULL|NULL", "2|NULL|NULL|NULL", "3|NULL|NULL|NULL"});
}

TEST_CASE("types with elements are described") {
  Server server(kNested);
  CHECK(server.Rows("DESC t")[2].starts_with("ma|map<string,array<date>>|Yes|false|NULL|"));
  CHECK(server.Rows("SELECT data_type, column_type FROM information_schema.columns "
                    "WHERE table_name = 't' AND column_name = 'st'") ==
        Lines{"struct|struct<a:int,b:string>"});
  CHECK(Contains(server.Rows("SHOW CREATE TABLE t")[0], "`ar` array<int> NULL"));
  server.Rows("INSERT INTO t (k, ar, st) VALUES (1, [1, NULL], {'a': 1, 'b': 'it\"s'})");
  CHECK(server.Rows("SELECT ar, st FROM t") == Lines{R"([1, null]|{"a":1, "b":"it"s"})"});
}

TEST_CASE("nested values in a string column") {
  Server server;
  server.Load("{\"k\":1,\"b\":{\"a\": 1}}\n{\"k\":2,\"b\":\"{\\\"a\\\": 1}\"}\n", Json());
  CHECK(server.Rows("SELECT b FROM t ORDER BY k") == Lines{"{\"a\": 1}", "{\"a\": 1}"});
}

TEST_CASE("what cannot be converted") {
  Server server(kTypes);
  const std::string row = "1\tx\n";
  const HttpAnswer lenient = server.Load(row, {"columns: k,ti"});
  CHECK(lenient.Number("NumberLoadedRows") == 1);
  CHECK(server.Rows("SELECT k, ti FROM t") == Lines{"1|NULL"});
  const HttpAnswer strict = server.Load(row, {"columns: k,ti", "strict_mode: true"});
  CHECK(strict.Text("Status") == "Fail");
  CHECK(Contains(strict.Text("FirstErrorMsg"),
                 "column(ti) value is incorrect while strict mode is true, src value is x"));
  CHECK(server.Load("1\t128\n", {"columns: k,ti", "strict_mode: true"}).Text("Status") == "Fail");
  CHECK(server.Load("x\t1\n", {"columns: k,ti"}).Text("Status") == "Fail");
  CHECK(server.Load("\\N\t1\n", {"columns: k,ti"}).Text("Status") == "Fail");
}

TEST_CASE("lengths, fractions, time zones") {
  Server server(kTypes);
  CHECK(Contains(server.Load("1\t\u00e4\u00e4\n", {"columns: k,ch"}).Text("FirstErrorMsg"),
                 "the length of input is too long than schema. column_name: ch"));
  server.Load("1\t2020-12-31 23:59:59.6\t2020-01-02T03:04:05.0006\n", {"columns: k,dt,d3"});
  server.Load("2\t2020-01-01 00:00:00Z\t2020-01-01 00:00:00 -01:30\n",
              {"columns: k,dt,d3", "timezone: +08:00"});
  server.Load("3\t20200102\t20200102030405\n", {"columns: k,dt,d3"});
  CHECK(server.Rows("SELECT k, dt, d3 FROM t ORDER BY k") ==
        Lines{"1|2021-01-01 00:00:00|2020-01-02 03:04:05.001",
              "2|2020-01-01 08:00:00|2020-01-01 09:30:00.000",
              "3|2020-01-02 00:00:00|2020-01-02 03:04:05.000"});
  CHECK(server.Load("4\t2021-02-29\n", {"columns: k,da", "strict_mode: true"}).Text("Status") ==
        "Fail");
  CHECK(server.Load("4\t123456789.00\n", {"columns: k,de", "strict_mode: true"}).Text("Status") ==
        "Fail");
}

TEST_CASE("the last row of a key wins; absent keys can be deleted") {
  Server server;
  const std::string columns = "columns: k,a,__DORIS_DELETE_SIGN__";
  server.Load("1\ta\t0\n1\tb\t0\n1\tc\t0\n9\tx\t1\n", {columns});
  CHECK(server.Rows("SELECT k, a FROM t") == Lines{"1|c"});
  server.Load("1\tc\t1\n1\td\t0\n2\te\t0\n2\te\t1\n", {columns});
  CHECK(server.Rows("SELECT k, a FROM t") == Lines{"1|d"});
}

TEST_CASE("a NOT NULL column without a source") {
  Server server;
  const HttpAnswer answer = server.Load("a\n", {"columns: a", "Expect: 100-continue"});
  CHECK_FALSE(answer.continued);
  CHECK(Contains(answer.Text("Message"), "column has no source field, column=k"));
}

TEST_CASE("byte order mark, empty lines, carriage returns, enclosed line feeds") {
  Server server;
  CHECK(server
            .Load("\xef\xbb\xbf"
                  "1\ta\tb\r\n\n\n2\ta\tb")
            .Number("NumberTotalRows") == 2);
  CHECK(server.Rows("SELECT b FROM t WHERE k = 1") == Lines{"b"});
  CHECK(server.Load("head\n3\ta\tb\n", {"format: csv_with_names"}).Number("NumberLoadedRows") == 1);
  CHECK(server.Load("4\t\xff\tb\n").Text("Status") == "Fail");
  server.Load("5,\"x,\ny\",\"a\\\"b\"\n", {"column_separator: ,", "enclose: \"", "escape: \\"});
  CHECK(server.Rows("SELECT a, b FROM t WHERE k = 5") == Lines{"x,\ny|a\"b"});
}

TEST_CASE("NULL is a key like any other") {
  Server server(
      "CREATE TABLE t (k INT NOT NULL, d DATE, v INT) UNIQUE KEY(k, d) "
      "DISTRIBUTED BY HASH(d) BUCKETS 1");
  server.Load("1\t\\N\t1\n1\t\\N\t2\n1\t2020-01-01\t3\n");
  CHECK(server.Rows("SELECT * FROM t ORDER BY d") == Lines{"1|NULL|2", "1|2020-01-01|3"});
  server.Load("1\t\\N\n", {"columns: k,d", "merge_type: DELETE"});
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|2020-01-01|3"});
}

TEST_CASE("AGGREGATE and DUPLICATE tables") {
  Server server(
      "CREATE TABLE t (k INT NULL, s BIGINT SUM, d DECIMAL(30,2) SUM, i INT MIN, "
      "a DECIMAL(9,1) MAX, r INT REPLACE, n INT REPLACE_IF_NOT_NULL) AGGREGATE KEY(k) "
      "DISTRIBUTED BY HASH(k) BUCKETS AUTO");
  server.Load("1\t1\t9999999999999999999999999.99\t5\t9.0\t1\t1\n");
  server.Load("1\t2\t0.01\t\\N\t10.0\t2\t\\N\n1\t3\t-1.00\t4\t-1.0\t\\N\t\\N\n");
  CHECK(server.Rows("SELECT * FROM t") == Lines{"1|6|9999999999999999999999999.00|4|10.0|NULL|1"});
  MysqlClient client(server.query_port());
  client.Query("USE db");
  client.Query("CREATE TABLE u (k INT, v INT) DUPLICATE KEY(k) DISTRIBUTED BY HASH(k) BUCKETS 1");
  server.Load("1\t1\n1\t1\n", {}, "u");
  CHECK(server.Rows("SELECT * FROM u") == Lines{"1|1", "1|1"});
  CHECK(Contains(server.Load("1\t1\n", {"merge_type: DELETE"}, "u").Text("Message"),
                 "only supported in unique tables"));
}

TEST_CASE("bodies larger than a batch") {
  Server server;
  std::string body;
  for (int i = 0; i < 30'000; ++i) {
    body +=
        std::to_string(i % 20'000) + "\t" + std::to_string(i) + "\t" + std::string(20, 'x') + "\n";
  }
  CHECK(server.Load(body).Number("NumberLoadedRows") == 30'000);
  CHECK(server.Rows("SELECT COUNT(*), SUM(a), MIN(b) FROM t") ==
        Lines{"20000|399990000|" + std::string(20, 'x')});
}

}  // namespace
}  // namespace millrace::minidoris::testing
