// The connections of one source, all to the same server, so that all can be ended at once. Open and
// Close: the threads of the source; Interrupt: any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "connectors/mysql/server_list.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

class Connections final {
 public:
  using Fits = std::function<Status(Connection*)>;

  // Connects to the first of the servers that answers and fits, to which all later connections go.
  // Once, before Open. Transient error if that may change.
  Result<Connection*> OpenFirst(const Endpoint& endpoint, std::span<const ServerAddress> servers,
                                const Fits& fits, Log* log);
  // The endpoint with the address that was chosen.
  Endpoint At(Endpoint endpoint) const;

  // A new connection, valid until it is closed here.
  Result<Connection*> Open(const Endpoint& endpoint);
  void Close(const Connection* connection);

  // Ends what waits on any of them, also one that is being made; from now on none is made.
  void Interrupt();
  bool interrupted() const { return interrupted_; }

 private:
  Result<Connection*> OpenAt(const Endpoint& endpoint);

  ServerAddress chosen_;  // set before there are other threads
  std::atomic<bool> interrupted_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> open_;  // mutex_
};

}  // namespace millrace::mysql
