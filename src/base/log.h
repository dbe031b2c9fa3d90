// The log: lines for humans on standard error or in a file. Passed along, never global.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace millrace {

enum class LogLevel : unsigned char { kDebug, kInfo, kWarning, kError, kOff };

// Thread-safe. Lines look like "2026-11-24 12:00:00.123+01:00 INFO  text", in local time with its
// offset from UTC. Never call it per row.
class Log final {
 public:
  // Writes to `stream`, which stays the caller's and must outlive the log. Every line begins with
  // `prefix`, such as what erases another line on a terminal.
  explicit Log(LogLevel level, std::FILE* stream, std::string_view prefix = {})
      : level_(level), stream_(stream), prefix_(prefix) {}

  bool enabled(LogLevel level) const { return level >= level_; }
  void Write(LogLevel level, std::string_view text);
  // Written so far, so that a prompt on the same terminal notices that it has to be drawn again.
  uint64_t lines() const { return lines_; }

  template <typename... Args>
  void Debug(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::kDebug))
      Write(LogLevel::kDebug, fmt::vformat(format, fmt::make_format_args(args...)));
  }
  template <typename... Args>
  void Info(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::kInfo))
      Write(LogLevel::kInfo, fmt::vformat(format, fmt::make_format_args(args...)));
  }
  template <typename... Args>
  void Warning(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::kWarning))
      Write(LogLevel::kWarning, fmt::vformat(format, fmt::make_format_args(args...)));
  }
  template <typename... Args>
  void Error(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::kError))
      Write(LogLevel::kError, fmt::vformat(format, fmt::make_format_args(args...)));
  }

 private:
  const LogLevel level_;
  std::FILE* const stream_;
  const std::string prefix_;
  std::atomic<uint64_t> lines_ = 0;
  std::mutex mutex_;
};

}  // namespace millrace
