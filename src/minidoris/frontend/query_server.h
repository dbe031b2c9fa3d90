// The query port: a MySQL server for ordinary clients, one thread per connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/status.h"
#include "minidoris/service.h"

namespace millrace::minidoris {

class QueryServer final {
 public:
  // The service must outlive the server. Port 0 takes a free one.
  static Result<std::unique_ptr<QueryServer>> Start(const std::string& host, uint16_t port,
                                                    Service* service);
  ~QueryServer();
  uint16_t port() const { return port_; }
  void Stop();  // cuts the connections and waits for their threads

 private:
  struct Connection {
    int socket = -1;
    std::thread thread;
    std::atomic<bool> over = false;
  };

  explicit QueryServer(Service* service) : service_(*service) {}
  void AcceptLoop();
  void Serve(int socket, uint32_t number);
  void Reap();  // mutex_ held: joins threads that are over

  Service& service_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread acceptor_;
  std::mutex mutex_;
  std::list<Connection> connections_;  // mutex_
  bool stopping_ = false;              // mutex_
};

}  // namespace millrace::minidoris
