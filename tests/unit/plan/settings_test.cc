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

// The interval begins with the end of the last checkpoint, so the longer of the two holds.
TEST_CASE("a pause between checkpoints that is longer than the interval counts") {
  CHECK(IntervalWith("10 s", "0 ms") == 10'000);
  CHECK(IntervalWith("10 s", "1 min") == 60'000);
  CHECK(IntervalWith("10 s", "3 s") == 10'000);
}
