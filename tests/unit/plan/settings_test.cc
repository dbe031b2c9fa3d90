#include "plan/settings.h"

#include <doctest/doctest.h>

#include "plan/plan.h"

using namespace millrace;

namespace {

int64_t IntervalWith(std::string_view interval, std::string_view min_pause) {
  Settings settings;
  Diagnostics diagnostics;
  CHECK(settings.Set("execution.checkpointing.interval", interval, {}, {}, &diagnostics));
  CHECK(settings.Set("execution.checkpointing.min-pause", min_pause, {}, {}, &diagnostics));
  Plan plan;
  settings.ApplyTo(&plan);
  return plan.checkpoint_interval_ms;
}

}  // namespace

// The interval begins with the end of the latest checkpoint, so the longer of the two holds.
TEST_CASE("a pause between checkpoints that is longer than the interval counts") {
  CHECK(IntervalWith("10 s", "0 ms") == 10'000);
  CHECK(IntervalWith("10 s", "1 min") == 60'000);
  CHECK(IntervalWith("10 s", "3 s") == 10'000);
}

TEST_CASE("what -D says stays, whatever SET and RESET say") {
  Settings settings;
  Diagnostics diagnostics;
  CHECK(settings.Fix("state.checkpoints.dir", "/outside", &diagnostics));
  CHECK(settings.Fix("my.key", "1", &diagnostics));
  diagnostics.clear();

  CHECK(settings.Set("execution.checkpointing.dir", "/script", {3, 5}, {}, &diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].severity == Severity::kWarning);
  CHECK(diagnostics[0].span == Span{3, 5});
  CHECK(diagnostics[0].message ==
        "setting \"execution.checkpointing.dir\" keeps the value given with -D");
  CHECK(settings.Text("execution.checkpointing.dir") == "/outside");
  CHECK(settings.Set("execution.checkpointing.dir", "/again", {}, {}, &diagnostics));
  CHECK(diagnostics.size() == 1);  // warned once

  settings.Reset("execution.checkpointing.dir");
  CHECK(settings.Text("execution.checkpointing.dir") == "/outside");
  CHECK(settings.Set("pipeline.name", "a", {}, {}, &diagnostics));
  settings.ResetAll();
  CHECK(settings.Text("execution.checkpointing.dir") == "/outside");
  CHECK(settings.Text("my.key") == "1");
  CHECK(settings.Text("pipeline.name").empty());
}

TEST_CASE("a SET of the value that -D gave does not warn, a wrong one is an error") {
  Settings settings;
  Diagnostics diagnostics;
  CHECK(settings.Fix("parallelism.default", "2", &diagnostics));
  CHECK(settings.Fix("parallelism.default", "3", &diagnostics));  // the last one counts
  CHECK(settings.Set("parallelism.default", "3", {}, {}, &diagnostics));
  CHECK(diagnostics.empty());
  CHECK_FALSE(settings.Set("parallelism.default", "many", {}, {}, &diagnostics));
  CHECK_FALSE(settings.Fix("parallelism.default", "many", &diagnostics));
  CHECK(settings.Text("parallelism.default") == "3");
}

TEST_CASE("checkpoints are kept in local folders only") {
  Settings settings;
  Diagnostics diagnostics;
  for (const char* folder : {"/a", "a", "file:///a", "FILE:///a", "a/b:c", "c:/d", "./s3:/x", ""}) {
    CHECK_MESSAGE(settings.Set("state.checkpoints.dir", folder, {}, {}, &diagnostics), folder);
  }
  CHECK(diagnostics.empty());
  for (const char* folder : {"hdfs://nn/x", "s3://b/x", "viewfs:/x", "s3a+x.y-1://b"}) {
    CHECK_FALSE_MESSAGE(settings.Set("state.checkpoints.dir", folder, {}, {7, 9}, &diagnostics),
                        folder);
  }
  REQUIRE(diagnostics.size() == 4);
  CHECK(diagnostics[0].span == Span{7, 9});
  CHECK(diagnostics[0].message ==
        "the value \"hdfs://nn/x\" of setting \"state.checkpoints.dir\" is on hdfs, which is not "
        "supported: write a local path or file:///path");
}
