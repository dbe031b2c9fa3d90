#include "base/check.h"

#include <doctest/doctest.h>

#include <string>

#include "base/thread.h"

using namespace millrace;

TEST_CASE("a broken check says what does not hold and where, and fails one thread's work") {
  MR_CHECK(1 + 1 == 2, "sums are right");
  const Status status = CatchExceptions([]() -> Status {
    MR_CHECK(1 + 1 == 3, "sums are right");
    return Status::Ok();
  });
  CHECK(status.code() == StatusCode::kPermanent);
  CHECK(
      status.message().starts_with("internal error: sums are right does not hold (check_test.cc:"));
}
