#include "connectors/mysql/wire/endpoint.h"

#include <fmt/format.h>

namespace millrace::mysql {

std::string Endpoint::Name() const {
  if (!socket.empty()) return "socket " + socket;
  const bool is_v6 = host.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace millrace::mysql
