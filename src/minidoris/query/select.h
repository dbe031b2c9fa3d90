// SELECT and DELETE of the query port: SQLite runs them, over the tables behind the names.
#pragma once

#include <vector>

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

void RunSelect(const std::vector<Token>& tokens, StatementContext* context);
void RunDelete(const std::vector<Token>& tokens, StatementContext* context);

}  // namespace millrace::minidoris
