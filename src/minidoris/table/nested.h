// Text -> ARRAY, MAP and STRUCT, by the rules of Doris's casts from text, which are not those of
// JSON: elements may stand in quotes of either kind or in none, `\` takes the next character as it
// is, and the fields of a STRUCT come in their order, all of them with their names or none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "minidoris/table/convert.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {

// The text that a SELECT shows of the value: `[1, null]`, `{"a":1, "b":2}`. Nothing if it is not a
// value of the type, which has elements.
std::optional<std::string> NestedText(const ColumnType& type, std::string_view text,
                                      const ConversionRules& rules);

}  // namespace millrace::minidoris
