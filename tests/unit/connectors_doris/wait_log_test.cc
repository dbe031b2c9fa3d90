#include "connectors/doris/wait_log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "unit/connectors_doris/fake_doris.h"
#include "unit/temporary_folder.h"

namespace millrace::doris {
namespace {

TEST_CASE("a wait is logged after some seconds, and then seldom") {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/log";
  std::FILE* file = std::fopen(path.c_str(), "w");
  FakeClock clock;
  Log log(LogLevel::kInfo, file);
  WaitLog waits(&clock, &log);
  for (int64_t waited_ms = 0; waited_ms < 100'000; waited_ms += 100) {
    waits.Report("fe:8030", waited_ms);
    waits.Report("be:8040", waited_ms / 2);
    clock.SleepMs(100);
  }
  std::fclose(file);
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);  // at 3, 33, 63 and 93 s
  CHECK(text.find("waiting for Doris at fe:8030, which has not answered for 3 s\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace millrace::doris
