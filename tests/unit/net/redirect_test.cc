#include "net/redirect.h"

#include <doctest/doctest.h>

namespace millrace {
namespace {

// Where a redirect leads; the message if it leads nowhere.
std::string Follow(const char* from, const char* location, const RedirectPolicy& policy = {}) {
  const Result<Url> next = FollowRedirect(*ParseUrl(from), location, policy);
  if (next.ok()) return next->Text();
  return (next.status().transient() ? "transient: " : "permanent: ") + next.status().message();
}

TEST_CASE("a redirect goes anywhere without a list, and never shows the user-info") {
  CHECK(Follow("http://fe:8030/a", "http://root:secret@be:8040/a?x=1") == "http://be:8040/a?x=1");
  CHECK(Follow("https://fe:8030/a", "https://be:8040/a") == "https://be:8040/a");
  CHECK(Follow("http://fe:8030/a", "https://be:8040/a") == "https://be:8040/a");
  CHECK(Follow("http://fe:8030/a", "/relative") ==
        "transient: http://fe:8030/a: redirect without a usable Location: /relative");
  CHECK(Follow("http://fe:8030/a", "ftp://root:secret@be/").find("secret") == std::string::npos);
}

TEST_CASE("a redirect from https to http is refused, whatever the list says") {
  const std::string expected =
      "permanent: https://fe:8030/a: redirected from https to http://be:8040; refused, because the "
      "password would be sent without encryption";
  CHECK(Follow("https://fe:8030/a", "http://root:secret@be:8040/a") == expected);
  CHECK(Follow("https://fe:8030/a", "http://be:8040/a", {.hosts = {"be:8040"}}) == expected);
  CHECK(Follow("HTTPS://fe:8030/a", "HTTP://be:8040/a") == expected);
}

TEST_CASE("a redirect to a host outside of the list is refused") {
  const RedirectPolicy policy = {.hosts = {"be1:8040", "BE2:8040", "be3"}};
  CHECK(Follow("http://fe/", "http://be1:8040/x", policy) == "http://be1:8040/x");
  CHECK(Follow("http://fe/", "http://be2:8040/x", policy) == "http://be2:8040/x");
  CHECK(Follow("http://fe/", "http://be3:80/x", policy) == "http://be3:80/x");
  CHECK(Follow("http://fe/", "http://be1:8041/x", policy) ==
        "permanent: http://fe/: redirected to be1:8041; refused, because that is not one of the "
        "given hosts (be1:8040, BE2:8040, be3)");
  CHECK(Follow("http://fe/", "http://be1:8040@evil:8040/x", policy).starts_with("permanent"));
  CHECK(Follow("http://fe/", "http://be1:8040.evil/x", policy).starts_with("permanent"));
}

TEST_CASE("hosts are compared with their ports, which follow from the scheme if left out") {
  CHECK(IsOnHost(*ParseUrl("https://be/x"), {"be:443"}));
  CHECK(IsOnHost(*ParseUrl("http://be:80/x"), {"be"}));
  CHECK(!IsOnHost(*ParseUrl("https://be/x"), {"be:80"}));
  CHECK(IsOnHost(*ParseUrl("http://[::1]:8040/x"), {"[::1]:8040"}));
  CHECK(IsOnHost(*ParseUrl("http://[::1]/x"), {"[::1]:80"}));
  CHECK(!IsOnHost(*ParseUrl("http://be/x"), {}));
}

}  // namespace
}  // namespace millrace
