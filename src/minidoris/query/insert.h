// INSERT INTO ... VALUES and INSERT INTO ... SELECT of the query port.
#pragma once

#include <cstdint>
#include <vector>

#include "minidoris/query/statement_context.h"

namespace millrace::minidoris {

// An INSERT is a strict load under a label of its own; `number` counts those of the connection.
void RunInsert(const std::vector<Token>& tokens, int64_t number, StatementContext* context);

}  // namespace millrace::minidoris
