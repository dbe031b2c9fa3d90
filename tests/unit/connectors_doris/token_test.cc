#include "connectors/doris/token.h"

#include <doctest/doctest.h>

namespace millrace::doris {
namespace {

TEST_CASE("tokens survive being written down") {
  const Token token{2, 17, 4, {{"demo", "l_1", 99, 5, 1234}, {"demo", "l_2", 100, 6, 7}}};
  CHECK(ToText(token) == R"({"incarnation":2,"sequence":17,"lanes":4,"transactions":[)"
                         R"({"db":"demo","label":"l_1","txn":99,"rows":5,"bytes":1234},)"
                         R"({"db":"demo","label":"l_2","txn":100,"rows":6,"bytes":7}]})");
  const auto parsed = ParseToken(ToText(token));
  REQUIRE(parsed.ok());
  CHECK(*parsed == token);
  CHECK(ParseToken("")->sequence == 0);
  CHECK(!ParseToken("{}").ok());
  CHECK(!ParseToken("{").status().transient());
}

TEST_CASE("a damaged token is refused by what is wrong, and never throws") {
  const auto parse = [](const std::string& lanes, const std::string& transactions) {
    const auto token = ParseToken(R"({"incarnation":1,"sequence":2,"lanes":)" + lanes +
                                  R"(,"transactions":)" + transactions + "}");
    return token.ok() ? "ok" : token.status().message();
  };
  CHECK(parse("4", "[]") == "ok");
  CHECK(parse("256", "[]") == "ok");
  for (const char* lanes : {"257", "2000000000", "-1", "1e99", "\"4\"", "null", "[]"}) {
    CHECK_MESSAGE(parse(lanes, "[]").find("lanes") != std::string::npos, lanes);
  }
  for (const char* transactions :
       {"[17]", "[{}]", "{}", "null", R"([{"db":1,"label":"l","txn":1,"rows":1,"bytes":1}])",
        R"([{"db":"d","label":"l","txn":"1","rows":1,"bytes":1}])"}) {
    CHECK_MESSAGE(parse("4", transactions).find("transaction") != std::string::npos, transactions);
  }
  CHECK(!ParseToken(std::string(100'000, '[')).ok());
}

}  // namespace
}  // namespace millrace::doris
