// One statement of a binlog -> ddl::Statement, by grammar/MySqlDdl.g4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "connectors/mysql/ddl/statement.h"

namespace millrace::mysql::ddl {

// How the session that wrote the statement read it.
struct Dialect {
  bool is_mariadb = false;
  uint32_t server_version = 0;  // 80400, 101119; decides what of /*!NNNNN ... */ is executed
  bool ansi_quotes = false;
  bool no_backslash_escapes = false;
  bool real_as_float = false;
  bool oracle = false;  // MariaDB: DATE is a DATETIME, and other names of types
  bool mssql = false;   // MariaDB: [name] in brackets
  bool maxdb = false;   // MariaDB and MySQL 5.7: TIMESTAMP is a DATETIME
};

// `text`: in UTF-8, one statement. Permanent error with line and column of what is not understood.
Result<Statement> Parse(std::string_view text, const Dialect& dialect);

// A text for which Parse gives the same statement; identifiers in backticks.
std::string Print(const Statement& statement);

}  // namespace millrace::mysql::ddl
