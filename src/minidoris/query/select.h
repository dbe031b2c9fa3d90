// SELECT and DELETE of the query port: SQLite runs them, over the tables that hold the rows.
#pragma once

#include <vector>

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

void RunSelect(const std::vector<Token>& tokens, StatementContext* context);
void RunDelete(const std::vector<Token>& tokens, StatementContext* context);

}  // namespace millrace::minidoris
