#include "cli/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.h"

namespace millrace {
namespace {

constexpr double kNewestWeight = 0.3;  // of a rate's last look
constexpr int64_t kMinuteS = 60;
constexpr int64_t kHourS = 3600;

std::string Duration(int64_t seconds) {
  if (seconds < kMinuteS) return fmt::format("{} s", seconds);
  if (seconds < kHourS) return fmt::format("{} min {} s", seconds / kMinuteS, seconds % kMinuteS);
  return fmt::format("{} h {} min", seconds / kHourS, seconds % kHourS / kMinuteS);
}

void AppendSnapshot(const SourceProgress& source, int64_t rows_per_second, std::string* text) {
  if (source.tables > 0) {
    *text += fmt::format(", {}/{} tables", source.tables_done, source.tables);
  }
  *text += fmt::format(", {} rows read", Grouped(source.rows_read));
  if (source.rows_estimated <= 0) return;
  *text += fmt::format(" of about {}", Grouped(source.rows_estimated));
  const int64_t left = std::max<int64_t>(0, source.rows_estimated - source.rows_read);
  if (rows_per_second > 0) *text += fmt::format(", {} left", Duration(left / rows_per_second));
}

}  // namespace

std::string Grouped(int64_t number) {
  std::string text = std::to_string(number);
  const size_t sign = number < 0 ? 1 : 0;
  for (size_t at = text.size(); at > sign + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string ProgressText(const JobProgress& progress, int64_t rows_per_second, int64_t wall_ms) {
  const SourceProgress& source = progress.source;
  std::string text(ToString(source.phase));
  if (source.phase == SourcePhase::kSnapshot) {
    AppendSnapshot(source, rows_per_second, &text);
  } else {
    if (!source.position.empty()) text += " at " + source.position;
    if (source.lag_ms >= 0) {
      text += fmt::format(", lag {:.1f} s", static_cast<double>(source.lag_ms) / 1000);
      if (source.lag_bytes >= 0) text += fmt::format(" ({} bytes)", Grouped(source.lag_bytes));
    }
    text += fmt::format(", {} rows", Grouped(progress.rows));
  }
  text += fmt::format(", {} rows/s", Grouped(rows_per_second));
  if (progress.checkpoint_wall_ms > 0) {
    text +=
        fmt::format(", checkpoint {} {} ago", progress.checkpoint,
                    Duration(std::max<int64_t>(0, wall_ms - progress.checkpoint_wall_ms) / 1000));
  }
  return text;
}

int64_t RowRates::Look(const std::string& job, int64_t rows, int64_t now_ms) {
  Rate& rate = rates_[job];
  // A job that started over begins below where it was.
  if (rate.at_ms == 0 || rows < rate.rows) rate = {rows, now_ms, -1};
  if (now_ms > rate.at_ms) {
    const double newest =
        static_cast<double>(rows - rate.rows) * 1000 / static_cast<double>(now_ms - rate.at_ms);
    rate.per_second = rate.per_second < 0
                          ? newest
                          : rate.per_second * (1 - kNewestWeight) + newest * kNewestWeight;
    rate.rows = rows;
    rate.at_ms = now_ms;
  }
  return rate.per_second < 0 ? 0 : std::llround(rate.per_second);
}

std::string Shortened(const std::string& text, size_t columns) {
  if (DisplayWidth(text) <= columns) return text;
  std::string cut;
  for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) {
    const std::string next = cut + text.substr(at, Utf8Length(text, at));
    if (DisplayWidth(next) + 3 > columns) break;
    cut = next;
  }
  return cut + "...";
}

}  // namespace millrace
