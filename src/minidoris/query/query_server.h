// The query port: a MySQL server for ordinary clients, one thread per connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "base/status.h"
#include "http/listener.h"
#include "minidoris/frontend/instance.h"

namespace millrace::minidoris {

struct QueryServerOptions {
  size_t connections_max = 1024;    // further ones get error 1040
  int64_t idle_timeout_s = 28'800;  // as Doris's wait_timeout
};

// An exception in a session closes that connection and nothing else.
class QueryServer final {
 public:
  // The instance must outlive the server.
  static Result<std::unique_ptr<QueryServer>> Start(http::Listener listener, Instance* instance,
                                                    QueryServerOptions options = {});
  ~QueryServer();
  void Stop();  // closes the connections and waits for their threads

 private:
  struct Connection {
    int socket = -1;
    std::thread thread;
    std::atomic<bool> over = false;
  };

  QueryServer(http::Listener listener, Instance* instance, QueryServerOptions options)
      : listener_(std::move(listener)), instance_(*instance), options_(options) {}
  void AcceptLoop();
  void Admit(int socket);  // mutex_ held; the socket becomes ours
  void Serve(int socket, uint32_t number);
  void Reap();  // mutex_ held: joins threads that are over

  const http::Listener listener_;
  Instance& instance_;
  const QueryServerOptions options_;
  std::thread acceptor_;
  std::mutex mutex_;
  std::list<Connection> connections_;  // mutex_
  uint32_t last_number_ = 0;           // mutex_
  bool stopping_ = false;              // mutex_
};

}  // namespace millrace::minidoris
