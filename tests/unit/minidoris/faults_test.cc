#include "minidoris/frontend/faults.h"

#include <doctest/doctest.h>

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

std::string Refusal(const std::string& json) { return ReadFaults(json).status().message(); }

TEST_CASE("a list of faults") {
  const auto faults = ReadFaults(
      R"([{"at": "load_body", "action": "drop", "after_bytes": 10, "skip": 2},)"
      R"( {"at": "all", "action": "delay", "delay_ms": 5, "times": -1, "duration_ms": 100}])");
  REQUIRE(faults.ok());
  REQUIRE(faults->size() == 2);
  const Fault& first = (*faults)[0];
  CHECK(first.at == "load_body");
  CHECK(first.action == "drop");
  CHECK(first.after_bytes == 10);
  CHECK(first.skip == 2);
  CHECK(first.times == 1);
  CHECK((*faults)[1].times == -1);
  CHECK((*faults)[1].delay_ms == 5);
  CHECK((*faults)[1].duration_ms == 100);
  CHECK(ReadFaults("[]")->empty());
}

TEST_CASE("the message names the entry that is wrong and what is expected") {
  CHECK(Refusal("") == "faults: not JSON: unexpected text at byte 1");
  CHECK(Refusal("{}") ==
        R"(faults: expected a JSON list such as [{"at": "commit", "action": "fail"}])");
  const std::string good = R"({"at": "commit", "action": "fail"})";
  CHECK(Refusal("[" + good + ", 7]") == "faults: entry 2 is not an object");
  CHECK(Refusal("[" + good + R"(, {"at": "be"}])") ==
        "faults: entry 2 has no \"action\"; expected one of drop, delay, fail, unavailable, "
        "publish_timeout");
  CHECK(Refusal(R"([{"at": "be", "action": 1}])") ==
        "faults: entry 1 has a \"action\" that is not a string; expected one of drop, delay, fail, "
        "unavailable, publish_timeout");
  CHECK(Refusal(R"([{"at": "be", "action": "dorp"}])") ==
        "faults: entry 1 has the unknown \"action\" \"dorp\"; expected one of drop, delay, fail, "
        "unavailable, publish_timeout");
  CHECK(Refusal(R"([{"at": "be", "action": "drop", "delay": 1}])") ==
        "faults: entry 1 has the unknown member \"delay\"");
  CHECK(Refusal(R"([{"at": "be", "action": "drop", "skip": -1}])") ==
        "faults: entry 1 has a \"skip\" that is not a whole number from 0");
  CHECK(Refusal(R"([{"at": "be", "action": "drop", "delay_ms": 1.5}])") ==
        "faults: entry 1 has a \"delay_ms\" that is not a whole number from 0");
  CHECK(Refusal(R"([{"at": "be", "action": "drop", "times": 0}])") ==
        "faults: entry 1 has \"times\": 0; expected a count, or -1 for always");
}

TEST_CASE("a fault applies `times` times after `skip` times") {
  MovableClock clock;
  FaultBoard board(&clock);
  REQUIRE(board.Set(R"([{"at": "commit", "action": "fail", "skip": 1, "times": 2}])", false).ok());
  CHECK_FALSE(board.Take("abort"));
  CHECK_FALSE(board.Take("commit"));
  CHECK(board.Take("commit"));
  CHECK(board.Take("commit"));
  CHECK_FALSE(board.Take("commit"));
  CHECK(board.Show() == "[]\n");
}

TEST_CASE("all is each request and statement, not the steps of a load") {
  MovableClock clock;
  FaultBoard board(&clock);
  REQUIRE(board.Set(R"([{"at": "all", "action": "drop", "times": -1}])", false).ok());
  CHECK(board.Take("fe"));
  CHECK(board.Take("be"));
  CHECK(board.Take("query"));
  CHECK_FALSE(board.Take("commit"));
  CHECK_FALSE(board.TakeAfter("load_body", 100));
}

TEST_CASE("a fault in a body waits for its bytes") {
  MovableClock clock;
  FaultBoard board(&clock);
  REQUIRE(board.Set(R"([{"at": "load_body", "action": "drop", "after_bytes": 10}])", false).ok());
  CHECK_FALSE(board.TakeAfter("load_body", 9));
  CHECK(board.TakeAfter("load_body", 10));
}

TEST_CASE("a list with an error changes nothing; lists are bounded") {
  MovableClock clock;
  FaultBoard board(&clock);
  REQUIRE(board.Set(R"([{"at": "fe", "action": "drop"}])", false).ok());
  const std::string before = board.Show();
  CHECK(before == R"([{"action":"drop","after_bytes":0,"at":"fe","delay_ms":0,"skip":0,"times":1}])"
                  "\n");
  CHECK_FALSE(board.Set(R"([{"at": "be", "action": "drop"}, {}])", false).ok());
  std::string many = "[";
  for (size_t i = 0; i < FaultBoard::kFaultsMax; ++i) many += R"({"at": "be", "action": "drop"},)";
  many.back() = ']';
  CHECK(board.Set(many, true).message() == "faults: more than 10000 entries");
  CHECK(board.Show() == before);
  CHECK(board.Set(many, false).ok());
  board.Clear();
  CHECK(board.Show() == "[]\n");
}

}  // namespace
}  // namespace millrace::minidoris::testing
