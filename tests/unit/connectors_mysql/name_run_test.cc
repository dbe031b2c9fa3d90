#include "connectors/mysql/schema/name_run.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace millrace::mysql;

namespace {

std::vector<std::string> Numbered(std::string_view prefix, int first, int last) {
  std::vector<std::string> names;
  for (int i = first; i <= last; ++i) names.push_back(fmt::format("{}{}", prefix, i));
  return names;
}

std::vector<std::string> TextsOf(std::vector<std::string>* names) {
  std::vector<std::string> texts;
  for (const NameRun& run : TakeRuns(names)) texts.push_back(run.ToText());
  return texts;
}

}  // namespace

TEST_CASE("numbers that follow each other are one run, the others stay") {
  std::vector<std::string> names = Numbered("t_", 0, 99);
  for (const char* other : {"t_101", "t_", "u", "u_7", "t_100a"}) names.emplace_back(other);
  CHECK(TextsOf(&names) == std::vector<std::string>{"t_0..99"});
  CHECK(names == std::vector<std::string>{"t_101", "t_", "u", "u_7", "t_100a"});
}

TEST_CASE("zeros in front belong to the name") {
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back(fmt::format("t{:02}", i));
  CHECK(TextsOf(&names) == std::vector<std::string>{"t10..29", "t00..09"});
  CHECK(names.empty());
  CHECK(NameRun::Parse("t00..09")->Names().front() == "t00");
  CHECK(NameRun::Parse("t00..09")->Names().back() == "t09");
}

TEST_CASE("short runs and numbers beyond 18 digits stay as they are") {
  std::vector<std::string> names = Numbered("t", 1, 7);
  for (int i = 0; i < 9; ++i) names.push_back(fmt::format("x100000000000000000{}", i));
  const std::vector<std::string> before = names;
  CHECK(TextsOf(&names).empty());
  CHECK(names == before);
}

TEST_CASE("a run is read back, also one of names that look like a run") {
  for (const char* prefix : {"t_", "", "a0..9_", "d.t.."}) {
    std::vector<std::string> names = Numbered(prefix, 3, 40);
    const std::vector<std::string> before = names;
    const std::vector<std::string> texts = TextsOf(&names);
    REQUIRE(texts.size() == 1);
    const auto run = NameRun::Parse(texts[0]);
    REQUIRE(run);
    CHECK(run->Names() == before);
  }
  for (const char* text : {"", "t_", "t_1", "t_1..", "..9", "t_1..x9", "t_9..1", "t_0..9999999999"})
    CHECK_MESSAGE(!NameRun::Parse(text), text);
}
