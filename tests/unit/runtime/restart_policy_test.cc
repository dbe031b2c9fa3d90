#include "runtime/restart_policy.h"

#include <doctest/doctest.h>

namespace millrace {
namespace {

TEST_CASE("pauses grow by the multiplier up to their maximum, however many failures come") {
  RestartPolicy policy({.delay_ms = 100, .delay_max_ms = 400, .multiplier = 1.5});
  for (const int64_t pause_ms : {100, 150, 225, 337, 400, 400}) {
    CHECK(policy.PauseAfterFailure(0) == pause_ms);
  }
  for (int i = 0; i < 10'000; ++i) CHECK(policy.PauseAfterFailure(i) == 400);
}

TEST_CASE("progress makes failures before it forgotten") {
  RestartPolicy policy({.delay_ms = 100, .delay_max_ms = 1'000, .multiplier = 2});
  CHECK(policy.PauseAfterFailure(0) == 100);
  CHECK(policy.PauseAfterFailure(0) == 200);
  policy.RecordProgress();
  CHECK(policy.PauseAfterFailure(0) == 100);
}

TEST_CASE("so many attempts, then it gives up") {
  RestartPolicy policy({.attempts = 2, .delay_ms = 5, .delay_max_ms = 5, .multiplier = 1});
  CHECK(policy.PauseAfterFailure(0) == 5);
  CHECK(policy.PauseAfterFailure(0) == 5);
  CHECK_FALSE(policy.PauseAfterFailure(0));
}

TEST_CASE("no attempts: it gives up at the first failure") {
  RestartPolicy policy({.attempts = 0});
  CHECK_FALSE(policy.PauseAfterFailure(0));
}

TEST_CASE("within a time failures count, progress or not") {
  RestartPolicy policy(
      {.attempts = 2, .window_ms = 1'000, .delay_ms = 5, .delay_max_ms = 5, .multiplier = 1});
  CHECK(policy.PauseAfterFailure(0));
  policy.RecordProgress();
  CHECK(policy.PauseAfterFailure(600));
  CHECK(policy.PauseAfterFailure(1'200));  // the first is too long ago
  policy.RecordProgress();
  CHECK_FALSE(policy.PauseAfterFailure(1'300));
}

}  // namespace
}  // namespace millrace
