// One client of the query port, from greeting to goodbye.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "minidoris/frontend/instance.h"
#include "minidoris/query/handshake.h"
#include "minidoris/query/mysql_wire.h"
#include "minidoris/query/query_engine.h"

namespace millrace::minidoris {

// Used by the thread of its connection. Each command is answered before the next one is read.
class QuerySession final {
 public:
  // The instance must outlive the session. The socket stays the caller's.
  QuerySession(Instance* instance, int socket, uint32_t number)
      : instance_(*instance), packets_(socket), writer_(&packets_), number_(number) {}

  // Returns when the client leaves, its login is refused, or a fault closes the connection.
  void Run();

 private:
  bool Authenticate();
  bool Admit(const Login& login);  // false after an error was answered
  // False ends the connection.
  bool Dispatch(std::string_view payload);
  bool Query(std::string_view sql);
  void UseDatabase(std::string_view name);

  Instance& instance_;
  ClientPackets packets_;
  ResultWriter writer_;
  const uint32_t number_;
  std::optional<QueryEngine> engine_;  // once the login was accepted
};

}  // namespace millrace::minidoris
