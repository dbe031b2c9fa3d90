#include "http/server.h"

#include <atomic>
#include <stdexcept>

#include "unit/http_client.h"

namespace millrace::http {
namespace {

using testing::Eventually;
using testing::Http;
using testing::HttpAnswer;
using testing::ReadAnswer;
using testing::Socket;

Response Text(std::string text) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(text);
  return response;
}

// Counts the body, and those of its kind that are alive.
class Counting final : public Exchange {
 public:
  Counting(std::string path, std::atomic<int>* alive) : path_(std::move(path)), alive_(*alive) {
    ++alive_;
  }
  ~Counting() override { --alive_; }

  std::optional<Response> Begin() override {
    if (path_ == "/throw/begin") throw std::runtime_error("begin");
    if (path_ == "/early") return Text("early");
    return std::nullopt;
  }
  bool Body(std::string_view bytes) override {
    if (path_ == "/throw/body") throw std::runtime_error("body");
    bytes_ += bytes.size();
    return path_ != "/refuse";
  }
  Response Finish() override {
    if (path_ == "/throw/finish") throw std::runtime_error("finish");
    Response response = Text(std::to_string(bytes_));
    response.drop = path_ == "/drop";
    return response;
  }

 private:
  const std::string path_;
  std::atomic<int>& alive_;
  size_t bytes_ = 0;
};

class CountingService final : public Service {
 public:
  std::unique_ptr<Exchange> Open(Request request) override {
    if (request.path == "/throw/open") throw std::runtime_error("open");
    if (request.path == "/show") {
      return Answer(Text(request.method + " " + request.raw_target + " " + request.client_ip + " " +
                         request.Header("x-name").value_or("") + " " +
                         request.Query("q").value_or("")));
    }
    if (request.path == "/collect")
      return AnswerWithBody([](const std::string& body) { return Text(body); });
    return std::make_unique<Counting>(request.path, &alive);
  }
  std::atomic<int> alive = 0;
};

class Running final {
 public:
  explicit Running(ServerOptions options = {}) {
    Result<Listener> listener = Listener::Open("127.0.0.1", 0);
    REQUIRE(listener.ok());
    auto started = Server::Start(std::move(listener).value(), &service, options);
    REQUIRE(started.status().message() == "");
    server = std::move(started).value();
  }
  uint16_t port() const { return server->port(); }

  CountingService service;
  std::unique_ptr<Server> server;
};

TEST_CASE("a request reaches the service") {
  Running running;
  const HttpAnswer answer = Http(running.port(), "GET", "/sho%77?q=a+b%21", {"X-Name: Value"});
  CHECK(answer.status == 200);
  CHECK(answer.head.find("Content-Type: text/plain\r\n") != std::string::npos);
  CHECK(answer.body == "GET /sho%77?q=a+b%21 127.0.0.1 Value a b!");
}

TEST_CASE("bodies by length and by chunks, with and without Expect") {
  Running running;
  CHECK(Http(running.port(), "PUT", "/", {}, "12345").body == "5");
  const HttpAnswer expecting = Http(running.port(), "PUT", "/", {"Expect: 100-continue"}, "123");
  CHECK(expecting.continued);
  CHECK(expecting.body == "3");
  Socket socket(running.port());
  socket.Send(
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  CHECK(ReadAnswer(&socket).body == "3");
  CHECK(Http(running.port(), "POST", "/collect", {}, "whole").body == "whole");
}

TEST_CASE("an early response comes instead of the 100") {
  Running running;
  const HttpAnswer answer = Http(running.port(), "PUT", "/early", {"Expect: 100-continue"}, "123");
  CHECK_FALSE(answer.continued);
  CHECK(answer.body == "early");
}

TEST_CASE("no answer, and a body that is refused") {
  Running running;
  CHECK(Http(running.port(), "PUT", "/drop", {}, "1").status == 0);
  CHECK(Http(running.port(), "PUT", "/refuse", {}, "1").status == 0);
  CHECK(Eventually([&] { return running.service.alive == 0; }));
}

TEST_CASE("an exception is an answer or ends one connection, never the process") {
  Running running;
  for (const char* stage : {"open", "begin", "finish"}) {
    const HttpAnswer answer = Http(running.port(), "PUT", std::string("/throw/") + stage, {}, "1");
    CHECK(answer.status == 500);
    CHECK(answer.body == std::string("internal error: ") + stage + "\n");
  }
  CHECK(Http(running.port(), "PUT", "/throw/body", {}, "1").status == 0);
  CHECK(Http(running.port(), "PUT", "/", {}, "1").body == "1");
  CHECK(Eventually([&] { return running.service.alive == 0; }));
}

TEST_CASE("headers are bounded") {
  ServerOptions options;
  options.header_bytes_max = 1000;
  Running running(options);
  CHECK(Http(running.port(), "GET", "/", {"A: " + std::string(500, 'x')}).status == 200);
  const HttpAnswer answer = Http(running.port(), "GET", "/", {"A: " + std::string(1000, 'x')});
  CHECK(answer.status == 431);
  CHECK(answer.body == "headers longer than 1000 bytes\n");
}

TEST_CASE("bodies are bounded") {
  ServerOptions options;
  options.body_bytes_max = 10;
  Running running(options);
  CHECK(Http(running.port(), "PUT", "/", {}, std::string(10, 'x')).body == "10");
  const HttpAnswer announced =
      Http(running.port(), "PUT", "/", {"Expect: 100-continue"}, std::string(11, 'x'));
  CHECK(announced.status == 413);
  CHECK_FALSE(announced.continued);
  CHECK(announced.body == "body longer than 10 bytes\n");
  Socket chunked(running.port());
  chunked.Send(
      "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
      "chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n");
  CHECK(ReadAnswer(&chunked).status == 0);
  // What Begin answers is not read and may have any length.
  CHECK(
      Http(running.port(), "PUT", "/early", {"Expect: 100-continue"}, std::string(11, 'x')).body ==
      "early");
}

TEST_CASE("a collected body is bounded by itself") {
  ServerOptions options;
  options.body_bytes_max = 10 << 20;
  Running running(options);
  CHECK(Http(running.port(), "PUT", "/collect", {}, std::string(1 << 20, 'x')).status == 200);
  CHECK(Http(running.port(), "PUT", "/collect", {}, std::string((1 << 20) + 1, 'x')).status == 0);
}

TEST_CASE("connections are bounded") {
  ServerOptions options;
  options.connections_max = 1;
  Running running(options);
  {
    Socket first(running.port());
    first.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
    REQUIRE(Eventually([&] { return running.service.alive == 1; }));
    Socket second(running.port());
    CHECK(second.Receive(1).empty());
    CHECK(second.closed_by_peer());
    first.Send("2");
    CHECK(ReadAnswer(&first).body == "2");
  }
  CHECK(Eventually([&] { return Http(running.port(), "GET", "/show", {}).status == 200; }));
}

TEST_CASE("a connection on which nothing moves is closed") {
  ServerOptions options;
  options.idle_timeout_s = 1;
  Running running(options);
  Socket socket(running.port());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
  REQUIRE(Eventually([&] { return running.service.alive == 1; }));
  CHECK(socket.Receive(1).empty());
  CHECK(socket.closed_by_peer());
  CHECK(Eventually([&] { return running.service.alive == 0; }));
}

TEST_CASE("a stop ends the exchanges that run") {
  Running running;
  Socket socket(running.port());
  socket.Send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1");
  REQUIRE(Eventually([&] { return running.service.alive == 1; }));
  running.server->Stop();
  CHECK(running.service.alive == 0);
}

}  // namespace
}  // namespace millrace::http
