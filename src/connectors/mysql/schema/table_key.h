// The name of a table on a server.
#pragma once

#include <string>
#include <utility>

#include "base/utf8.h"

namespace millrace::mysql {

using TableKey = std::pair<std::string, std::string>;  // database, table

inline std::string FullName(const TableKey& table) { return table.first + "." + table.second; }

// The name of a table or a database as a server with this lower_case_table_names writes it.
inline std::string SpelledName(const std::string& name, bool in_small_letters) {
  return in_small_letters ? ToLowerUtf8(name) : name;
}

}  // namespace millrace::mysql
