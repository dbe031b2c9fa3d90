// Numbers, durations and sizes as Flink spells them in options and settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

// A duration ("10s", "3 min", "500" = ms) in milliseconds; microseconds and nanoseconds round down.
// Nothing if it is not one.
std::optional<int64_t> ParseDurationMs(std::string_view text);
// A memory size ("64 mb", "1g", "4096" = bytes; 1024-based) in bytes.
std::optional<int64_t> ParseMemoryBytes(std::string_view text);
std::optional<int64_t> ParseInteger(std::string_view text);  // whole text, decimal, signed
std::optional<bool> ParseBoolean(std::string_view text);     // true/false, any case

}  // namespace millrace
