#include "base/secret.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace millrace;

namespace {

// The secret values that are found.
std::vector<std::string> Found(const std::string& sql) {
  std::vector<std::string> values;
  for (const Span& span : FindSecrets(sql)) {
    values.push_back(sql.substr(span.begin, span.end - span.begin));
  }
  return values;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("keys are secret by their names") {
  for (const char* key : {"password", "Jdbc.Properties.PASSWORD", "x.auth-token", "Authorization",
                          "sink.properties.auth", "aws.secret-key", "credentials"}) {
    CHECK_MESSAGE(IsSecretKey(key), key);
  }
  for (const char* key : {"username", "author", "authors.name", "hostname", "database-name"}) {
    CHECK_MESSAGE(!IsSecretKey(key), key);
  }
}

TEST_CASE("secret values are found in statements") {
  CHECK(Found("WITH ('hostname' = 'h', 'password' = 'geheim', 'port' = '1')") == Texts{"geheim"});
  CHECK(Found("'password'='it''s','x.token' = 'b'") == Texts{"it''s", "b"});
  CHECK(Found("SET 'my.password'\n  = 'two\nlines';") == Texts{"two\nlines"});
  CHECK(Found("SET my.password = geheim;") == Texts{"geheim"});
  CHECK(Found("SELECT 'jdbc:mysql://u:geheim@host/'") == Texts{"geheim"});
  CHECK(Found("'password' = ''").empty());
  CHECK(Found("'password' = '${PASSWORD}'").empty());
  CHECK(Found("SELECT 'http://host:80/a@b', author, password FROM t").empty());
}

TEST_CASE("secret values are found in text that does not parse") {
  CHECK(Found("'password' 'geheim'") == Texts{"geheim"});
  CHECK(Found("'username' = 'u, 'password' = 'geheim', 'a'") == Texts{"geheim"});
  CHECK(Found("'password' = 'geheim") == Texts{"geheim"});
  CHECK(Found("'password = 'geheim'") == Texts{"geheim"});
  CHECK(Found("password' = geheim'") == Texts{"geheim"});
  CHECK(Found("'password' =").empty());
  CHECK(Found("password").empty());
}

TEST_CASE("a message repeats no secret") {
  const std::string sql = "'password' 'geheim', 'token' = 'b'";
  const auto secrets = FindSecrets(sql);
  CHECK(WithoutSecrets("unexpected \"'geheim'\"", sql, secrets) == "unexpected \"'***'\"");
  CHECK(WithoutSecrets("the bad \"b\" is 'b'", sql, secrets) == "the bad \"***\" is '***'");
}
