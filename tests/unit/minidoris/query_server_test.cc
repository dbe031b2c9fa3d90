#include "minidoris/query/query_server.h"

#include "unit/minidoris/clients.h"

namespace millrace::minidoris::testing {
namespace {

// A query port alone, over a folder of its own.
class Port final {
 public:
  explicit Port(QueryServerOptions options) : faults_(&clock_) {
    auto store = Store::Open(folder_.path());
    REQUIRE(store.ok());
    store_ = std::move(store).value();
    auto transactions = TransactionManager::Open(store_.get(), &clock_, TransactionRules());
    REQUIRE(transactions.ok());
    transactions_ = std::move(transactions).value();
    instance_.store = store_.get();
    instance_.transactions = transactions_.get();
    instance_.faults = &faults_;
    instance_.clock = &clock_;
    Result<http::Listener> listener = http::Listener::Open("127.0.0.1", 0);
    REQUIRE(listener.ok());
    number = listener->port();
    auto server = QueryServer::Start(std::move(listener).value(), &instance_, options);
    REQUIRE(server.ok());
    server_ = std::move(server).value();
  }

  uint16_t number = 0;

 private:
  millrace::testing::TemporaryFolder folder_;
  MovableClock clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<TransactionManager> transactions_;
  FaultBoard faults_;
  Instance instance_;
  std::unique_ptr<QueryServer> server_;
};

TEST_CASE("connections to the query port are bounded") {
  const Port port({.connections_max = 1});
  {
    MysqlClient first(port.number);
    CHECK(first.login_error() == "");
    Socket second(port.number);
    const std::string refusal = second.Receive(100);
    CHECK(second.closed_by_peer());
    CHECK(refusal.find("Too many connections") != std::string::npos);
    CHECK(first.Query("SELECT 1").rows.size() == 1);
  }
  CHECK(Eventually([&] { return Socket(port.number).Receive(5).ends_with("\x0a"); }));
}

TEST_CASE("a client that sends nothing is disconnected") {
  const Port port({.idle_timeout_s = 1});
  Socket socket(port.number);
  CHECK(socket.ReceiveUntil("mysql_native_password").size() > 20);
  CHECK(socket.Receive(2).size() <= 1);
  CHECK(socket.closed_by_peer());
}

TEST_CASE("bytes that are no protocol end the connection, not the server") {
  const Port port({});
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("\1\0\0\1x", 5), std::string(4, '\0')}) {
    Socket socket(port.number);
    socket.ReceiveUntil("mysql_native_password");
    socket.Send(bytes);
    socket.Close();
  }
  CHECK(MysqlClient(port.number).Query("SELECT 1").rows.size() == 1);
}

}  // namespace
}  // namespace millrace::minidoris::testing
