#include "net/http_client.h"

#include <doctest/doctest.h>

#include <atomic>

#include "base/clock.h"
#include "net/url.h"
#include "unit/scripted_server.h"

namespace millrace {
namespace {

constexpr int kSoonMs = 5'000;

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

TEST_CASE("no answer is a transient failure that names the address") {
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

TEST_CASE("a redirect outside of the policy is not followed, and not a byte is sent there") {
  std::atomic<bool> asked = false;
  ScriptedServer back({[&](Connection& connection) {
    asked = connection.HasBytes(0) || !connection.ReadHead().empty();
  }});
  ScriptedServer front({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("307 Temporary Redirect", "", "Location: " + back.Url("/x") + "\r\n");
  }});
  HttpSettings settings;
  settings.redirects.hosts = {front.Address()};
  HttpClient client(settings);
  const Status status = client.Perform({.url = front.Url("/")}).status();
  CHECK(!status.ok());
  CHECK(!status.transient());
  CHECK(status.message().find("redirected to " + back.Address()) != std::string::npos);
  CHECK(!asked);
}

TEST_CASE("a redirect that is not to be followed is an answer") {
  ScriptedServer server({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("302 Found", "", "Location: http://127.0.0.1:1/\r\n");
  }});
  const auto answer = HttpClient({}).Perform({.url = server.Url("/"), .follow_redirects = false});
  REQUIRE(answer.ok());
  CHECK(answer->status == 302);
}

TEST_CASE("a stop ends every wait at once") {
  std::function<void(Connection&)> peer;
  SUBCASE("for a peer that says nothing") {
    peer = [](Connection& connection) { connection.WaitForClose(kSoonMs); };
  }
  SUBCASE("for one that stops in the middle of a body") {
    peer = [](Connection& connection) {
      connection.ReadHead();
      connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      connection.WaitForClose(kSoonMs);
    };
  }
  ScriptedServer server({peer});
  StopToken stop(&SystemClock());
  HttpSettings settings;
  settings.stop = &stop;
  std::string waited_for;
  settings.on_wait = [&](const std::string& host, int64_t) { waited_for = host; };
  HttpClient client(settings);
  stop.RequestAt(SystemClock().NowMs() + 200);
  const int64_t start_ms = SystemClock().NowMs();
  CHECK(client.Perform({.url = server.Url("/")}).status().cancelled());
  CHECK(SystemClock().NowMs() - start_ms < 1'000);
  CHECK(waited_for == server.Address());
  CHECK(client.Perform({.url = server.Url("/")}).status().cancelled());  // before it connects
}

}  // namespace
}  // namespace millrace
