// Connections to servers that are not there, say nothing, or stop talking.
#include "connectors/mysql/wire/connection.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/clock.h"

using namespace millrace;
using namespace millrace::mysql;

namespace {

constexpr int64_t kSoonMs = 1'000;

// A port on which somebody listens and never says a word.
class MuteServer final {
 public:
  MuteServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~MuteServer() {
    if (client_ >= 0) ::close(client_);
    ::close(socket_);
  }

  void Listen() { REQUIRE(::listen(socket_, 5) == 0); }
  // Waits for a client.
  void Accept() { client_ = ::accept(socket_, nullptr, nullptr); }

  Endpoint endpoint() const {
    Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port_;
    endpoint.user = "u";
    return endpoint;
  }

 private:
  const int socket_;
  int client_ = -1;
  uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("a refused connection says so") {
  const MuteServer server;  // the port is taken, but nobody listens
  const auto connection = Connection::Connect(server.endpoint());
  REQUIRE_FALSE(connection.ok());
  CHECK(connection.status().transient());
  const std::string message = connection.status().message();
  CHECK_MESSAGE(message.find("connecting failed: Connection refused") != std::string::npos,
                message);
}

TEST_CASE("a server that accepts and says nothing") {
  MuteServer server;
  server.Listen();
  Endpoint endpoint = server.endpoint();
  endpoint.connect_timeout_ms = 1'000;
  const auto connection = Connection::Connect(endpoint);
  REQUIRE_FALSE(connection.ok());
  CHECK(connection.status().transient());
  const std::string message = connection.status().message();
  CHECK_MESSAGE(message.find("no answer within 1 s") != std::string::npos, message);
}

TEST_CASE("making a connection ends soon after a stop") {
  MuteServer server;
  server.Listen();
  std::atomic<bool> stopped = false;
  std::atomic<bool> ended = false;
  Status status;
  std::thread thread([&] {
    const auto connection = Connection::Connect(server.endpoint(), &stopped);
    if (!connection.ok()) status = connection.status();
    ended = true;
  });
  Clock& clock = SystemClock();
  server.Accept();  // the client waits for the server's greeting
  CHECK_FALSE(ended);
  const int64_t start_ms = clock.NowMs();
  stopped = true;
  thread.join();
  CHECK(clock.NowMs() - start_ms < kSoonMs);
  CHECK(status.cancelled());
}

TEST_CASE("no connection is made after a stop") {
  MuteServer server;
  server.Listen();
  const std::atomic<bool> stopped = true;
  CHECK(Connection::Connect(server.endpoint(), &stopped).status().cancelled());
}
