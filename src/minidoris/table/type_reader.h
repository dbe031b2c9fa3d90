// Column types as CREATE TABLE writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "minidoris/table/sql_text.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

// Reads `int`, `varchar(20)`, `array<map<string, int>>`, ...: the type of `column`, which is for
// messages. Nothing, or what is wrong with it.
std::optional<std::string> ReadColumnType(TokenCursor* cursor, std::string_view column,
                                          ColumnType* type);

// Numbers in parentheses, if there are any; false if they are something else.
bool AcceptTypeArguments(TokenCursor* cursor, std::vector<uint32_t>* arguments);

// "mismatched input ... in CREATE TABLE", at the cursor.
std::string CreateTableSyntaxError(const TokenCursor& cursor);

}  // namespace millrace::minidoris
