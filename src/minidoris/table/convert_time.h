// Dates and datetimes: from the spellings that Doris accepts in loads to the one it prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

// `yyyy-MM-dd`. A time of day is dropped.
std::optional<std::string> ConvertDate(std::string_view text);

// `yyyy-MM-dd HH:mm:ss[.fraction]` with `scale` fraction digits, rounded half up.
std::optional<std::string> ConvertDateTime(std::string_view text, uint32_t scale,
                                           int zone_offset_minutes);

}  // namespace millrace::minidoris
