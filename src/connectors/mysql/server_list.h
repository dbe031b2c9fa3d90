// 'hostname' of a table: one server or several, each with a port of its own if it likes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::mysql {

struct ServerAddress {
  std::string host;  // a name or an address, without brackets
  uint16_t port = 0;

  bool operator==(const ServerAddress&) const = default;
};

// "db1, db2:3307, 10.0.0.5, ::1, [::1]:3307"; `port` counts where none is written. Nothing if one
// of them is empty or its port is not one.
std::optional<std::vector<ServerAddress>> ParseServers(std::string_view text, uint16_t port);

}  // namespace millrace::mysql
