// Errors of the query port, as MySQL clients get them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace millrace::minidoris {

struct SqlError {
  uint16_t code = 1105;
  std::string sql_state = "HY000";
  std::string message;
};

inline constexpr uint16_t kUnknownError = 1105;
// Doris puts this before the text of its errors.
inline constexpr std::string_view kDetail = "errCode = 2, detailMessage = ";

SqlError UnknownTable(std::string_view database, std::string_view table);
SqlError NoDatabaseSelected();
SqlError FromSqlite(const Status& status);

}  // namespace millrace::minidoris
