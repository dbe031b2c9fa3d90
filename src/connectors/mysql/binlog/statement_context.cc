#include "connectors/mysql/binlog/statement_context.h"

#include "connectors/mysql/values/charset.h"

namespace millrace::mysql {
namespace {

// Bits of sql_mode, the same in MySQL and MariaDB (sql/system_variables.h, sql/sql_class.h).
constexpr uint64_t kRealAsFloat = 1;
constexpr uint64_t kAnsiQuotes = 4;
constexpr uint64_t kOracle = 1ULL << 9;
constexpr uint64_t kMssql = 1ULL << 10;
constexpr uint64_t kMaxdb = 1ULL << 12;
constexpr uint64_t kNoBackslashEscapes = 1ULL << 20;

}  // namespace

Result<LoggedStatement> InContext(const QueryText& query, const ServerFacts& server) {
  LoggedStatement statement;
  statement.text = query.statement;
  const std::string charset = server.CharsetOf(query.client_collation);
  if (!charset.empty() && charset != "binary") {
    MR_ASSIGN_OR_RETURN(const Charset converter, Charset::ForName(charset));
    Arena arena;
    statement.text = converter.ToUtf8(query.statement, &arena);
  }
  statement.dialect.is_mariadb = server.is_mariadb;
  statement.dialect.server_version = server.version;
  statement.dialect.ansi_quotes = (query.sql_mode & kAnsiQuotes) != 0;
  statement.dialect.no_backslash_escapes = (query.sql_mode & kNoBackslashEscapes) != 0;
  statement.dialect.oracle = (query.sql_mode & kOracle) != 0;
  statement.dialect.mssql = (query.sql_mode & kMssql) != 0;
  statement.dialect.maxdb = (query.sql_mode & kMaxdb) != 0;
  statement.dialect.real_as_float = (query.sql_mode & kRealAsFloat) != 0;
  statement.context.is_mariadb = server.is_mariadb;
  statement.context.timestamps_may_be_null = server.timestamps_may_be_null;
  statement.context.database = query.database;
  statement.context.server_charset = server.CharsetOf(query.server_collation);
  statement.context.database_charset = server.CharsetOf(query.database_collation);
  statement.names_in_small_letters = server.names_in_small_letters;
  return statement;
}

}  // namespace millrace::mysql
