// The definition of one column in CREATE TABLE.
#pragma once

#include <optional>
#include <string>

#include "minidoris/table/sql_text.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

struct ColumnDefinition {
  Column column;
  bool key = false;  // the word KEY is among its attributes
};

// Reads `name type [attributes]` at the cursor, which stops at the first token after it. The
// message of the refusal, or nothing.
std::optional<std::string> ReadColumnDefinition(TokenCursor* cursor, ColumnDefinition* definition);

}  // namespace millrace::minidoris
