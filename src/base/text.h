// Small questions about text that several rooms ask.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

bool EqualsIgnoreCase(std::string_view a, std::string_view b);  // ASCII
std::string ToLower(std::string_view text);                     // ASCII
std::string ToUpper(std::string_view text);                     // ASCII
std::string_view Trim(std::string_view text);                   // ASCII blanks
std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(std::span<const std::string> parts, std::string_view separator);
std::string Quoted(std::string_view name);  // "name" in double quotes, for messages

// The candidate nearest to `name` by edit distance, if near enough to be a slip of the hand.
std::optional<std::string> Nearest(std::string_view name, std::span<const std::string> candidates);
// A hint made of it: `Did you mean "x"?`, or empty.
std::string DidYouMean(std::string_view name, std::span<const std::string> candidates);

// Flink's spelling of a duration ("10s", "3 min", "500" = ms) in milliseconds; microseconds and
// nanoseconds round down. Nothing if it is not one.
std::optional<int64_t> ParseDurationMs(std::string_view text);
// Flink's spelling of a memory size ("64 mb", "1g", "4096" = bytes; 1024-based) in bytes.
std::optional<int64_t> ParseMemoryBytes(std::string_view text);
std::optional<int64_t> ParseInteger(std::string_view text);  // whole text, decimal, signed
std::optional<bool> ParseBoolean(std::string_view text);     // true/false, any case

// Columns a terminal needs to show `text` (UTF-8): wide characters count 2, combining ones 0.
size_t DisplayWidth(std::string_view text);
// Length in bytes of the UTF-8 character that starts at text[at], 1 for a broken one.
size_t Utf8Length(std::string_view text, size_t at);
bool IsUtf8(std::string_view text);

// Password and the like: what every output shows in its place.
inline constexpr std::string_view kRedacted = "***";

}  // namespace millrace
