#include "base/regex.h"

#include <doctest/doctest.h>

#include <string>

using namespace millrace;

TEST_CASE("patterns match parts or wholes, with regard to case or without") {
  CHECK(Regex::Compile("b+")->Find("abbc").value());
  CHECK_FALSE(Regex::Compile("b+", Regex::Match::kWhole)->Find("abbc").value());
  CHECK(Regex::Compile("EMP_[0-9]+", Regex::Match::kWhole, Regex::Case::kIgnored)
            ->Find("emp_12")
            .value());
  CHECK_FALSE(Regex::Compile("(").has_value());
}

TEST_CASE("a pattern that would run for years is an error") {
  std::optional<Regex> regex = Regex::Compile("(a+)+$");
  CHECK_FALSE(regex->Find(std::string(60, 'a') + "b").ok());
}
