// SHOW and DESCRIBE: what a session knows, as small tables with Flink's headings.
#pragma once

#include <optional>

#include "plan/query.h"
#include "plan/result_table.h"

namespace millrace {

// Nothing, with an error, for objects that do not exist and kinds that are not run.
std::optional<ResultTable> RunShow(const sql::Show& show, Span span, const PlanContext& context);
std::optional<ResultTable> RunDescribe(const sql::Describe& describe, Span span,
                                       const PlanContext& context);

}  // namespace millrace
