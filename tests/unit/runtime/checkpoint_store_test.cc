#include "runtime/checkpoint_store.h"

#include <doctest/doctest.h>

#include "unit/runtime/fakes.h"

namespace millrace {
namespace {

struct Fixture {
  MemoryFiles files;
  FakeClock clock;
  Plan plan = FakePlan();

  CheckpointStore Store() { return CheckpointStore(&files, &clock, plan); }
  bool Contains(const Status& status, std::string_view text) {
    INFO(status.message());
    return status.message().find(text) != std::string::npos;
  }
};

TEST_CASE_FIXTURE(Fixture, "what was written is read again") {
  CheckpointStore store = Store();
  CHECK_FALSE(store.Latest().value());
  REQUIRE(store.Write({9, {At("{\"file\":\"binlog.000009\"}")}, {"{\"loads\":[]}"}, {12}}).ok());
  REQUIRE(store.Write({10, {At("{\"file\":\"binlog.000010\"}")}, {"not JSON"}, {34}}).ok());
  const std::optional<Checkpoint> latest = store.Latest().value();
  REQUIRE(latest);
  CHECK(latest->number == 10);  // by number, not by name
  CHECK(latest->positions[0] == At("{\"file\":\"binlog.000010\"}"));
  CHECK(latest->tokens[0] == "not JSON");
  CHECK(latest->rows[0] == 34);
}

TEST_CASE_FIXTURE(Fixture, "an option that is new and has no value fits; the patterns may change") {
  std::map<std::string, std::string>& options = plan.sources[0].table.options;
  options["table-name"] = "a";
  REQUIRE(Store().Write({1, {At("{}")}, {""}, {0}}).ok());
  options["new"] = "";
  CHECK(Store().Latest().ok());
  options["table-name"] = "a|b";
  CHECK(Contains(Store().Latest().status(), "+ source.options.table-name: a|b"));
  options["scan.newly-added-table.enabled"] = "true";
  CHECK(Store().Latest().ok());
  options["new"] = "1";
  CHECK(Contains(Store().Latest().status(), "+ source.options.new: 1"));
}

TEST_CASE_FIXTURE(Fixture, "a file is readable and says when and what") {
  REQUIRE(Store().Write({1, {At("{\"offset\":4}")}, {""}, {0}}).ok());
  const std::string& text = files.files["/state/job/chk-1.json"];
  for (const char* part :
       {"\"job\": \"job\"", "\"offset\": 4", "\"time\": \"2023-11-14T22:13:20Z\"",
        "\"fingerprint\": \"", "\"source.connector: fake\""}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, part << " in " << text);
  }
}

TEST_CASE_FIXTURE(Fixture, "a damaged file is refused by name, with what to do") {
  REQUIRE(Store().Write({1, {At("{\"offset\":4}")}, {""}, {0}}).ok());
  REQUIRE(Store().Write({2, {At("{\"offset\":5}")}, {""}, {0}}).ok());
  const std::string whole = files.files["/state/job/chk-2.json"];
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = whole;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const std::string& text :
       {std::string(), whole.substr(0, whole.size() / 2), std::string("[]"), std::string("{}"),
        replaced("\"rows\": 0", "\"rows\": \"many\""), replaced("\"position\"", "\"possition\""),
        replaced("\"checkpoint\": 2", "\"checkpoint\": 3")}) {
    files.files["/state/job/chk-2.json"] = text;
    const auto latest = Store().Latest();
    REQUIRE_FALSE(latest.ok());
    CHECK_FALSE(latest.status().transient());
    CHECK(Contains(latest.status(), "/state/job/chk-2.json is damaged"));
    CHECK(Contains(latest.status(), "remove it"));
    CHECK(Contains(latest.status(), "--fresh"));
  }
  files.files.erase("/state/job/chk-2.json");
  CHECK(Store().Latest().value()->number == 1);
}

TEST_CASE_FIXTURE(Fixture, "another plan is refused with the difference") {
  REQUIRE(Store().Write({1, {At("{\"offset\":4}")}, {""}, {0}}).ok());
  plan.sinks[0].table.connector = "other";
  const auto latest = Store().Latest();
  REQUIRE_FALSE(latest.ok());
  CHECK(Contains(latest.status(), "\n  - sink.connector: fake"));
  CHECK(Contains(latest.status(), "\n  + sink.connector: other"));
  CHECK(Contains(latest.status(), "--fresh"));
  CHECK(Contains(latest.status(), "pipeline.name"));
}

TEST_CASE_FIXTURE(Fixture, "settings that a checkpoint does not depend on may change") {
  REQUIRE(Store().Write({1, {At("{\"offset\":4}")}, {""}, {0}}).ok());
  plan.checkpoint_interval_ms = 5;
  plan.parallelism = 7;
  plan.restart.delay_ms = 1;
  CHECK(Store().Latest().ok());
}

TEST_CASE_FIXTURE(Fixture, "files that are no checkpoints are left alone") {
  files.files["/state/job/chk-7.json.tmp"] = "half a file";
  files.files["/state/job/notes.txt"] = "mine";
  files.files["/state/job/chk-x.json"] = "mine too";
  CHECK_FALSE(Store().Latest().value());
  CHECK(Store().StartOver().value().number == 0);
  CHECK(files.files.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a job that runs already names its process") {
  files.locked = true;
  CheckpointStore store = Store();
  const Status status = store.Lock();
  CHECK(Contains(status, "/state/job/lock"));
  CHECK(Contains(status, "4711"));
  CHECK(Contains(status, "pipeline.name"));
  CHECK_FALSE(status.transient());
}

TEST_CASE_FIXTURE(Fixture, "a folder that cannot be used is not blamed on another process") {
  files.full = true;
  CheckpointStore store = Store();
  const Status status = store.Lock();
  CHECK(Contains(status, "it cannot be started"));
  CHECK(Contains(status, "the disk is full"));
  CHECK(Contains(status, "'execution.checkpointing.dir'"));
  CHECK_FALSE(Contains(status, "one process"));
  CHECK_FALSE(status.transient());
}

TEST_CASE_FIXTURE(Fixture, "as many files are kept as the settings say, from the next one on") {
  plan.checkpoints_retained = 4;
  for (uint64_t n = 1; n <= 6; ++n) REQUIRE(Store().Write({n, {Position()}, {""}, {0}}).ok());
  CHECK(files.files.size() == 4);
  plan.checkpoints_retained = 1;
  CHECK(Store().Latest().value()->number == 6);
  CHECK(files.files.size() == 4);
  REQUIRE(Store().Write({7, {Position()}, {""}, {0}}).ok());
  CHECK(files.files.size() == 1);
  CHECK(Store().Latest().value()->number == 7);
}

}  // namespace
}  // namespace millrace
