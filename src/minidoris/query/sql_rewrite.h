// MySQL's SELECT -> SQLite's: names of tables become names of the SQLite tables behind them, string
// quotes and system variables are translated, the rest is left to SQLite.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "minidoris/query/sql_text.h"
#include "minidoris/store/store.h"

namespace millrace::minidoris {

struct QueryContext {
  const Store* store = nullptr;
  std::string database;  // the current one, or empty
  std::string user;
  uint32_t connection = 0;
};

struct SqlError {
  uint16_t code = 1105;
  std::string sql_state = "HY000";
  std::string message;
};

SqlError UnknownTable(std::string_view database, std::string_view table);
SqlError NoDatabaseSelected();

// The statement without its trailing semicolon.
std::variant<std::string, SqlError> RewriteForSqlite(const std::vector<Token>& tokens,
                                                     const QueryContext& context);

// The value of a system variable such as version_comment, as text.
std::string VariableValue(std::string_view name);

}  // namespace millrace::minidoris
