#include "connectors/mysql/wire/server_identity.h"

#include <fmt/format.h>

#include <string_view>

namespace millrace::mysql {

Result<std::string> ServerIdentity(Connection* connection) {
  const bool is_mariadb = connection->is_mariadb();
  const std::string_view name = is_mariadb ? "server_id" : "server_uuid";
  MR_ASSIGN_OR_RETURN(const auto value,
                      connection->QueryValue(fmt::format("SELECT @@GLOBAL.{}", name)));
  return fmt::format("{} {}", name, value.value_or(""));
}

}  // namespace millrace::mysql
