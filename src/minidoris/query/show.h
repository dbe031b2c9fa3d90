// SHOW and DESC of the query port, with the columns of Doris's manual pages of these statements.
#pragma once

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

// SHOW, with the cursor before or after that word. False, with nothing answered, if it is none that
// is known.
bool RunShow(TokenCursor* cursor, StatementContext* context);
// What follows DESC or DESCRIBE.
void RunDescribe(TokenCursor* cursor, StatementContext* context);

}  // namespace millrace::minidoris
