// Names and words in quotes.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

std::string Quoted(std::string_view name);           // "name" in double quotes, for messages
std::string QuoteIdentifier(std::string_view name);  // `name` in backquotes, a ` in it doubled

// What every output shows in place of a password or another secret.
inline constexpr std::string_view kRedacted = "***";

}  // namespace millrace
