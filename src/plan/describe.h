// DESCRIBE: one object of a session in detail, as a small table with Flink's headings.
#pragma once

#include <optional>

#include "plan/catalog.h"
#include "plan/plan_context.h"
#include "plan/result_table.h"
#include "sql/statement.h"

namespace millrace {

// Nothing, with an error, for objects that do not exist; nothing for jobs, which a session does not
// know.
std::optional<ResultTable> RunDescribe(const sql::Describe& describe, const PlanContext& context);
// The columns of a table or view, for DESCRIBE and SHOW COLUMNS.
ResultTable DescribeColumns(const CatalogObject& object);

// "TRUE" or "FALSE".
std::string BooleanText(bool value);
// The names of all functions, as they are called, sorted.
std::vector<std::string> FunctionNames();

}  // namespace millrace
