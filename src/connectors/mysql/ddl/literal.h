// The values of names and literals of MySQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace::mysql::ddl {

// A name with or without its quotes (`, " or []), of which the last one doubled is one.
std::string NameOf(std::string_view token);
// A string in ' or ", perhaps after an N; a doubled quote is one, and so is what follows a
// backslash.
std::string StringOf(std::string_view token, bool has_escapes);
// The bytes of x'61', 0x61 and b'01100001', 0b01100001; nothing if it is none,
// as x'6'.
std::optional<std::string> HexOf(std::string_view token);
std::optional<std::string> BitsOf(std::string_view token);

}  // namespace millrace::mysql::ddl
