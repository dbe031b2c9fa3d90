#include "base/json.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace millrace;

TEST_CASE("whatever a peer sends, reading does not throw") {
  const Json json =
      Json::Parse(R"({"a": [1, -2.5, "x", null, true], "b": 18446744073709551615})").value();
  CHECK(json["a"].items().size() == 5);
  CHECK(json["a"].items()[0].AsInt() == 1);
  CHECK(json["a"].items()[1].AsDouble() == -2.5);
  CHECK(json["a"].items()[2].AsString() == "x");
  CHECK(json["a"].items()[3].is_null());
  CHECK(json["a"].items()[4].AsBool() == true);
  CHECK(json["b"].AsUint() == 18446744073709551615u);
  CHECK_FALSE(json["b"].AsInt().has_value());
  CHECK(json["missing"]["deeper"].is_null());
  CHECK_FALSE(json["a"].AsString().has_value());
  CHECK(json["a"]["a"].is_null());
  CHECK(Json(17)["ip"].is_null());
  CHECK(Json(17).items().empty());
}

TEST_CASE("text that is not JSON is an error that says where") {
  CHECK(Json::Parse("{\"a\": }").status().message() == "not JSON: unexpected text at byte 7");
  CHECK_FALSE(Json::Parse("").ok());
  CHECK_FALSE(Json::Parse("{} x").ok());
  CHECK_FALSE(Json::Parse("\xff").ok());
  CHECK_FALSE(Json::Parse("1e999999").ok());
}

TEST_CASE("nesting is limited, so that nothing recurses without end") {
  const std::string deep(100'000, '[');
  CHECK(Json::Parse(deep).status().message() == "not JSON: nested deeper than 200 levels");
  CHECK(Json::Parse(std::string(200, '[') + std::string(200, ']')).ok());
}

TEST_CASE("values are compared by meaning and written in order") {
  Json json;
  json.Set("file", "binlog.1");
  json.Set("offset", uint64_t{4});
  json.Set("list", Json::ArrayOf(std::vector<std::string>{"a", "b"}));
  CHECK(json.ToText() == R"({"file":"binlog.1","offset":4,"list":["a","b"]})");
  CHECK(Json::Parse(json.ToText()).value() == json);
  json.Set("offset", 5);
  CHECK_FALSE(Json::Parse(R"({"file":"binlog.1","offset":4,"list":["a","b"]})").value() == json);
  CHECK(json.ToIndentedText().starts_with("{\n  \"file\""));
}
