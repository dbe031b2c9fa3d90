// Jobs as tables of texts: SHOW JOBS and DESCRIBE JOB.
#pragma once

#include <string>
#include <vector>

#include "base/time_zone.h"
#include "engine/jobs.h"
#include "plan/result_table.h"

namespace millrace {

// Flink's four columns, then position, rows, lag and latest checkpoint.
ResultTable JobsTable(const std::vector<JobRecord>& jobs, const TimeZone& zone);
// Everything known about a job, a line for each fact.
ResultTable JobTableOf(const JobRecord& job, const TimeZone& zone);
// How a job ended that did not fail, and how to go on.
std::string ClosingLine(const JobRecord& job);

}  // namespace millrace
