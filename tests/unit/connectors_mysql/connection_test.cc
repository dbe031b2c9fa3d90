// Connections to servers that are not there, say nothing, or stop talking.
#include "connectors/mysql/wire/connection.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "base/bytes.h"
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
    if (socket_ >= 0) ::close(socket_);
  }

  void Listen(int waiting_max = 5) { REQUIRE(::listen(socket_, waiting_max) == 0); }
  void Close() { ::close(std::exchange(socket_, -1)); }
  // Until somebody has asked for a connection and got no answer.
  void AwaitUnanswered() const {
    constexpr int64_t kDeadlineMs = 10'000;
    const std::string asked = fmt::format(":{:04X} 02 ", port_);  // the other end and SYN_SENT
    Clock& clock = SystemClock();
    const int64_t end_ms = clock.NowMs() + kDeadlineMs;
    while (clock.NowMs() < end_ms) {
      std::ifstream sockets("/proc/net/tcp");
      const std::string text(std::istreambuf_iterator<char>(sockets), {});
      if (text.find(asked) != std::string::npos) return;
      clock.SleepMs(10);
    }
    FAIL("nobody waits for a connection");
  }
  // Waits for a client.
  void Accept() {
    if (client_ >= 0) ::close(client_);
    client_ = ::accept(socket_, nullptr, nullptr);
  }
  void Say(std::string_view bytes) const {
    REQUIRE(::send(client_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  }
  // How many bytes the client sends until it closes, or until there are some.
  ssize_t Heard() const {
    char bytes[1024];
    return ::recv(client_, bytes, sizeof bytes, 0);
  }

  Endpoint endpoint() const {
    Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port_;
    endpoint.user = "u";
    return endpoint;
  }

 private:
  int socket_;
  int client_ = -1;
  uint16_t port_ = 0;
};

// Connects and waits.
class Client final {
 public:
  explicit Client(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

 private:
  const int socket_;
};

constexpr uint32_t kWithoutTls = 0x00088201;  // protocol 4.1, ways to log in
constexpr uint32_t kWithTls = kWithoutTls | 0x800;

// The first packet of a server.
std::string Greeting(uint32_t capabilities, const std::string& login = "mysql_native_password") {
  ByteWriter payload;
  payload.U8(10);  // of the protocol
  payload.Bytes(std::string("8.0.30") + '\0');
  payload.U32(1);  // of the connection
  payload.Bytes(std::string("12345678") + '\0');
  payload.U16(static_cast<uint16_t>(capabilities));
  payload.U8(45);
  payload.U16(2);
  payload.U16(static_cast<uint16_t>(capabilities >> 16));
  payload.U8(21);  // bytes of the challenge
  payload.Bytes(std::string(10, '\0') + "123456789012" + '\0' + login + '\0');
  ByteWriter packet;
  packet.U16(static_cast<uint16_t>(payload.bytes().size()));
  packet.U16(0);  // the rest of the length, and the number
  packet.Bytes(payload.bytes());
  return packet.Take();
}

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

TEST_CASE("a connection that is refused after a while says so") {
  MuteServer server;
  server.Listen(/*waiting_max=*/0);
  const Client first(server.endpoint().port);  // the queue is full: the next one is not answered
  Endpoint endpoint = server.endpoint();
  endpoint.connect_timeout_ms = 20'000;
  Status status;
  std::thread thread([&] { status = Connection::Connect(endpoint).status(); });
  server.AwaitUnanswered();
  server.Close();  // what is asked again is refused
  thread.join();
  const std::string message = status.message();
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

TEST_CASE("where TLS is required nothing is sent to a server that says it has none") {
  for (const TlsMode mode : {TlsMode::kRequired, TlsMode::kVerifyCa, TlsMode::kVerifyIdentity}) {
    MuteServer server;
    server.Listen();
    Endpoint endpoint = server.endpoint();
    endpoint.tls.mode = mode;
    Status status;
    std::thread thread([&] { status = Connection::Connect(endpoint).status(); });
    server.Accept();
    server.Say(Greeting(kWithoutTls));
    CHECK(server.Heard() == 0);
    thread.join();
    CHECK_FALSE(status.transient());
    CHECK_MESSAGE(status.message().find("the server offers no TLS") != std::string::npos,
                  status.message());
  }
}

TEST_CASE("where TLS is preferred the login is sent over a second connection without it") {
  MuteServer server;
  server.Listen();
  Endpoint endpoint = server.endpoint();
  endpoint.tls.mode = TlsMode::kPreferred;
  endpoint.connect_timeout_ms = 1'000;
  Status status;
  std::thread thread([&] { status = Connection::Connect(endpoint).status(); });
  server.Accept();
  server.Say(Greeting(kWithoutTls));
  CHECK(server.Heard() == 0);
  server.Accept();
  server.Say(Greeting(kWithoutTls));
  CHECK(server.Heard() > 0);
  thread.join();
}

TEST_CASE("a password is not sent as it is where TLS is not required") {
  for (const TlsMode mode : {TlsMode::kDisabled, TlsMode::kRequired}) {
    MuteServer server;
    server.Listen();
    Endpoint endpoint = server.endpoint();
    endpoint.tls.mode = mode;
    endpoint.password = "secret";
    endpoint.connect_timeout_ms = 1'000;
    Status status;
    std::thread thread([&] { status = Connection::Connect(endpoint).status(); });
    server.Accept();
    const bool over_tls = mode == TlsMode::kRequired;
    server.Say(Greeting(over_tls ? kWithTls : kWithoutTls, "mysql_clear_password"));
    CHECK((server.Heard() > 0) == over_tls);  // over TLS that is the beginning of a handshake
    thread.join();
    if (over_tls) continue;
    CHECK_FALSE(status.transient());
    CHECK_MESSAGE(status.message().find("'jdbc.properties.sslMode'") != std::string::npos,
                  status.message());
  }
}

TEST_CASE("a server that says nothing in the middle of a TLS handshake") {
  MuteServer server;
  server.Listen();
  Endpoint endpoint = server.endpoint();
  endpoint.tls.mode = TlsMode::kRequired;
  endpoint.connect_timeout_ms = 1'000;
  std::atomic<bool> stopped = false;
  Status status;
  std::thread thread([&] { status = Connection::Connect(endpoint, &stopped).status(); });
  server.Accept();
  server.Say(Greeting(kWithTls));
  SUBCASE("is given up in time") {
    thread.join();
    CHECK_MESSAGE(status.message().find("no answer within 1 s") != std::string::npos,
                  status.message());
    return;
  }
  SUBCASE("is left after a stop") {
    CHECK(server.Heard() > 0);
    Clock& clock = SystemClock();
    const int64_t start_ms = clock.NowMs();
    stopped = true;
    thread.join();
    CHECK(clock.NowMs() - start_ms < kSoonMs);
    CHECK(status.cancelled());
  }
}
