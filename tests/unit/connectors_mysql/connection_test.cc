#include "connectors/mysql/wire/connection.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

using namespace millrace;
using namespace millrace::mysql;

namespace {

// Listens on a port of this machine; connections are made and never answered.
class MuteServer final {
 public:
  MuteServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(socket_, 8) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~MuteServer() { ::close(socket_); }
  uint16_t port() const { return port_; }

 private:
  const int socket_;
  uint16_t port_ = 0;
};

Endpoint EndpointOf(const MuteServer& server) {
  Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = server.port();
  endpoint.user = "nobody";
  return endpoint;
}

}  // namespace

TEST_CASE("connecting to a server that says nothing can be interrupted") {
  const MuteServer server;
  std::atomic<bool> interrupted = false;
  Status status;
  std::thread connecting(
      [&] { status = Connection::Connect(EndpointOf(server), &interrupted).status(); });
  const auto begin = std::chrono::steady_clock::now();
  interrupted = true;
  connecting.join();
  CHECK(status.cancelled());
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("a server that says nothing is a transient failure after the timeout") {
  const MuteServer server;
  Endpoint endpoint = EndpointOf(server);
  endpoint.connect_timeout_ms = 1'000;
  endpoint.read_timeout_ms = 1'000;
  const Status status = Connection::Connect(endpoint).status();
  CHECK(status.transient());
  CHECK(status.message().find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
}

TEST_CASE("nobody listening is a transient failure at once") {
  Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = 1;
  CHECK(Connection::Connect(endpoint).status().transient());
}
