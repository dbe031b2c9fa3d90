// Expressions that are evaluated in a test, through the plan of a SELECT without FROM.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "plan/plan.h"
#include "row/type.h"

// A column of the one row.
struct EvaluatedColumn {
  millrace::Type type;
  bool is_null = false;
  bool is_text = false;  // a string, not a value that prints like one
  std::string text;      // as `print` writes it; bytes as x'00ff'
};

// Runs the plan over one row without columns, at that time; no columns if the filter drops it.
millrace::Result<std::vector<EvaluatedColumn>> EvaluateRow(const millrace::Plan& plan,
                                                           int64_t now_ms);
