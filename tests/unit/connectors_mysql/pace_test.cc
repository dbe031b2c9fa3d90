#include "connectors/mysql/snapshot/pace.h"

#include <doctest/doctest.h>

#include <atomic>

using namespace millrace;
using namespace millrace::mysql;

namespace {

// Moves on when somebody waits.
class FakeClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms; }
  int64_t WallMs() override { return now_ms; }
  void SleepMs(int64_t duration_ms) override {
    now_ms += duration_ms;
    if (now_ms >= over_at_ms) over = true;
  }

  int64_t now_ms = 1'000;
  int64_t over_at_ms = INT64_MAX;
  std::atomic<bool> over = false;
};

}  // namespace

TEST_CASE("rows and bytes are owed time, and the slower of the two counts") {
  PaceDebt debt({.rows_per_second = 100, .bytes_per_second = 1'000});
  CHECK(debt.PaidAt(5'000, 10, 10) == 5'100);
  CHECK(debt.PaidAt(5'000, 10, 10) == 5'200);  // another connection meanwhile
  CHECK(debt.PaidAt(5'000, 1, 10'000) == 15'020);
  CHECK(debt.PaidAt(60'000, 10, 0) == 60'100);  // a pause is not saved up
}

TEST_CASE("the tighter limit of two tables counts") {
  PaceLimits limits;
  CHECK_FALSE(limits.any());
  limits.Tighten({.rows_per_second = 10, .bytes_per_second = 0});
  limits.Tighten({.rows_per_second = 5, .bytes_per_second = 7});
  limits.Tighten({});
  CHECK(limits == PaceLimits{5, 7});
}

TEST_CASE("a reader waits until what it read is paid for") {
  FakeClock clock;
  Pace pace({.rows_per_second = 100}, &clock);
  pace.Wait(250, 0, clock.over);
  CHECK(clock.now_ms == 3'500);
  pace.Wait(100, 0, clock.over);
  CHECK(clock.now_ms == 4'500);
}

TEST_CASE("waiting ends when the round must end, and the debt stays") {
  FakeClock clock;
  clock.over_at_ms = 2'000;
  Pace pace({.rows_per_second = 100}, &clock);
  pace.Wait(1'000, 0, clock.over);
  CHECK(clock.now_ms >= 2'000);
  CHECK(clock.now_ms < 2'100);
  pace.Wait(1'000, 0, clock.over);
  CHECK(clock.now_ms < 2'100);
  clock.over = false;
  clock.over_at_ms = INT64_MAX;
  pace.Wait(0, 0, clock.over);
  CHECK(clock.now_ms == 21'000);
}

TEST_CASE("without a limit nobody waits") {
  FakeClock clock;
  Pace pace({}, &clock);
  pace.Wait(1'000'000, 1'000'000, clock.over);
  CHECK(clock.now_ms == 1'000);
}
