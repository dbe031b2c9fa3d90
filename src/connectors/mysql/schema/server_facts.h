// What never changes on a server while it runs, and is needed to understand the statements and
// table maps of its binlog.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/status.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

struct ServerFacts {
  bool is_mariadb = false;
  uint32_t version = 0;                      // 80400, 101119
  bool names_in_small_letters = false;       // lower_case_table_names is not 0
  bool timestamps_may_be_null = true;        // explicit_defaults_for_timestamp
  std::map<uint16_t, std::string> charsets;  // by the id of a collation

  // Empty if the server did not list it.
  std::string CharsetOf(uint16_t collation) const;
};

Result<ServerFacts> ReadServerFacts(Connection* connection);

// "10.11.19-MariaDB-log", "9.7.4" -> 101119, 90704; 0 for something else.
uint32_t ParseServerVersion(std::string_view version);

}  // namespace millrace::mysql
