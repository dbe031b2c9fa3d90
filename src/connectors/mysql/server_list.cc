#include "connectors/mysql/server_list.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kPortMax = 65'535;

// server  ::= name | address | name ":" port | "[" address of IPv6 "]" (":" port)?
// An address of IPv6 has at least two colons.
std::optional<ServerAddress> ParseServer(std::string_view text, uint16_t port) {
  ServerAddress server{std::string(text), port};
  std::string_view after;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    server.host = std::string(text.substr(1, close - 1));
    after = text.substr(close + 1);
    if (!after.empty() && !after.starts_with(':')) return std::nullopt;
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const size_t colon = text.find(':');
    server.host = std::string(text.substr(0, colon));
    after = text.substr(colon);
  }
  if (server.host.empty()) return std::nullopt;
  if (after.empty()) return server;
  const auto number = ParseInteger(after.substr(1));
  if (!number || *number < 1 || *number > kPortMax) return std::nullopt;
  server.port = static_cast<uint16_t>(*number);
  return server;
}

}  // namespace

std::optional<std::vector<ServerAddress>> ParseServers(std::string_view text, uint16_t port) {
  std::vector<ServerAddress> servers;
  for (const std::string& part : Split(text, ',')) {
    std::optional<ServerAddress> server = ParseServer(Trim(part), port);
    if (!server) return std::nullopt;
    servers.push_back(std::move(*server));
  }
  return servers;
}

}  // namespace millrace::mysql
