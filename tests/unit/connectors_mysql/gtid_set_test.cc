#include "connectors/mysql/binlog/gtid_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace millrace::mysql;

namespace {
const std::string kA = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const std::string kB = "4350f323-7565-4e59-8763-4b1b83a0ce0e";
}  // namespace

TEST_CASE("GTID sets are read and printed") {
  const auto set = GtidSet::Parse(" " + kA + ":1-3:5,\n" + kB + ":7");
  REQUIRE(set);
  CHECK(set->ToString() == kA + ":1-3:5," + kB + ":7");
  CHECK(set->Contains(kA, 3));
  CHECK_FALSE(set->Contains(kA, 4));
  CHECK(GtidSet::Parse("")->empty());
  const auto tagged = GtidSet::Parse(kA + ":1-2:blue:1-5");
  REQUIRE(tagged);
  CHECK(tagged->has_tags());
  CHECK(tagged->ToString() == kA + ":1-2," + kA + ":blue:1-5");
}

TEST_CASE("text that is not a GTID set is refused") {
  for (const char* text : {"x", "3e11fa47:1", ":1", "3e11fa47-71ca-11e1-9e33-c80aa9429562",
                           "3e11fa47-71ca-11e1-9e33-c80aa9429562:0",
                           "3e11fa47-71ca-11e1-9e33-c80aa9429562:5-3", "0-1-100"}) {
    CHECK_FALSE_MESSAGE(GtidSet::Parse(text).has_value(), text);
  }
}

TEST_CASE("adding in any order gives the same set") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    GtidSet set;
    std::set<uint64_t> model;
    for (int i = 0; i < 40; ++i) {
      const uint64_t number = 1 + random() % 50;
      set.Add(kA, number);
      model.insert(number);
    }
    for (uint64_t number = 1; number <= 50; ++number) {
      REQUIRE(set.Contains(kA, number) == model.contains(number));
    }
    REQUIRE(GtidSet::Parse(set.ToString()) == set);
  }
}

TEST_CASE("the wire form: intervals end after their last number") {
  GtidSet set;
  set.Add(kA, 1);
  set.Add(kA, 2);
  const std::string data = set.Encode();
  REQUIRE(data.size() == 8 + 16 + 8 + 16);
  CHECK(static_cast<unsigned char>(data[8]) == 0x3e);
  CHECK(data[24] == 1);
  CHECK(data[32] == 1);
  CHECK(data[40] == 3);
}
