#include "runtime/checkpoint.h"

#include <doctest/doctest.h>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

const CheckpointFile kFile = {
    .job = "j",
    .wall_ms = 1'700'000'000'000,
    .checkpoint = {7, {At("{\"row\":3}"), Position()}, {"{\"t\":1}"}, {5}},
    .source_tables = {"a", "b"},
    .sink_tables = {"c"},
    .fingerprint = "0123",
    .plan = {"source.connector: x"}};

// The form of the files is a contract: those of earlier releases are read, to the letter.
const std::string kText = R"({
  "version": 2,
  "job": "j",
  "checkpoint": 7,
  "time": "2023-11-14T22:13:20Z",
  "sources": [
    {
      "table": "a",
      "position": {
        "row": 3
      }
    },
    {
      "table": "b",
      "position": ""
    }
  ],
  "sinks": [
    {
      "table": "c",
      "token": {
        "t": 1
      },
      "rows": 5
    }
  ],
  "fingerprint": "0123",
  "plan": [
    "source.connector: x"
  ]
}
)";

TEST_CASE("a checkpoint is written to the letter and read back") {
  CHECK(CheckpointText(kFile) == kText);
  const CheckpointFile file = ParseCheckpoint(kText).value();
  CHECK(file.checkpoint.number == 7);
  CHECK(file.checkpoint.positions == kFile.checkpoint.positions);
  CHECK(file.checkpoint.tokens == kFile.checkpoint.tokens);
  CHECK(file.checkpoint.rows == kFile.checkpoint.rows);
  CHECK(file.sink_tables == kFile.sink_tables);
  CHECK(file.fingerprint == kFile.fingerprint);
  CHECK(file.plan == kFile.plan);
  CheckpointFile later = kFile;
  later.wall_ms += 1'000;
  CHECK(CheckpointText(later) != kText);
}

TEST_CASE("positions and tokens that are no objects are kept as text") {
  CheckpointFile file = kFile;
  file.checkpoint.positions[0] = Position(Json("a place"));
  file.checkpoint.tokens[0] = "[1,2]";
  const CheckpointFile again = ParseCheckpoint(CheckpointText(file)).value();
  CHECK(again.checkpoint.positions == file.checkpoint.positions);
  CHECK(again.checkpoint.tokens == file.checkpoint.tokens);
}

TEST_CASE("of a file of another version only that is known") {
  const CheckpointFile file = ParseCheckpoint("{\"version\":3,\"anything\":1}").value();
  CHECK(file.version == 3);
  CHECK(file.sink_tables.empty());
}

TEST_CASE("names of files") {
  CHECK(CheckpointFileName(7) == "chk-7.json");
  CHECK(CheckpointNumber("chk-7.json") == 7);
  for (const char* name : {"chk-.json", "chk-0.json", "chk--1.json", "chk-7.json.tmp", "lock",
                           "chk-x.json", "7.json", "chk-.jso", "chk-"}) {
    CHECK_FALSE(CheckpointNumber(name));
  }
}

}  // namespace
}  // namespace millrace
