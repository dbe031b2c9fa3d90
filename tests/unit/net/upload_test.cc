#include "net/upload.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstring>

#include "base/clock.h"
#include "unit/scripted_server.h"

namespace millrace {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kDone = R"({"Status": "Success"})";
constexpr int kSoonMs = 5'000;

UploadRequest RequestTo(std::string url) {
  UploadRequest request;
  request.url = std::move(url);
  request.headers = {"label: l1", "Authorization: Basic cm9vdDpz"};
  request.buffer_bytes = 64 * 1024;
  request.buffers = 2;
  return request;
}

// Fills buffers with `bytes` bytes of a pattern; false if the upload ended early.
bool SendPattern(Upload* upload, size_t bytes) {
  for (size_t at = 0; at < bytes;) {
    UploadBuffer buffer = upload->Take();
    buffer.size = std::min(buffer.capacity, bytes - at);
    for (size_t i = 0; i < buffer.size; ++i)
      buffer.bytes[i] = static_cast<char>('a' + (at + i) % 26);
    at += buffer.size;
    if (!upload->Send(std::move(buffer))) return false;
  }
  return true;
}

int64_t ElapsedMs(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               since)
      .count();
}

TEST_CASE("the body goes to the redirect's target, after 100 and with all headers") {
  std::string front_head;
  std::string back_head;
  std::string body;
  std::atomic<bool> early = false;
  ScriptedServer back({[&](Connection& connection) {
    back_head = connection.ReadHead();
    early = connection.HasBytes(300);  // nothing may come before the permission
    connection.Send(kContinue);
    body = connection.ReadChunkedBody();
    connection.Answer("200 OK", kDone);
  }});
  ScriptedServer front({[&](Connection& connection) {
    front_head = connection.ReadHead();
    connection.Answer("307 Temporary Redirect", "",
                      "Location: http://root:secret@" + back.Address() + "/load?x=1\r\n");
    early = early || connection.HasBytes(0);
  }});
  Upload upload(RequestTo(front.Url("/api")), {});
  const auto wanted = upload.WaitForContinue();
  REQUIRE(wanted.ok());
  CHECK(*wanted);
  constexpr size_t kBytes = 3'000'000;
  REQUIRE(SendPattern(&upload, kBytes));
  const auto answer = upload.Finish();
  REQUIRE(answer.ok());
  CHECK(answer->status == 200);
  CHECK(answer->body == kDone);
  CHECK(answer->url.find("secret") == std::string::npos);
  CHECK(!early);
  CHECK(body.size() == kBytes);
  bool intact = true;
  for (size_t i = 0; i < body.size(); ++i)
    intact = intact && body[i] == static_cast<char>('a' + i % 26);
  CHECK(intact);
  for (const std::string& head : {front_head, back_head}) {
    CHECK(head.find("Expect: 100-continue\r\n") != std::string::npos);
    CHECK(head.find("label: l1\r\n") != std::string::npos);
    CHECK(head.find("Authorization: Basic cm9vdDpz\r\n") != std::string::npos);
  }
  CHECK(back_head.starts_with("PUT /load?x=1 HTTP/1.1\r\n"));
}

TEST_CASE("a final answer instead of 100 ends the upload without a byte of the body") {
  std::atomic<bool> bytes_came = false;
  ScriptedServer server({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("200 OK", R"({"Status": "Label Already Exists"})");
    bytes_came = connection.HasBytes(200) && !connection.WaitForClose(kSoonMs);
  }});
  Upload upload(RequestTo(server.Url("/")), {});
  const auto wanted = upload.WaitForContinue();
  REQUIRE(wanted.ok());
  CHECK(!*wanted);
  CHECK(upload.Finish()->body == R"({"Status": "Label Already Exists"})");
  CHECK(!bytes_came);
}

