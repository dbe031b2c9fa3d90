// A TCP port to listen on, for any protocol.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/status.h"

namespace millrace::http {

// A socket that is bound and listens; closed with the object.
class Listener final {
 public:
  // `host` is an IPv4 address or localhost. Port 0 takes a free one. A port that another socket
  // listens on is refused; a port of a process that has just ended is not, although connections of
  // it may still be in TIME_WAIT.
  static Result<Listener> Open(const std::string& host, uint16_t port);

  Listener(Listener&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), port_(other.port_) {}
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  uint16_t port() const { return port_; }
  int descriptor() const { return descriptor_; }
  // The descriptor is the caller's to close from now on.
  int Release() { return std::exchange(descriptor_, -1); }

 private:
  explicit Listener(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  uint16_t port_ = 0;
};

// Whether only this machine can reach an address that Listener::Open accepts.
bool IsLoopback(const std::string& host);

}  // namespace millrace::http
