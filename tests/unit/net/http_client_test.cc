#include "net/http_client.h"

#include <doctest/doctest.h>

#include "net/url.h"
#include "unit/net/scripted_server.h"

namespace millrace {
namespace {

TEST_CASE("URLs lose their user-info") {
  const auto url = ParseUrl("http://root:p%40ss@be:8040/api/db/t/_stream_load?x=1");
  REQUIRE(url);
  CHECK(url->Text() == "http://be:8040/api/db/t/_stream_load?x=1");
  CHECK(ParseUrl("https://h")->Text() == "https://h/");
  CHECK(ParseUrl("http://h?x")->Text() == "http://h/?x");
  CHECK(!ParseUrl("/relative"));
  CHECK(!ParseUrl("ftp://h/"));
  CHECK(!ParseUrl("http:///x"));
  CHECK(RedactUrls("to http://u:p@h/x and http://h/y@z, https://a:b@c") ==
        "to http://***@h/x and http://h/y@z, https://***@c");
}

TEST_CASE("small encodings") {
  CHECK(BasicAuthorization("root", "") == "Basic cm9vdDo=");
  CHECK(EscapeSegment("a b/ä-_.~") == "a%20b%2F%C3%A4-_.~");
}

TEST_CASE("a redirect is followed with our headers and without the server's user-info") {
  std::string head;
  ScriptedServer back({[&](Connection& connection) {
    head = connection.ReadHead();
    connection.Answer("200 OK", "fine");
  }});
  ScriptedServer front({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("307 Temporary Redirect", "",
                      "Location: http://a:b@" + back.Address() + "/x\r\n");
  }});
  HttpClient client({});
  const auto answer =
      client.Perform({.method = "PUT", .url = front.Url("/"), .headers = {"Authorization: mine"}});
  REQUIRE(answer.ok());
  CHECK(answer->body == "fine");
  CHECK(head.starts_with("PUT /x HTTP/1.1\r\n"));
  CHECK(head.find("Authorization: mine\r\n") != std::string::npos);
  CHECK(head.find("Expect") == std::string::npos);
}

TEST_CASE("no answer is a passing trouble that names the address") {
  HttpClient client({.connect_timeout_ms = 100, .answer_timeout_ms = 100});
  const auto refused = client.Perform({.url = "http://127.0.0.1:1/"});
  CHECK(refused.status().transient());
  CHECK(refused.status().message().find("127.0.0.1:1") != std::string::npos);

  ScriptedServer server({[](Connection& connection) {
    connection.ReadHead();
    connection.WaitForClose(5'000);
  }});
  CHECK(client.Perform({.url = server.Url("/")}).status().transient());

  ScriptedServer other({[](Connection& connection) { connection.Send("J\0\0\0\n5.7.99"); }});
  const Status status = client.Perform({.url = other.Url("/")}).status();
  CHECK(!status.transient());
  CHECK(status.message().find("is this the HTTP port?") != std::string::npos);
}

}  // namespace
}  // namespace millrace
