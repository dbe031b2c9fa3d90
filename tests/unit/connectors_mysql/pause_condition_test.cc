#include "connectors/mysql/snapshot/pause_condition.h"

#include <doctest/doctest.h>

using namespace millrace::mysql;

namespace {

using Comparison = PauseCondition::Comparison;

std::vector<PauseCondition> Parsed(std::string_view text) {
  auto parsed = ParsePauseConditions(text);
  REQUIRE(std::holds_alternative<std::vector<PauseCondition>>(parsed));
  return std::get<std::vector<PauseCondition>>(parsed);
}

PauseSyntaxError Error(std::string_view text) {
  auto parsed = ParsePauseConditions(text);
  REQUIRE(std::holds_alternative<PauseSyntaxError>(parsed));
  return std::get<PauseSyntaxError>(parsed);
}

}  // namespace

TEST_CASE("conditions compare status variables with numbers, and the lag with a duration") {
  CHECK(Parsed("threads_running>50, replica_lag>10s") ==
        std::vector<PauseCondition>{{"threads_running", Comparison::kGreater, 50},
                                    {"replica_lag", Comparison::kGreater, 10}});
  CHECK(Parsed(" Threads_Running >= 5 ,x<7,y <= 0,replica_lag > 2 min") ==
        std::vector<PauseCondition>{{"threads_running", Comparison::kGreaterOrEqual, 5},
                                    {"x", Comparison::kLess, 7},
                                    {"y", Comparison::kLessOrEqual, 0},
                                    {"replica_lag", Comparison::kGreater, 120}});
  CHECK(Parsed("replica_lag>10")[0].value == 10);
}

TEST_CASE("what is wrong is said at its character") {
  CHECK(Error("") == PauseSyntaxError{0, "expected the name of a status variable"});
  CHECK(Error("a>1,") == PauseSyntaxError{4, "expected the name of a status variable"});
  CHECK(Error("a>1, >2") == PauseSyntaxError{5, "expected the name of a status variable"});
  CHECK(Error("a = 1") == PauseSyntaxError{2, "expected >, >=, < or <="});
  CHECK(Error("a") == PauseSyntaxError{1, "expected >, >=, < or <="});
  CHECK(Error("a>") == PauseSyntaxError{2, "expected a whole number"});
  CHECK(Error("a> 10s") == PauseSyntaxError{3, "expected a whole number"});
  CHECK(Error("a>-1") == PauseSyntaxError{2, "expected a whole number"});
  CHECK(Error("a>1 b>2") == PauseSyntaxError{2, "expected a whole number"});
  CHECK(Error("replica_lag>10 ms") ==
        PauseSyntaxError{12, "expected a duration in whole seconds, such as 10s"});
}

TEST_CASE("a condition holds or not") {
  CHECK(PauseCondition{"a", Comparison::kGreater, 5}.HoldsFor(6));
  CHECK_FALSE(PauseCondition{"a", Comparison::kGreater, 5}.HoldsFor(5));
  CHECK(PauseCondition{"a", Comparison::kGreaterOrEqual, 5}.HoldsFor(5));
  CHECK(PauseCondition{"a", Comparison::kLess, 5}.HoldsFor(4));
  CHECK_FALSE(PauseCondition{"a", Comparison::kLess, 5}.HoldsFor(5));
  CHECK(PauseCondition{"a", Comparison::kLessOrEqual, 5}.HoldsFor(5));
  CHECK(PauseCondition{"replica_lag", Comparison::kGreater, 10}.ToString() == "replica_lag > 10 s");
}
