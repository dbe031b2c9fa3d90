// The patterns of SIMILAR TO.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace {

// The regular expression (base/regex.h) for whole texts that SIMILAR TO means; nothing if `escape`
// is not empty or one character, or ends the pattern.
std::optional<std::string> SimilarToRegex(std::string_view pattern, std::string_view escape);

}  // namespace millrace
