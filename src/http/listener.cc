#include "http/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/quote.h"

namespace millrace::http {
namespace {

constexpr int kBacklog = 512;
constexpr uint32_t kLoopbackNetwork = 127;

std::optional<in_addr> AddressOf(const std::string& host) {
  in_addr address{};
  const char* numeric = host == "localhost" ? "127.0.0.1" : host.c_str();
  if (inet_pton(AF_INET, numeric, &address) != 1) return std::nullopt;
  return address;
}

}  // namespace

Result<Listener> Listener::Open(const std::string& host, uint16_t port) {
  const std::optional<in_addr> ip = AddressOf(host);
  if (!ip) return Status::Permanent(fmt::format("{} is not an IPv4 address", Quoted(host)));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr = *ip;
  address.sin_port = htons(port);
  const auto failure = [&] {
    const std::string reason =
        errno == EADDRINUSE ? "another process listens on this port" : std::strerror(errno);
    return Status::Permanent(fmt::format("cannot listen on {}:{}: {}", host, port, reason));
  };
  Listener listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // SO_REUSEADDR lets a restart open its port again while old connections are in TIME_WAIT. It must
  // not be SO_REUSEPORT, with which two processes would share the port and each get half of the
  // connections.
  const int on = 1;
  if (listener.descriptor_ < 0 ||
      setsockopt(listener.descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener.descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.descriptor_, kBacklog) != 0) {
    return failure();
  }
  socklen_t length = sizeof address;
  if (getsockname(listener.descriptor_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    return failure();
  }
  listener.port_ = ntohs(address.sin_port);
  return listener;
}

Listener::~Listener() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool IsLoopback(const std::string& host) {
  const std::optional<in_addr> ip = AddressOf(host);
  return ip && ntohl(ip->s_addr) >> 24 == kLoopbackNetwork;
}

}  // namespace millrace::http
