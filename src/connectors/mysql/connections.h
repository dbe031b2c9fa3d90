// The connections of one source, so that all can be ended at once. Open and Close: the threads of
// the source; Interrupt: any thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

class Connections final {
 public:
  // A new connection, valid until it is closed here.
  Result<Connection*> Open(const Endpoint& endpoint);
  void Close(const Connection* connection);

  // Ends what waits on any of them, also one that is being made; from now on none is made.
  void Interrupt();
  bool interrupted() const { return interrupted_; }

 private:
  std::atomic<bool> interrupted_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> open_;  // mutex_
};

}  // namespace millrace::mysql
