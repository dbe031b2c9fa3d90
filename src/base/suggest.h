// What a misspelled name may have been meant to be.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace millrace {

// The candidate nearest to `name` by edit distance, if near enough to be a typing mistake.
std::optional<std::string> Nearest(std::string_view name, std::span<const std::string> candidates);
// A hint made of it: `Did you mean "x"?`, or empty.
std::string DidYouMean(std::string_view name, std::span<const std::string> candidates);

}  // namespace millrace
