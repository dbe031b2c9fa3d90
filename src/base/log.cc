#include "base/log.h"

#include <fmt/chrono.h>

#include <chrono>
#include <ctime>

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

// "+01:00"
std::string OffsetText(const std::tm& local) {
  const long minutes = local.tm_gmtoff / 60;
  const long size = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace

void Log::Write(LogLevel level, std::string_view text) {
  if (!enabled(level) || level == LogLevel::kOff) return;
  const auto now = std::chrono::system_clock::now();
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const std::tm local = fmt::localtime(std::chrono::system_clock::to_time_t(now));
  const std::string line = fmt::format("{}{:%Y-%m-%d %H:%M:%S}.{:03}{} {} {}\n", prefix_, local, ms,
                                       OffsetText(local), Name(level), text);
  std::lock_guard lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
  ++lines_;
}

}  // namespace millrace
