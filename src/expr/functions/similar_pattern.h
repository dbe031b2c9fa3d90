// The patterns of SIMILAR TO.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millrace {

// The regular expression (base/regex.h) that matches whole strings as SIMILAR TO does. Nothing if
// `escape` is neither empty nor one character, or ends the pattern.
std::optional<std::string> SimilarToRegex(std::string_view pattern, std::string_view escape);

}  // namespace millrace
