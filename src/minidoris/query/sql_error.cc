#include "minidoris/query/sql_error.h"

#include <fmt/format.h>

namespace millrace::minidoris {

SqlError UnknownTable(std::string_view database, std::string_view table) {
  return {1146, "42S02",
          fmt::format("{}Table [{}] does not exist in database [{}].", kDetail, table, database)};
}

SqlError NoDatabaseSelected() {
  return {1046, "3D000", fmt::format("{}No database selected", kDetail)};
}

SqlError FromSqlite(const Status& status) {
  const bool no_table = status.message().find("no such table") != std::string::npos;
  return {static_cast<uint16_t>(no_table ? 1146 : kUnknownError), no_table ? "42S02" : "HY000",
          fmt::format("{}{}", kDetail, status.message())};
}

}  // namespace millrace::minidoris
