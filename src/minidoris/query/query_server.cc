#include "minidoris/query/query_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"
#include "minidoris/query/mysql_wire.h"
#include "minidoris/query/query_session.h"

namespace millrace::minidoris {
namespace {

constexpr int64_t kAcceptPauseMs = 20;  // after a failure such as too many open files

void SetSocketOptions(int socket, int64_t idle_timeout_s) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval idle{.tv_sec = idle_timeout_s, .tv_usec = 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &idle, sizeof idle);
}

void RefuseConnection(int socket) {
  ClientPackets packets(socket);
  ResultWriter(&packets).Error(1040, "08004", "Too many connections");
  packets.Flush();
  close(socket);
}

}  // namespace

Result<std::unique_ptr<QueryServer>> QueryServer::Start(http::Listener listener, Instance* instance,
                                                        QueryServerOptions options) {
  std::unique_ptr<QueryServer> server(new QueryServer(std::move(listener), instance, options));
  QueryServer* const self = server.get();
  self->acceptor_ = std::thread([self] { self->AcceptLoop(); });
  return server;
}

QueryServer::~QueryServer() { Stop(); }

void QueryServer::AcceptLoop() {
  NameThread("query accept");
  while (true) {
    const int accepted = accept4(listener_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        if (accepted >= 0) close(accepted);
        return;
      }
      if (accepted >= 0) Admit(accepted);
    }
    if (accepted < 0) SystemClock().SleepMs(kAcceptPauseMs);
  }
}

void QueryServer::Admit(int socket) {
  SetSocketOptions(socket, options_.idle_timeout_s);
  Reap();
  if (connections_.size() >= options_.connections_max) return RefuseConnection(socket);
  const Status started = CatchExceptions([&] {
    Connection& connection = connections_.emplace_back();
    connection.socket = socket;
    connection.thread = std::thread([this, &connection, number = ++last_number_] {
      Serve(connection.socket, number);
      connection.over = true;
    });
    return Status::Ok();
  });
  if (started.ok()) return;
  // There was no memory or no thread for it: the next client may have more luck.
  if (!connections_.empty() && !connections_.back().thread.joinable()) connections_.pop_back();
  close(socket);
}

void QueryServer::Serve(int socket, uint32_t number) {
  NameThread("query");
  static_cast<void>(CatchExceptions([&] {
    QuerySession(&instance_, socket, number).Run();
    return Status::Ok();
  }));
  shutdown(socket, SHUT_RDWR);  // the descriptor is closed when the thread is joined
}

void QueryServer::Reap() {
  for (auto at = connections_.begin(); at != connections_.end();) {
    if (!at->over) {
      ++at;
      continue;
    }
    at->thread.join();
    close(at->socket);
    at = connections_.erase(at);
  }
}

void QueryServer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    shutdown(listener_.descriptor(), SHUT_RDWR);
    for (Connection& connection : connections_) shutdown(connection.socket, SHUT_RDWR);
  }
  if (acceptor_.joinable()) acceptor_.join();
  for (Connection& connection : connections_) {
    connection.thread.join();
    close(connection.socket);
  }
  connections_.clear();
}

}  // namespace millrace::minidoris
