// How long the body of a load says that it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/message.h"
#include "minidoris/backend/load_plan.h"

namespace millrace::minidoris {

// A load has either a length within the limits or chunks. The Message it fails with, or nothing.
// `json_bytes_max` counts for JSON that is not read by line.
std::optional<std::string> CheckFraming(const http::Request& request, BodyFormat format,
                                        int64_t load_bytes_max, int64_t json_bytes_max);

}  // namespace millrace::minidoris
