// What SHOW shows of transactions, of the cluster and of its settings. Each answers one statement
// whose words before the cursor are read.
#pragma once

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

void ShowTransactions(TokenCursor* cursor, StatementContext* context);
void ShowStreamLoads(TokenCursor* cursor, StatementContext* context);
void ShowFrontends(StatementContext* context);
void ShowBackends(StatementContext* context);
void ShowVariables(TokenCursor* cursor, StatementContext* context);
void ShowConfig(TokenCursor* cursor, StatementContext* context);

}  // namespace millrace::minidoris
