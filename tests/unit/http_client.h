// The smallest client that can ask an HTTP server of this process: raw HTTP/1.1 over a socket, so
// that a test decides which bytes are sent when. It shares no code with what it tests.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/json.h"

namespace millrace::testing {

class Socket final {
 public:
  explicit Socket(uint16_t port) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const timeval timeout{kReceiveTimeoutSeconds, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~Socket() { Close(); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }

  // Fewer if the peer closes.
  std::string Receive(size_t bytes) {
    char chunk[4096];
    while (buffer_.size() < bytes) {
      const ssize_t got = recv(descriptor_, chunk, sizeof chunk, 0);
      if (got <= 0) {
        closed_by_peer_ = got == 0 || errno == ECONNRESET;
        break;
      }
      buffer_.append(chunk, static_cast<size_t>(got));
    }
    std::string result = buffer_.substr(0, bytes);
    buffer_.erase(0, result.size());
    return result;
  }

  // With `end`; what came if the peer closes.
  std::string ReceiveUntil(std::string_view end) {
    std::string result;
    while (!result.ends_with(end)) {
      const std::string byte = Receive(1);
      if (byte.empty()) break;
      result += byte;
    }
    return result;
  }

  // Whether the last Receive ended because the peer closed, not because time was up.
  bool closed_by_peer() const { return closed_by_peer_; }

  void Close() {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = -1;
  }

 private:
  static constexpr int kReceiveTimeoutSeconds = 10;

  int descriptor_ = -1;
  std::string buffer_;
  bool closed_by_peer_ = false;
};

struct HttpAnswer {
  int status = 0;          // 0: the connection was closed without an answer
  bool continued = false;  // a 100 came first
  std::string head;
  std::string body;

  // A string member of a JSON body, or "".
  std::string Text(std::string_view key) const {
    const Result<Json> json = Json::Parse(body);
    return json.ok() ? (*json)[key].AsString().value_or("") : "";
  }
  // An integer member, or -99.
  int64_t Number(std::string_view key) const {
    const Result<Json> json = Json::Parse(body);
    return json.ok() ? (*json)[key].AsInt().value_or(-99) : -99;
  }
};

using Headers = std::vector<std::string>;  // "name: value"

inline HttpAnswer ReadAnswer(Socket* socket) {
  HttpAnswer answer;
  answer.head = socket->ReceiveUntil("\r\n\r\n");
  if (answer.head.size() < 12) return answer;
  answer.status = std::atoi(answer.head.substr(9, 3).c_str());
  const std::string lower = ToLower(answer.head);
  const size_t length = lower.find("content-length:");
  if (length != lower.npos) {
    answer.body = socket->Receive(static_cast<size_t>(std::atoi(lower.c_str() + length + 15)));
  }
  return answer;
}

// Sends the headers and, with `Expect` among them, the body only after a 100.
inline HttpAnswer Http(uint16_t port, const std::string& method, const std::string& target,
                       const Headers& headers,
                       const std::optional<std::string>& body = std::nullopt) {
  Socket socket(port);
  std::string head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  bool expects = false;
  for (const std::string& header : headers) {
    head += header + "\r\n";
    expects = expects || header.starts_with("Expect");
  }
  if (body) head += "Content-Length: " + std::to_string(body->size()) + "\r\n";
  socket.Send(head + "\r\n");
  if (body && !expects) socket.Send(*body);
  HttpAnswer answer = ReadAnswer(&socket);
  if (answer.status != 100) return answer;
  if (body) socket.Send(*body);
  answer = ReadAnswer(&socket);
  answer.continued = true;
  return answer;
}

// Waits until the condition holds, at most some seconds.
inline bool Eventually(const std::function<bool()>& condition) {
  constexpr int64_t kDeadlineMs = 5000;
  const int64_t deadline = SystemClock().NowMs() + kDeadlineMs;
  while (SystemClock().NowMs() < deadline) {
    if (condition()) return true;
    SystemClock().SleepMs(10);
  }
  return condition();
}

}  // namespace millrace::testing
