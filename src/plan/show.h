// SHOW: what a session knows, as small tables with Flink's headings.
#pragma once

#include <optional>

#include "plan/plan_context.h"
#include "plan/result_table.h"
#include "sql/statement.h"

namespace millrace {

// Nothing, with an error, for objects that do not exist and kinds that are not run. `span` is the
// statement's.
std::optional<ResultTable> RunShow(const sql::Show& show, Span span, const PlanContext& context);

}  // namespace millrace
