#include "connectors/mysql/position.h"

#include <doctest/doctest.h>

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr const char* kGtids = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5";

Result<SourcePosition> Parse(std::string_view text) {
  return SourcePosition::Parse(Position(Json::Parse(text).value()));
}

}  // namespace

TEST_CASE("a streaming position is what checkpoints have always held") {
  SourcePosition position;
  position.log.file = "bin.000003";
  position.log.offset = 42;
  position.streaming = true;
  CHECK(position.ToPosition().ToText() ==
        R"({"file":"bin.000003","offset":42,"phase":"streaming"})");
  position.log.gtids = GtidSet::Parse(kGtids);
  const auto parsed = SourcePosition::Parse(position.ToPosition());
  REQUIRE(parsed.ok());
  CHECK(parsed->streaming);
  CHECK(parsed->log.file == "bin.000003");
  CHECK(parsed->log.offset == 42);
  REQUIRE(parsed->log.gtids);
  CHECK(parsed->log.gtids->ToString() == kGtids);
}

TEST_CASE("a snapshot position lists the tables that were started") {
  SourcePosition position;
  position.log.file = "bin.000001";
  position.tables["d.a"].done = true;
  position.tables["d.b"].next = -7;
  position.tables["d.c"].after = {"_utf8mb4 X'61'", "5"};
  position.tables["d.u"] = {.next = UINT64_MAX, .by = "n"};
  position.tables["d.w"].next = ParseKeyNumber("-99999999999999999999");
  position.rows_read = 1'000;
  const Position written = position.ToPosition();
  CHECK(
      written.ToText() ==
      R"({"file":"bin.000001","offset":4,"phase":"snapshot","tables":{"d.a":"done",)"
      R"("d.b":{"next":-7},"d.c":{"after":["_utf8mb4 X'61'","5"]},"d.u":{"next":18446744073709551615,"by":"n"},)"
      R"("d.w":{"next":"-99999999999999999999"}},"rows_read":1000})");
  const auto parsed = SourcePosition::Parse(written);
  REQUIRE(parsed.ok());
  CHECK_FALSE(parsed->streaming);
  CHECK(parsed->tables == position.tables);
  CHECK(parsed->rows_read == 1'000);
}

TEST_CASE("positions of earlier releases have no count of rows") {
  const auto parsed =
      Parse(R"({"file":"bin.000001","offset":4,"phase":"snapshot","tables":{"d.b":{"next":8}}})");
  REQUIRE(parsed.ok());
  CHECK(parsed->tables.at("d.b").next == 8);
  CHECK(parsed->rows_read == 0);
}

TEST_CASE("what is malformed is an error and never the start") {
  for (const std::string_view text : {
           R"({})",
           R"([])",
           R"({"nonsense":true})",
           R"({"file":"bin.1","phase":"streaming"})",
           R"({"file":1,"offset":4,"phase":"streaming"})",
           R"({"file":"bin.1","offset":-4,"phase":"streaming"})",
           R"({"file":"bin.1","offset":4})",
           R"({"file":"bin.1","offset":4,"phase":"other"})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot"})",
           R"({"file":"bin.1","offset":4,"gtids":7,"phase":"streaming"})",
           R"({"file":"bin.1","offset":4,"gtids":"none","phase":"streaming"})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{"d.t":"half"}})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{"d.t":{}}})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{"d.t":{"next":"7"}}})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{"d.t":{"after":[]}}})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{"d.t":{"after":[1]}}})",
           R"({"file":"bin.1","offset":4,"phase":"snapshot","tables":{},"rows_read":-1})",
       }) {
    const auto parsed = Parse(text);
    CHECK_MESSAGE(!parsed.ok(), text);
    if (!parsed.ok()) CHECK(parsed.status().code() == StatusCode::kPermanent);
  }
}

TEST_CASE("many tables that are alike take little room") {
  SourcePosition position;
  position.log.file = "bin.1";
  for (int database = 0; database < 100; ++database) {
    for (int table = 0; table < 100; ++table) {
      position.tables[fmt::format("s_{}.t_{}", database, table)].done = database < 50;
    }
  }
  position.tables["s_7.t_7"] = {.done = false, .next = 9, .after = {}};
  const Position written = position.ToPosition();
  CHECK(written.json().ToIndentedText().size() < 5'000);
  const auto read = SourcePosition::Parse(written);
  REQUIRE(read.ok());
  CHECK(read->tables == position.tables);
}
