// The escapes of string literals and quoted names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::sql {

// The inside of quotes, in which a doubled `quote` is one.
std::string Undouble(std::string_view text, char quote);

// The inside of U&'...': `escape` and four hexadecimal digits are a UTF-16 unit, two of `escape`
// are one. Surrogate pairs become one character. Nothing if an escape is invalid.
std::optional<std::string> DecodeUnicodeEscapes(std::string_view text, std::string_view escape);

// The inside of E'...': escapes with a backslash as in C (\n, \x41, \101, \u0041, \U00000041), and
// '' for a quote. Nothing if an escape is invalid.
std::optional<std::string> DecodeBackslashEscapes(std::string_view text);

}  // namespace millrace::sql
