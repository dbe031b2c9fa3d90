#include "base/suggest.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace millrace;

TEST_CASE("the nearest name is a typing mistake away") {
  const std::vector<std::string> names = {"orders", "customers", "hostname"};
  CHECK(Nearest("ordrs", names) == "orders");
  CHECK(Nearest("hsotname", names) == "hostname");
  CHECK(Nearest("HOSTNAME", names) == "hostname");
  CHECK_FALSE(Nearest("invoice", names).has_value());
  CHECK(DidYouMean("ordrs", names) == "Did you mean \"orders\"?");
}
