#include "connectors/doris/query_port.h"

#include <doctest/doctest.h>

#include <map>

#include "base/clock.h"
#include "unit/scripted_server.h"

namespace millrace::doris {
namespace {

constexpr int kSoonMs = 5'000;
constexpr uint32_t kPlainCapabilities = 0x00088201;  // protocol 4.1, plugin authentication; no TLS

// The first packet of a MySQL server that offers no TLS.
std::string Greeting() {
  std::string payload(
      "\x0a"
      "5.7.99\0",
      8);
  payload += std::string("\x01\0\0\0", 4) + "abcdefgh" + std::string(1, '\0');
  const auto half = [&](uint32_t value) {
    payload += static_cast<char>(value & 0xff);
    payload += static_cast<char>((value >> 8) & 0xff);
  };
  half(kPlainCapabilities);
  payload += "\x21";  // utf8
  half(2);            // autocommit
  half(kPlainCapabilities >> 16);
  payload += "\x15" + std::string(10, '\0') + "ijklmnopqrst" + std::string(1, '\0') +
             "mysql_native_password" + std::string(1, '\0');
  return std::string(1, static_cast<char>(payload.size())) + std::string(3, '\0') + payload;
}

SinkConfig ConfigOf(int port, std::map<std::string, std::string> texts = {}) {
  texts.insert({{"fenodes", "127.0.0.1:1"},
                {"table.identifier", "d.t"},
                {"password", "secret"},
                {"query-port", std::to_string(port)}});
  return MakeSinkConfig(Options::FromTexts(OptionTable(), texts));
}

TEST_CASE("with TLS a server without it is refused before a byte of ours is sent") {
  bool sent = true;
  ScriptedServer server({[&](Connection& connection) {
    connection.Send(Greeting());
    sent = !connection.TakeUntilClosed(kSoonMs).empty();
  }});
  Status status;
  {
    const auto connection =
        QueryConnection::Connect(ConfigOf(server.port(), {{"doris.enable.tls", "true"}}), kSoonMs);
    status = connection.status();
  }
  CHECK(!status.ok());
  CHECK(!status.transient());
  CHECK(status.message().find("'doris.tls.excluded-protocols' = 'mysql'") != std::string::npos);
  server.Join();
  CHECK(!sent);
}

TEST_CASE("without TLS, or with the protocol excluded, the login is sent") {
  for (const bool excluded : {false, true}) {
    std::string login;
    ScriptedServer server({[&](Connection& connection) {
      connection.Send(Greeting());
      if (connection.HasBytes(kSoonMs)) login = "came";
    }});
    std::map<std::string, std::string> texts;
    if (excluded) texts = {{"doris.enable.tls", "true"}, {"doris.tls.excluded-protocols", "mysql"}};
    CHECK(!QueryConnection::Connect(ConfigOf(server.port(), texts), kSoonMs).ok());
    server.Join();
    CHECK(login == "came");
  }
}

TEST_CASE("skipping the host name needs a file of certificate authorities") {
  const auto connection = QueryConnection::Connect(
      ConfigOf(1, {{"doris.enable.tls", "true"}, {"doris.tls.skip-hostname-verification", "true"}}),
      kSoonMs);
  CHECK(!connection.status().transient());
  CHECK(connection.status().message().find("needs 'doris.tls.ca-certificate-path'") !=
        std::string::npos);
}

TEST_CASE("a closed port is a transient failure that names the address and no password") {
  const Status status = QueryConnection::Connect(ConfigOf(1), kSoonMs).status();
  CHECK(status.transient());
  CHECK(status.message().find("127.0.0.1:1") != std::string::npos);
  CHECK(status.message().find("secret") == std::string::npos);
}

TEST_CASE(
    "a server that says nothing holds up neither a stop, nor an interruption, nor a timeout") {
  ScriptedServer server({[](Connection& connection) { connection.WaitForClose(kSoonMs); }});
  StopToken stop(&SystemClock());
  SinkConfig config = ConfigOf(server.port());
  const int64_t start_ms = SystemClock().NowMs();
  Status status;
  SUBCASE("a stop") {
    config.http.stop = &stop;
    stop.RequestAt(start_ms + 200);
    status = QueryConnection::Connect(config, kSoonMs).status();
    CHECK(status.cancelled());
  }
  SUBCASE("an interruption") {
    status = QueryConnection::Connect(config, kSoonMs, [&] {
               return SystemClock().NowMs() > start_ms + 200;
             }).status();
    CHECK(status.cancelled());
  }
  SUBCASE("a timeout") {
    status = QueryConnection::Connect(config, 200).status();
    CHECK(status.transient());
    CHECK(status.message().find("no answer in time") != std::string::npos);
  }
  CHECK(SystemClock().NowMs() - start_ms < 1'000);
}

}  // namespace
}  // namespace millrace::doris
