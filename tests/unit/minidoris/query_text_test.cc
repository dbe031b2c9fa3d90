// The texts of the query port: patterns, the handshake.
#include <doctest/doctest.h>

#include "minidoris/query/handshake.h"
#include "minidoris/query/pattern.h"

namespace millrace::minidoris {
namespace {

TEST_CASE("patterns of LIKE") {
  CHECK(MatchesPattern("", ""));
  CHECK(MatchesPattern("", "%"));
  CHECK_FALSE(MatchesPattern("a", ""));
  CHECK(MatchesPattern("abc", "abc"));
  CHECK_FALSE(MatchesPattern("abc", "ABC"));
  CHECK(MatchesPattern("abc", "a%"));
  CHECK(MatchesPattern("abc", "%c"));
  CHECK(MatchesPattern("abc", "%%b%%"));
  CHECK(MatchesPattern("abc", "a_c"));
  CHECK_FALSE(MatchesPattern("abc", "a_"));
  CHECK_FALSE(MatchesPattern("abc", "abcd"));
  CHECK(MatchesPattern("aXbXc", "a%X_"));
  CHECK(MatchesPattern("abab", "%ab"));
  CHECK(MatchesPattern("a_c", "a\\_c"));
  CHECK_FALSE(MatchesPattern("abc", "a\\_c"));
  CHECK(MatchesPattern("50%", "50\\%"));
  CHECK(MatchesPattern("a\\", "a\\"));
}

TEST_CASE("a pattern of many % takes no exponential time") {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "%a";
  CHECK_FALSE(MatchesPattern(std::string(2000, 'a'), pattern + "%b"));
}

TEST_CASE("logins") {
  std::string payload("\x09\x82\x08\x00", 4);  // protocol 41, secure connection, database, plugin
  payload += std::string(4 + 1 + 23, '\0');
  payload += std::string("bob\0", 4) + std::string("\3abc", 4) + std::string("db\0", 3) +
             std::string("plugin\0", 7);
  const std::optional<Login> login = ReadLogin(payload);
  REQUIRE(login);
  CHECK(login->user == "bob");
  CHECK(login->answer == "abc");
  CHECK(login->database == "db");
  CHECK(login->plugin == "plugin");
  CHECK_FALSE(ReadLogin(""));
  CHECK_FALSE(ReadLogin(payload.substr(0, 20)));
  CHECK_FALSE(ReadLogin(payload.substr(0, 38)));  // ends inside the answer
}

}  // namespace
}  // namespace millrace::minidoris
