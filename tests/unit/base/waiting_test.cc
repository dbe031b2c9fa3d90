#include <doctest/doctest.h>

#include <new>
#include <stdexcept>

#include "base/backoff.h"
#include "base/stop_token.h"
#include "base/thread.h"

using namespace millrace;

namespace {

class FakeClock final : public Clock {
 public:
  int64_t NowMs() override { return now_ms; }
  int64_t WallMs() override { return now_ms; }
  void SleepMs(int64_t duration_ms) override { now_ms += duration_ms; }
  int64_t now_ms = 1'000;
};

}  // namespace

TEST_CASE("a wait ends when its time is over or a stop is requested") {
  FakeClock clock;
  StopToken stop(&clock);
  CHECK(stop.WaitFor(250));
  CHECK(clock.now_ms == 1'250);
  stop.RequestAt(1'300);
  stop.RequestAt(9'000);  // the earliest counts
  CHECK_FALSE(stop.requested());
  CHECK_FALSE(stop.WaitFor(10'000));
  CHECK(clock.now_ms <= 1'320);
  CHECK(stop.requested());
}

TEST_CASE("a request without a time counts at once") {
  FakeClock clock;
  StopToken stop(&clock);
  stop.Request();
  CHECK_FALSE(stop.WaitFor(10'000));
  CHECK(clock.now_ms == 1'000);
}

TEST_CASE("pauses grow up to a limit") {
  constexpr Backoff kBackoff{.first_ms = 100, .max_ms = 3'000, .multiplier = 2};
  CHECK(kBackoff.PauseMs(0) == 100);
  CHECK(kBackoff.PauseMs(1) == 200);
  CHECK(kBackoff.PauseMs(5) == 3'000);
  CHECK(kBackoff.PauseMs(1'000'000) == 3'000);
}

TEST_CASE("an exception becomes a status") {
  CHECK(CatchExceptions([] { return Status::Ok(); }).ok());
  const Status internal = CatchExceptions([]() -> Status { throw std::logic_error("no"); });
  CHECK(internal.message() == "internal error: no");
  CHECK_FALSE(internal.transient());
  CHECK(CatchExceptions([]() -> Status { throw std::bad_alloc(); }).transient());
}
