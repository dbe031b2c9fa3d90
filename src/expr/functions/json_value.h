// A value as JSON.
#pragma once

#include <string>

#include "expr/call.h"

namespace millrace {

// Appends a value other than ARRAY, MAP and ROW: numbers, BOOLEAN and results of JSON functions as
// they are, all others as strings.
void AppendJsonValue(const FunctionCall& call, const Cell& cell, std::string* out);

}  // namespace millrace
