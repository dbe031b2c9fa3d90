// USE, CREATE, DROP and TRUNCATE of the query port.
#pragma once

#include <string_view>

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

// False, with nothing answered, if the statement at the cursor is none of these. `sql` is all of
// it.
bool RunDefinition(std::string_view sql, TokenCursor* cursor, StatementContext* context);

}  // namespace millrace::minidoris
