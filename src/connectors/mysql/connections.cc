#include "connectors/mysql/connections.h"

#include <string>
#include <utility>

#include "base/ascii.h"

namespace millrace::mysql {

Result<Connection*> Connections::OpenFirst(const Endpoint& endpoint,
                                           std::span<const ServerAddress> servers, const Fits& fits,
                                           Log* log) {
  std::vector<std::string> failures;
  bool may_change = false;
  for (const ServerAddress& server : servers) {
    chosen_ = server;
    const auto connection = OpenAt(At(endpoint));
    const Status status = connection.ok() ? fits(*connection) : connection.status();
    if (status.ok()) return *connection;
    if (connection.ok()) Close(*connection);
    if (status.cancelled() || servers.size() == 1) return status;
    log->Warning("{}; trying the next server of 'hostname'", status.message());
    may_change = may_change || status.transient();
    failures.push_back(status.message());
  }
  const std::string all = "no server of 'hostname' can be read: " + Join(failures, "; ");
  return may_change ? Status::Transient(all) : Status::Permanent(all);
}

Endpoint Connections::At(Endpoint endpoint) const {
  endpoint.host = chosen_.host;
  endpoint.port = chosen_.port;
  return endpoint;
}

Result<Connection*> Connections::Open(const Endpoint& endpoint) { return OpenAt(At(endpoint)); }

Result<Connection*> Connections::OpenAt(const Endpoint& endpoint) {
  MR_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                      Connection::Connect(endpoint, &interrupted_));
  std::lock_guard lock(mutex_);
  // One that was made while the others were interrupted would be missed.
  if (interrupted_) return Status::Cancelled();
  open_.push_back(std::move(connection));
  return open_.back().get();
}

void Connections::Close(const Connection* connection) {
  std::lock_guard lock(mutex_);
  std::erase_if(open_, [&](const auto& open) { return open.get() == connection; });
}

void Connections::Interrupt() {
  interrupted_ = true;
  std::lock_guard lock(mutex_);
  for (const auto& connection : open_) connection->Interrupt();
}

}  // namespace millrace::mysql
