// Names of character sets and collations, as one server, another one or a statement writes them.
#pragma once

#include <string>
#include <string_view>

namespace millrace::mysql {

// In small letters; "utf8mb3" for all names that it has.
std::string CharsetNamed(std::string_view name);
// Of a collation: "utf8mb4" of "utf8mb4_0900_ai_ci". Empty for names that do not say it: DEFAULT,
// and those of MariaDB that exist for several character sets (UCA1400_AI_CI).
std::string CharsetOfCollation(std::string_view collation);

}  // namespace millrace::mysql
