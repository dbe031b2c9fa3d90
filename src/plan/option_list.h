// Lists of 'key' = 'value' as statements have them.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "sql/statement.h"

namespace millrace {

// Each key once, in the order of the values that count: the last ones, as in Flink. A key that is
// written again is a warning at its place.
std::vector<sql::OptionPair> LastOfEach(const std::vector<sql::OptionPair>& options,
                                        Diagnostics* diagnostics);

}  // namespace millrace
