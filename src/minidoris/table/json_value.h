// Values of JSON columns. Doris keeps them in a binary form, from which a SELECT prints them again:
// without blanks, with the escapes it needs, whole numbers as they are and others as DOUBLE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// The text that a SELECT shows of this JSON; nothing if it is not one JSON value.
std::optional<std::string> StoredJson(std::string_view text);

}  // namespace millrace::minidoris
