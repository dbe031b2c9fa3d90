// Dates and times in the lenient forms that Flink's CAST reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

// 'y[-m[-d]]': days since 1970-01-01. Text after a space is ignored.
std::optional<int64_t> ParseDateText(std::string_view text);
// 'h[:m[:s[.f]]]': microseconds since midnight. An offset (+hh:mm) may follow and is ignored.
std::optional<int64_t> ParseTimeText(std::string_view text);
// 'y-m[-d][ h[:m[:s[.f]]]]': microseconds since 1970-01-01 00:00:00 as wall clock.
std::optional<int64_t> ParseTimestampText(std::string_view text);

}  // namespace millrace
