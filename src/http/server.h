// An HTTP/1.1 server: a port, a thread for every connection, and a limit on everything a client can
// make it keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/status.h"
#include "http/exchange.h"
#include "http/listener.h"

namespace millrace::http {

struct ServerOptions {
  const char* thread_name = "http";    // of the threads that serve connections
  unsigned connections_max = 256;      // further ones are closed unanswered
  size_t header_bytes_max = 64 << 10;  // more is answered with 431
  // A longer Content-Length is answered with 413, unless Begin answers first; a chunked body that
  // grows longer closes its connection.
  int64_t body_bytes_max = 1 << 20;
  unsigned idle_timeout_s = 60;  // a connection on which nothing moves so long is closed
};

// An exception that leaves a service or an exchange becomes status 500 or, in the middle of a body,
// closes that connection. It never ends the process.
class Server final {
 public:
  // The service must outlive the server.
  static Result<std::unique_ptr<Server>> Start(Listener listener, Service* service,
                                               const ServerOptions& options);
  ~Server();
  uint16_t port() const { return port_; }
  // Stops listening and closes the connections; returns when no exchange is running any more.
  void Stop();

  struct Internals;  // libmicrohttpd's part
 private:
  Server();
  std::unique_ptr<Internals> internals_;
  uint16_t port_ = 0;
};

}  // namespace millrace::http
