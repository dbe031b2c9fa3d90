#include "minidoris/backend/framing.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::minidoris {

std::optional<std::string> CheckFraming(const http::Request& request, BodyFormat format,
                                        int64_t load_bytes_max, int64_t json_bytes_max) {
  const std::optional<std::string> length = request.Header("content-length");
  const std::string encoding = request.Header("transfer-encoding").value_or("");
  const bool chunked = encoding.find("chunked") != encoding.npos;
  if (!length && !chunked) {
    return "[INVALID_ARGUMENT]content_length is empty and transfer-encoding!=chunked, please set "
           "content_length or transfer-encoding=chunked";
  }
  if (length && chunked) {
    return "[INVALID_ARGUMENT]please do not set both content_length and transfer-encoding";
  }
  if (!length) return std::nullopt;
  const int64_t bytes = ParseInteger(*length).value_or(0);
  if (bytes > load_bytes_max) {
    return fmt::format(
        "[E-217]body size {} exceed BE's conf `streaming_load_max_mb` {}. increase "
        "it if you are sure this load is reasonable",
        bytes, load_bytes_max >> 20);
  }
  const bool by_line =
      EqualsIgnoreCase(request.Header("read_json_by_line").value_or("false"), "true");
  if (format == BodyFormat::kJson && !by_line && bytes > json_bytes_max) {
    return fmt::format(
        "[E-217]json body size {} exceed BE's conf `streaming_load_json_max_mb` {}. "
        "increase it if you are sure this load is reasonable",
        bytes, json_bytes_max >> 20);
  }
  return std::nullopt;
}

}  // namespace millrace::minidoris
