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

LiveTable::LiveTable(const ResultColumns& columns, const ResultStyle& style, size_t rows_max,
                     Clock* clock, std::FILE* out)
    : columns_(columns),
      style_(style),
      rows_max_(std::clamp<size_t>(rows_max, 1, kRowsKeptMax)),
      clock_(*clock),
      out_(out),
      headings_(columns.Names()),
      widths_(columns.Widths(style.text_width)) {}

void LiveTable::Begin() {
  std::fwrite(kClearScreen.data(), 1, kClearScreen.size(), out_);
  drawn_ = false;
  drawn_ms_ = clock_.NowMs() - kDrawMs;
  Tick();
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

Status LiveTable::Print(const Page& page) {
  for (uint32_t index = 0; index < page.rows(); ++index) {
    std::vector<std::string> cells;
    for (size_t i = 0; i < columns_.columns.size(); ++i) {
      const auto text = CellText(page.row(index)[i], columns_.zone);
      cells.push_back(text.value_or(std::string(kNullText)));
    }
    Apply(page.kind(index), TableLine(cells, widths_));
    ++changes_;
  }
  drawn_ = drawn_ && page.rows() == 0;
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
  const size_t height = terminal.rows > kLinesAround ? terminal.rows - kLinesAround : 1;
  std::vector<std::string> picture = {BorderLine(widths_), TableLine(headings_, widths_),
                                      BorderLine(widths_)};
  picture.insert(picture.end(),
                 lines_.end() - static_cast<ptrdiff_t>(std::min(lines_.size(), height)),
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
