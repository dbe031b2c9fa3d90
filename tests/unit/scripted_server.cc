#include "unit/scripted_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace millrace {

bool Connection::Fill() {
  char bytes[65536];
  const ssize_t length = recv(socket_, bytes, sizeof bytes, 0);
  if (length <= 0) return false;
  buffer_.append(bytes, static_cast<size_t>(length));
  return true;
}

std::string Connection::Take(std::string_view end) {
  size_t at = buffer_.find(end);
  while (at == std::string::npos) {
    if (!Fill()) return std::exchange(buffer_, {});
    at = buffer_.find(end);
  }
  std::string taken = buffer_.substr(0, at + end.size());
  buffer_.erase(0, taken.size());
  return taken;
}

std::string Connection::ReadHead() { return Take("\r\n\r\n"); }

std::string Connection::ReadChunkedBody() {
  std::string body;
  for (;;) {
    const size_t length = std::strtoul(Take("\r\n").c_str(), nullptr, 16);
    while (buffer_.size() < length + 2) {
      if (!Fill()) return body;
    }
    body.append(buffer_, 0, length);
    buffer_.erase(0, length + 2);
    if (length == 0) return body;
  }
}

bool Connection::HasBytes(int wait_ms) const {
  pollfd entry{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&entry, 1, wait_ms) > 0;
}

bool Connection::WaitForClose(int wait_ms) {
  for (;;) {
    pollfd entry{socket_, POLLIN, 0};
    if (poll(&entry, 1, wait_ms) <= 0) return false;
    if (!Fill()) return true;
  }
}

std::string Connection::TakeUntilClosed(int wait_ms) {
  WaitForClose(wait_ms);
  return std::exchange(buffer_, {});
}

bool Connection::WaitForHangUp(int wait_ms) const {
  pollfd entry{socket_, POLLRDHUP, 0};
  return poll(&entry, 1, wait_ms) > 0;
}

void Connection::Send(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<size_t>(sent));
  }
}

void Connection::Answer(std::string_view status, std::string_view body,
                        std::string_view headers) const {
  Send("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
       "\r\n" + std::string(headers) + "\r\n" + std::string(body));
}

ScriptedServer::ScriptedServer(std::vector<std::function<void(Connection&)>> handlers) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(listen(listener_, 8) == 0);
  REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this, handlers = std::move(handlers)] {
    for (const auto& handler : handlers) {
      const int socket = accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      Connection connection(socket);
      handler(connection);
      close(socket);
    }
  });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes accept
  Join();
  close(listener_);
}

void ScriptedServer::Join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace millrace