TEST_CASE("an upload without a byte is an empty body") {
  std::string body = "?";
  ScriptedServer server({[&](Connection& connection) {
    connection.ReadHead();
    connection.Send(kContinue);
    body = connection.ReadChunkedBody();
    connection.Answer("200 OK", kDone);
  }});
  Upload upload(RequestTo(server.Url("/")), {});
  CHECK(*upload.WaitForContinue());
  CHECK(upload.Finish()->body == kDone);
  CHECK(body.empty());
}

TEST_CASE("a connection cut in the middle is a transient failure, and the sender hears of it") {
  ScriptedServer server({[&](Connection& connection) {
    connection.ReadHead();
    connection.Send(kContinue);
  }});
  Upload upload(RequestTo(server.Url("/")), {});
  CHECK(*upload.WaitForContinue());
  CHECK(!SendPattern(&upload, 100'000'000));
  const auto answer = upload.Finish();
  REQUIRE(!answer.ok());
  CHECK(answer.status().transient());
}

TEST_CASE("a peer that goes away from an idle upload is noticed") {
  ScriptedServer server({[&](Connection& connection) {
    connection.ReadHead();
    connection.Send(kContinue);
  }});
  Upload upload(RequestTo(server.Url("/")), {});
  CHECK(*upload.WaitForContinue());
  const auto start = std::chrono::steady_clock::now();
  bool taken = true;
  while (taken && ElapsedMs(start) < kSoonMs) {  // one byte now and then
    UploadBuffer buffer = upload.Take();
    buffer.bytes[0] = 'x';
    buffer.size = 1;
    taken = upload.Send(std::move(buffer));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(!taken);
}

TEST_CASE("a silent server does not hold the destructor") {
  for (const bool after_continue : {false, true}) {
    ScriptedServer server({[&](Connection& connection) {
      connection.ReadHead();
      if (after_continue) connection.Send(kContinue);
      CHECK(connection.WaitForClose(kSoonMs));
    }});
    const auto start = std::chrono::steady_clock::now();
    {
      Upload upload(RequestTo(server.Url("/")), {});
      if (after_continue) CHECK(*upload.WaitForContinue());
    }
    CHECK(ElapsedMs(start) < 3'000);
  }
}

TEST_CASE("every silence has an end") {
  HttpSettings settings;
  settings.connect_timeout_ms = 100;
  settings.answer_timeout_ms = 100;
  const auto hang = [](Connection& connection) {
    connection.ReadHead();
    connection.WaitForClose(kSoonMs);
  };
  SUBCASE("before 100") {
    ScriptedServer server({hang});
    Upload upload(RequestTo(server.Url("/")), settings);
    const auto wanted = upload.WaitForContinue();
    REQUIRE(!wanted.ok());
    CHECK(wanted.status().transient());
    CHECK(wanted.status().message().find("no answer to the request") != std::string::npos);
  }
  SUBCASE("within the body") {
    ScriptedServer server({[&](Connection& connection) {
      connection.ReadHead();
      connection.Send(kContinue);
      std::this_thread::sleep_for(std::chrono::milliseconds(2'500));  // reads nothing
    }});
    UploadRequest request = RequestTo(server.Url("/"));
    request.stall_timeout_ms = 200;
    Upload upload(std::move(request), settings);
    CHECK(*upload.WaitForContinue());
    CHECK(!SendPattern(&upload, 100'000'000));
    CHECK(upload.Finish().status().message().find("stopped taking") != std::string::npos);
  }
  SUBCASE("after the body") {
    ScriptedServer server({[&](Connection& connection) {
      connection.ReadHead();
      connection.Send(kContinue);
      connection.ReadChunkedBody();
      connection.WaitForClose(kSoonMs);
    }});
    UploadRequest request = RequestTo(server.Url("/"));
    request.verdict_timeout_ms = 200;
    Upload upload(std::move(request), settings);
    CHECK(*upload.WaitForContinue());
    CHECK(upload.Finish().status().message().find("no answer after the end") != std::string::npos);
  }
}

TEST_CASE("a redirect loop ends") {
  std::vector<std::function<void(Connection&)>> handlers(kHttpHopsMax, [](Connection& connection) {
    const std::string head = connection.ReadHead();
    const size_t at = head.find("Host: ") + 6;
    connection.Answer("307 Temporary Redirect", "",
                      "Location: http://" + head.substr(at, head.find('\r', at) - at) + "/\r\n");
  });
  ScriptedServer server(handlers);
  Upload upload(RequestTo(server.Url("/")), {});
  CHECK(upload.WaitForContinue().status().message().find("redirects") != std::string::npos);
}

TEST_CASE("a redirect outside of the policy is refused before a byte of the body") {
  ScriptedServer front({[&](Connection& connection) {
    connection.ReadHead();
    connection.Answer("307 Temporary Redirect", "", "Location: http://127.0.0.1:1/x\r\n");
  }});
  HttpSettings settings;
  settings.redirects.hosts = {front.Address()};
  Upload upload(RequestTo(front.Url("/")), settings);
  const Status status = upload.WaitForContinue().status();
  CHECK(!status.ok());
  CHECK(!status.transient());
  CHECK(status.message().find("redirected to 127.0.0.1:1") != std::string::npos);
}

TEST_CASE("a stop ends every wait at once") {
  StopToken stop(&SystemClock());
  HttpSettings settings;
  settings.stop = &stop;
  const auto stop_soon = [&] { stop.RequestAt(SystemClock().NowMs() + 200); };
  SUBCASE("for the permission to send") {
    ScriptedServer server({[](Connection& connection) { connection.WaitForClose(kSoonMs); }});
    Upload upload(RequestTo(server.Url("/")), settings);
    stop_soon();
    const auto start = std::chrono::steady_clock::now();
    CHECK(upload.WaitForContinue().status().cancelled());
    CHECK(ElapsedMs(start) < 1'000);
  }
  SUBCASE("for a server that takes no more of the body") {
    ScriptedServer server({[](Connection& connection) {
      connection.ReadHead();
      connection.Send(kContinue);
      connection.WaitForHangUp(1'500);  // reads nothing, so that it cannot see the end either
    }});
    Upload upload(RequestTo(server.Url("/")), settings);
    CHECK(*upload.WaitForContinue());
    stop_soon();
    const auto start = std::chrono::steady_clock::now();
    CHECK(!SendPattern(&upload, 100'000'000));
    CHECK(upload.Finish().status().cancelled());
    CHECK(ElapsedMs(start) < 1'000);
  }
  SUBCASE("for the verdict, also one that breaks off") {
    for (const std::string_view begin : {"", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"}) {
      StopToken own(&SystemClock());
      settings.stop = &own;
      ScriptedServer server({[&](Connection& connection) {
        connection.ReadHead();
        connection.Send(kContinue);
        connection.ReadChunkedBody();
        connection.Send(begin);
        connection.WaitForClose(kSoonMs);
      }});
      Upload upload(RequestTo(server.Url("/")), settings);
      CHECK(*upload.WaitForContinue());
      own.RequestAt(SystemClock().NowMs() + 200);
      const auto start = std::chrono::steady_clock::now();
      CHECK(upload.Finish().status().cancelled());
      CHECK(ElapsedMs(start) < 1'000);
    }
  }
}

TEST_CASE("who is waited for is reported while the server owes something, not while we do") {
  std::atomic<int64_t> longest_ms = 0;
  HttpSettings settings;
  settings.on_wait = [&](const std::string&, int64_t waited_ms) {
    longest_ms = std::max<int64_t>(longest_ms, waited_ms);
  };
  ScriptedServer server({[](Connection& connection) {
    connection.ReadHead();
    connection.Send(kContinue);
    connection.ReadChunkedBody();
    connection.HasBytes(600);  // time passes
    connection.Answer("200 OK", kDone);
  }});
  Upload upload(RequestTo(server.Url("/")), settings);
  CHECK(*upload.WaitForContinue());
  CHECK(SendPattern(&upload, 1'000));
  const int64_t before_ms = longest_ms;
  CHECK(before_ms < 500);
  CHECK(upload.Finish().ok());
  CHECK(longest_ms >= 400);
}

}  // namespace
}  // namespace millrace
