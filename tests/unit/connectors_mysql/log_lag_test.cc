#include "connectors/mysql/log_lag.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

TEST_CASE("bytes until the end of the log go over all later files") {
  const std::vector<TextRow> logs = {
      {"bin.000001", "1000"}, {"bin.000002", "500", "No"}, {"bin.000003", "70"}};
  LogPosition at;
  at.file = "bin.000002";
  at.offset = 120;
  CHECK(BytesUntilEnd(at, logs) == 450);
  at.file = "bin.000003";
  at.offset = 70;
  CHECK(BytesUntilEnd(at, logs) == 0);
  at.offset = 100;  // the list is older than the position
  CHECK(BytesUntilEnd(at, logs) == 0);
  at.file = "bin.000009";
  CHECK(BytesUntilEnd(at, logs) == -1);
  CHECK(BytesUntilEnd(at, {}) == -1);
}
