// A column as a statement defines it -> ServerColumn, as the server resolves what the text leaves
// open: character sets, default lengths, the size of a TEXT.
#pragma once

#include <string>

#include "connectors/mysql/ddl/statement.h"
#include "connectors/mysql/schema/table_layout.h"

namespace millrace::mysql {

struct DefinitionContext {
  std::string table_charset;    // of columns that name none
  std::string convert_charset;  // CONVERT TO: of all columns with text; empty: none
  // A TIMESTAMP that says neither NULL nor NOT NULL may be NULL
  // (explicit_defaults_for_timestamp).
  bool timestamps_may_be_null = true;
  bool is_mariadb = false;
};

ServerColumn DefinedColumn(const ddl::Column& column, const DefinitionContext& context);

// What CONVERT TO CHARACTER SET makes of a column that is there: its text gets longer in bytes, so
// a TEXT may become a MEDIUMTEXT; with `binary` text becomes bytes.
void ConvertColumn(const std::string& charset, ServerColumn* column);

// The character set that a charset and a collation, as written, stand for: "default" and names that
// do not say it are `fallback`.
std::string ResolvedCharset(const std::string& charset, const std::string& collation,
                            const std::string& fallback);

// The bytes of a value in a key; a TEXT or BLOB has no limit there.
uint64_t KeyBytes(const ServerColumn& column);

}  // namespace millrace::mysql
