#include "base/units.h"

#include <doctest/doctest.h>

using namespace millrace;

TEST_CASE("durations are spelt as in Flink") {
  CHECK(ParseDurationMs("10s") == 10'000);
  CHECK(ParseDurationMs(" 3 min ") == 180'000);
  CHECK(ParseDurationMs("500") == 500);
  CHECK(ParseDurationMs("250 MS") == 250);
  CHECK(ParseDurationMs("1 d") == 86'400'000);
  CHECK(ParseDurationMs("1500 us") == 1);
  CHECK_FALSE(ParseDurationMs("").has_value());
  CHECK_FALSE(ParseDurationMs("s").has_value());
  CHECK_FALSE(ParseDurationMs("1.5 s").has_value());
  CHECK_FALSE(ParseDurationMs("-1 s").has_value());
  CHECK_FALSE(ParseDurationMs("1 fortnight").has_value());
  CHECK_FALSE(ParseDurationMs("99999999999999999999 s").has_value());
  CHECK_FALSE(ParseDurationMs("9223372036854775807 d").has_value());
}

TEST_CASE("memory sizes are 1024-based") {
  CHECK(ParseMemoryBytes("64 mb") == 64 << 20);
  CHECK(ParseMemoryBytes("1g") == 1 << 30);
  CHECK(ParseMemoryBytes("4096") == 4096);
  CHECK_FALSE(ParseMemoryBytes("4 parsecs").has_value());
}

TEST_CASE("integers take the whole text") {
  CHECK(ParseInteger("-7") == -7);
  CHECK(ParseInteger("+7") == 7);
  CHECK_FALSE(ParseInteger("+-7").has_value());
  CHECK_FALSE(ParseInteger("7x").has_value());
  CHECK_FALSE(ParseInteger("").has_value());
}
