#include "connectors/mysql/snapshot/snapshot_options.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::mysql {
namespace {

void CheckPositive(const Options& options, std::string_view key, int64_t value,
                   Diagnostics* diagnostics) {
  if (value >= 1) return;
  diagnostics->push_back({DiagnosticCode::kInvalidValue, options.ValueSpan(key),
                          fmt::format("{} must be at least 1", key),
                          "Leave the option out to read as fast as possible."});
}

// The place of a character of the value in the text of the script, where the value stands in
// quotes and a quote in it is written twice.
Span PlaceOf(const Options& options, std::string_view key, size_t offset) {
  const Span whole = options.ValueSpan(key);
  const std::string_view before = std::string_view(options.Text(key)).substr(0, offset);
  const auto quotes = static_cast<size_t>(std::count(before.begin(), before.end(), '\''));
  const size_t begin = whole.begin + 1 + offset + quotes;
  if (begin >= whole.end) return whole;
  return {begin, begin + 1};
}

}  // namespace

void CheckSnapshotOptions(const Options& options, Diagnostics* diagnostics) {
  if (options.Given(kChunkKeyOption) && options.Text(kChunkKeyOption).empty()) {
    diagnostics->push_back({DiagnosticCode::kInvalidValue, options.ValueSpan(kChunkKeyOption),
                            fmt::format("{} names no column", kChunkKeyOption),
                            "Leave the option out to cut tables by their keys."});
  }
  if (options.Given(kMaxRowsOption)) {
    CheckPositive(options, kMaxRowsOption, options.Integer(kMaxRowsOption), diagnostics);
  }
  if (options.Given(kMaxBytesOption)) {
    CheckPositive(options, kMaxBytesOption, options.MemoryBytes(kMaxBytesOption), diagnostics);
  }
  if (!options.Given(kPauseOption)) return;
  const auto parsed = ParsePauseConditions(options.Text(kPauseOption));
  if (const auto* error = std::get_if<PauseSyntaxError>(&parsed)) {
    diagnostics->push_back({DiagnosticCode::kInvalidValue,
                            PlaceOf(options, kPauseOption, error->offset),
                            fmt::format("{} in {}", error->message, kPauseOption),
                            "Write it as in 'threads_running>50, replica_lag>10s'."});
  }
}

PaceLimits PaceLimitsOf(const Options& options) {
  PaceLimits limits;
  if (options.Given(kMaxRowsOption)) limits.rows_per_second = options.Integer(kMaxRowsOption);
  if (options.Given(kMaxBytesOption))
    limits.bytes_per_second = options.MemoryBytes(kMaxBytesOption);
  return limits;
}

std::vector<PauseCondition> PauseConditionsOf(const Options& options) {
  if (!options.Given(kPauseOption)) return {};
  auto parsed = ParsePauseConditions(options.Text(kPauseOption));
  const auto* conditions = std::get_if<std::vector<PauseCondition>>(&parsed);
  return conditions != nullptr ? *conditions : std::vector<PauseCondition>();
}

}  // namespace millrace::mysql
