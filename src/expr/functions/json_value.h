// A value as JSON.
#pragma once

#include <string>
#include <string_view>

#include "expr/call.h"

namespace millrace {

// Appends a value other than ARRAY, MAP and ROW: numbers, BOOLEAN and results of JSON functions as
// they are, all others as strings.
void AppendJsonValue(const FunctionCall& call, const Cell& cell, std::string* out);

// The order in which Flink writes the members of an object: that of Java's strings, which compares
// units of UTF-16, so that what is beyond the first 65536 characters comes before U+E000.
bool JsonKeyLess(std::string_view a, std::string_view b);

}  // namespace millrace
