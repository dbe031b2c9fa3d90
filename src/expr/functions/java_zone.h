// Time zones by the names that java.util.TimeZone knows, for CONVERT_TZ.
#pragma once

#include <optional>
#include <string_view>

#include "base/time_zone.h"

namespace millrace {

// As TimeZone::Parse, with two differences: the short names of Java ("PST") are zones, and only
// GMT may have an offset ("GMT+8", "GMT-0530"): all other names that are offsets ("+08:00",
// "UTC+3") mean GMT. Nothing for a name that is none of these, which Java takes for GMT as well.
std::optional<TimeZone> ParseJavaZone(std::string_view name);

}  // namespace millrace
