#include "connectors/mysql/connections.h"

#include <utility>

namespace millrace::mysql {

Result<Connection*> Connections::Open(const Endpoint& endpoint) {
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
