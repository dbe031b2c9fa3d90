// Who may listen where.
#include <doctest/doctest.h>

#include "http/listener.h"
#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

MinidorisOptions AnyPorts(const std::string& folder) {
  MinidorisOptions options;
  options.data_folder = folder;
  options.http_port = options.be_http_port = options.query_port = 0;
  return options;
}

TEST_CASE("a port of another minidoris is refused, with what to do") {
  Server first;
  const millrace::testing::TemporaryFolder folder;
  const auto refusal = [&](uint16_t MinidorisOptions::*port, uint16_t number) {
    MinidorisOptions options = AnyPorts(folder.path());
    options.*port = number;
    return Minidoris::Start(options).status().message();
  };
  const auto expected = [](const std::string& role, uint16_t number, const std::string& option) {
    return role + ": cannot listen on 127.0.0.1:" + std::to_string(number) +
           ": another process listens on this port; stop that process or choose another port "
           "with " +
           option + " (0: any)";
  };
  CHECK(refusal(&MinidorisOptions::http_port, first.fe()) ==
        expected("frontend", first.fe(), "--http-port"));
  CHECK(refusal(&MinidorisOptions::be_http_port, first.be()) ==
        expected("backend", first.be(), "--be-http-port"));
  CHECK(refusal(&MinidorisOptions::query_port, first.query_port()) ==
        expected("query port", first.query_port(), "--query-port"));
  CHECK(first.Load("1\ta\tb\n").Text("Status") == "Success");
}

TEST_CASE("the same ports can be taken again right after a stop") {
  const millrace::testing::TemporaryFolder folder;
  MinidorisOptions options = AnyPorts(folder.path());
  auto first = Minidoris::Start(options);
  REQUIRE(first.ok());
  options.http_port = (*first)->http_port();
  options.be_http_port = (*first)->be_http_port();
  options.query_port = (*first)->query_port();
  // Connections that the stop closes: their ends here go to TIME_WAIT.
  Socket fe(options.http_port);
  Socket be(options.be_http_port);
  MysqlClient client(options.query_port);
  CHECK(client.Query("SELECT 1").rows.size() == 1);
  fe.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(ReadAnswer(&fe).status == 200);
  be.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(ReadAnswer(&be).status == 200);
  std::move(first).value().reset();
  CHECK(fe.Receive(1).empty());
  CHECK(be.Receive(1).empty());
  const auto second = Minidoris::Start(options);
  CHECK(second.status().message() == "");
}

TEST_CASE("two of its own ports cannot be the same") {
  Result<http::Listener> free = http::Listener::Open("127.0.0.1", 0);
  REQUIRE(free.ok());
  const uint16_t port = free->port();
  close(free->Release());
  const millrace::testing::TemporaryFolder folder;
  MinidorisOptions options = AnyPorts(folder.path());
  options.http_port = options.query_port = port;
  CHECK(Minidoris::Start(options).status().message().starts_with("query port: cannot listen"));
}

}  // namespace
}  // namespace millrace::minidoris::testing
