#include "base/log.h"

#include <fmt/chrono.h>

#include <chrono>

namespace millrace {
namespace {

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO ";
    case LogLevel::kWarning:
      return "WARN ";
    default:
      return "ERROR";
  }
}

}  // namespace

void Log::Write(LogLevel level, std::string_view text) {
  if (!enabled(level) || level == LogLevel::kOff) return;
  const auto now = std::chrono::system_clock::now();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const std::string line =
      fmt::format("{}{:%Y-%m-%d %H:%M:%S}.{:03} {} {}\n", prefix_,
                  fmt::localtime(std::chrono::system_clock::to_time_t(now)), ms, Name(level), text);
  std::lock_guard lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

}  // namespace millrace
