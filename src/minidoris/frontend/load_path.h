// The paths under which both sides serve loads.
#pragma once

#include <optional>
#include <string>

namespace millrace::minidoris {

// `/api/{db}/{table}/_stream_load` and its relatives, also with a catalog before the database.
struct LoadPath {
  std::string database;
  std::string table;  // empty for /api/{db}/<action>
  std::string action;
};
std::optional<LoadPath> ReadLoadPath(const std::string& path);

}  // namespace millrace::minidoris
