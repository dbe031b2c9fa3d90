#include "http/listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "unit/http_client.h"

namespace millrace::http {
namespace {

TEST_CASE("a port that is listened on is refused") {
  const Result<Listener> first = Listener::Open("127.0.0.1", 0);
  REQUIRE(first.ok());
  REQUIRE(first->port() != 0);
  for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0"}) {
    const Result<Listener> second = Listener::Open(host, first->port());
    REQUIRE_FALSE(second.ok());
    CHECK(second.status().message() == "cannot listen on " + std::string(host) + ":" +
                                           std::to_string(first->port()) +
                                           ": another process listens on this port");
  }
}

TEST_CASE("a port is free again as soon as its listener is gone") {
  uint16_t port = 0;
  {
    Result<Listener> first = Listener::Open("127.0.0.1", 0);
    REQUIRE(first.ok());
    port = first->port();
    // The side that closes first keeps the connection in TIME_WAIT: ours, as after a stop.
    testing::Socket client(port);
    const int accepted = accept(first->descriptor(), nullptr, nullptr);
    REQUIRE(accepted >= 0);
    close(accepted);
    CHECK(client.Receive(1).empty());
    CHECK(client.closed_by_peer());
  }
  const Result<Listener> again = Listener::Open("127.0.0.1", port);
  CHECK(again.status().message() == "");
}

TEST_CASE("a listener that is moved from or released closes nothing") {
  Result<Listener> first = Listener::Open("127.0.0.1", 0);
  REQUIRE(first.ok());
  Listener second = std::move(first).value();
  const int descriptor = second.Release();
  CHECK(second.descriptor() == -1);
  testing::Socket client(second.port());
  close(descriptor);
}

TEST_CASE("addresses") {
  CHECK(Listener::Open("example.org", 0).status().message() ==
        "\"example.org\" is not an IPv4 address");
  CHECK(IsLoopback("127.0.0.1"));
  CHECK(IsLoopback("127.1.2.3"));
  CHECK(IsLoopback("localhost"));
  CHECK_FALSE(IsLoopback("0.0.0.0"));
  CHECK_FALSE(IsLoopback("192.168.0.1"));
  CHECK_FALSE(IsLoopback("example.org"));
}

}  // namespace
}  // namespace millrace::http
