// MySQL's SELECT -> SQLite's: names of tables become names of the SQLite tables that hold them,
// string quotes and system variables are translated, the rest is left to SQLite.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "minidoris/query/sql_error.h"
#include "minidoris/store/store.h"
#include "minidoris/table/sql_text.h"

namespace millrace::minidoris {

struct QueryContext {
  const Store* store = nullptr;
  std::string database;  // the current one, or empty
  std::string user;
  uint32_t connection = 0;
};

// The statement without its trailing semicolon.
std::variant<std::string, SqlError> RewriteForSqlite(const std::vector<Token>& tokens,
                                                     const QueryContext& context);

}  // namespace millrace::minidoris
