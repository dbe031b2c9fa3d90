// Patterns of LIKE in SHOW statements.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "minidoris/table/sql_text.h"

namespace millrace::minidoris {

// % is any text, _ any byte, \ makes the next byte literal. Letters compare by case.
bool MatchesPattern(std::string_view text, std::string_view pattern);

// `LIKE 'pattern'` at the cursor, if it is there.
std::optional<std::string> AcceptLike(TokenCursor* cursor);
// Whether the name passes; without a pattern every name does.
bool Passes(const std::optional<std::string>& pattern, std::string_view name);

}  // namespace millrace::minidoris
