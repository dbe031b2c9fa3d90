#include "http/message.h"

#include <doctest/doctest.h>

namespace millrace::http {
namespace {

Request WithAuthorization(const std::string& value) {
  Request request;
  request.headers["authorization"] = value;
  return request;
}

TEST_CASE("headers and query by name") {
  Request request;
  request.headers["content-type"] = "text/plain";
  request.query["file"] = "a b";
  CHECK(request.Header("content-type") == "text/plain");
  CHECK(request.Query("file") == "a b");
  CHECK_FALSE(request.Header("label"));
  CHECK_FALSE(request.Query("content-type"));
}

TEST_CASE("Basic credentials") {
  const auto plain = BasicCredentials(WithAuthorization("Basic cm9vdDpwdw=="));  // root:pw
  REQUIRE(plain);
  CHECK(plain->user == "root");
  CHECK(plain->password == "pw");
  const auto colons = BasicCredentials(WithAuthorization("bAsIc  YTpiOmM="));  // a:b:c
  REQUIRE(colons);
  CHECK(colons->user == "a");
  CHECK(colons->password == "b:c");
}

TEST_CASE("what is not Basic credentials") {
  CHECK_FALSE(BasicCredentials(Request()));
  for (const char* value :
       {"", "Basic", "Basic ", "Basic !!!", "Basic cm9vdA==", "Bearer cm9vdDo="}) {
    CAPTURE(value);
    CHECK_FALSE(BasicCredentials(WithAuthorization(value)));
  }
}

}  // namespace
}  // namespace millrace::http
