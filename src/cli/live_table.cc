#include "cli/live_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "cli/progress_line.h"
#include "cli/result_text.h"
#include "cli/terminal.h"
#include "plan/settings.h"

namespace millrace {
namespace {

constexpr int64_t kDrawMs = 1000;
constexpr size_t kLinesAround = 6;  // borders, headings, the line below and the cursor's
constexpr size_t kRowsKeptMax = 10'000;
constexpr std::string_view kHome = "\033[H";
constexpr std::string_view kClearScreen = "\033[2J";
constexpr std::string_view kClearToEndOfLine = "\033[K";
constexpr std::string_view kClearBelow = "\033[J";

}  // namespace

LiveTable::LiveTable(const Plan& plan, const ResultStyle& style, size_t rows_max, Clock* clock,
                     std::FILE* out)
    : plan_(plan),
      style_(style),
      rows_max_(std::clamp<size_t>(rows_max, 1, kRowsKeptMax)),
      clock_(*clock),
      out_(out),
      zone_(TimeZone::Parse(plan.time_zone).value_or(TimeZone())) {
  for (const Column& column : plan.sinks[0].table.schema.columns) {
    headings_.push_back(column.name);
    widths_.push_back(std::max(
        {DisplayWidth(column.name), kNullText.size(), TypeWidth(column.type, style_.text_width)}));
  }
}

Status LiveTable::Open() {
  std::fwrite(kClearScreen.data(), 1, kClearScreen.size(), out_);
  drawn_ = false;
  drawn_ms_ = clock_.NowMs() - kDrawMs;
  Tick();
  return Status::Ok();
}

void LiveTable::Apply(RowKind kind, std::string line) {
  if (kind == RowKind::kInsert || kind == RowKind::kUpdateAfter) {
    lines_.push_back(std::move(line));
    if (lines_.size() > rows_max_) lines_.pop_front();
    return;
  }
  const auto found = std::find(lines_.rbegin(), lines_.rend(), line);
  if (found != lines_.rend()) lines_.erase(std::next(found).base());
}

Status LiveTable::Write(const Batch& batch, std::span<const uint32_t> rows) {
  for (const uint32_t index : rows) {
    std::vector<std::string> cells;
    for (const uint32_t slot : plan_.sinks[0].slots) {
      const auto text = CellText(batch.row(index)[slot], zone_);
      cells.push_back(text.value_or(std::string(kNullText)));
    }
    Apply(batch.kind(index), TableLine(cells, widths_));
    ++changes_;
  }
  drawn_ = drawn_ && rows.empty();
  return Status::Ok();
}

void LiveTable::Tick() {
  const int64_t now_ms = clock_.NowMs();
  if (drawn_ || now_ms - drawn_ms_ < kDrawMs) return;
  drawn_ = true;
  drawn_ms_ = now_ms;
  Draw(fmt::format("{} rows after {} changes; Ctrl-C leaves", lines_.size(), changes_));
}

void LiveTable::Draw(const std::string& footer) {
  const TerminalSize terminal = SizeOf(out_);
  const size_t room = terminal.rows > kLinesAround ? terminal.rows - kLinesAround : 1;
  std::vector<std::string> picture = {BorderLine(widths_), TableLine(headings_, widths_),
                                      BorderLine(widths_)};
  picture.insert(picture.end(),
                 lines_.end() - static_cast<ptrdiff_t>(std::min(lines_.size(), room)),
                 lines_.end());
  picture.push_back(BorderLine(widths_));
  picture.push_back(footer + "\n");
  std::string text(kHome);
  for (const std::string& line : picture) {
    // A line that wraps would shift all others.
    text += Shortened(line.substr(0, line.size() - 1), terminal.columns - 1);
    text += kClearToEndOfLine;
    text += '\n';
  }
  text += kClearBelow;
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void LiveTable::Finish(int64_t elapsed_ms) {
  Draw(fmt::format("Received a total of {} row{}{}", changes_, changes_ > 1 ? "s" : "",
                   TimeCost(style_, elapsed_ms)));
}

}  // namespace millrace
