#include "cli/result_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/settings.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr size_t kTextWidth = 30;         // of strings in a stream, as in Flink
constexpr size_t kNullWidth = 6;          // <NULL>
constexpr size_t kKeptRowsMax = 100'000;  // of a bounded result; then it is printed as a stream
constexpr std::string_view kNull = "<NULL>";

size_t TypeWidth(const Type& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return 5;
    case TypeKind::kTinyInt:
      return 4;
    case TypeKind::kSmallInt:
      return 6;
    case TypeKind::kInt:
      return 11;
    case TypeKind::kBigInt:
      return 20;
    case TypeKind::kDecimal:
      return type.precision + 2u;
    case TypeKind::kDate:
      return 10;
    case TypeKind::kTime:
      return type.precision == 0 ? 8 : type.precision + 9u;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return type.precision == 0 ? 19 : type.precision <= 3 ? 23 : type.precision <= 6 ? 26 : 29;
    default:
      return kTextWidth;
  }
}

std::string Fitted(const std::string& text, size_t width) {
  const size_t shown = DisplayWidth(text);
  if (shown <= width) return std::string(width - shown, ' ') + text;
  std::string cut;
  for (size_t at = 0; at < text.size(); at += Utf8Length(text, at)) {
    const std::string next = cut + text.substr(at, Utf8Length(text, at));
    if (DisplayWidth(next) > width - 3) break;
    cut = next;
  }
  return cut + "..." + std::string(width - 3 - DisplayWidth(cut), ' ');
}

std::string CellText(const Cell& cell, const TimeZone& zone) {
  if (cell.is_null()) return std::string(kNull);
  std::string text;
  if (cell.kind == CellKind::kBytes) {
    text = "x'";
    for (const char c : cell.view()) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text + "'";
  }
  AppendCell(&text, cell, zone);
  // A line feed inside would tear the table apart.
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string Border(const std::vector<size_t>& widths) {
  std::string text = "+";
  for (const size_t width : widths) text += std::string(width + 2, '-') + "+";
  return text + "\n";
}

std::string Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string text = "|";
  for (size_t i = 0; i < cells.size(); ++i) text += " " + Fitted(cells[i], widths[i]) + " |";
  return text + "\n";
}

void Put(std::FILE* out, const std::string& text) { std::fwrite(text.data(), 1, text.size(), out); }

bool HasLines(const ResultTable& table) {
  for (const auto& row : table.rows) {
    for (const auto& cell : row) {
      if (cell && cell->find('\n') != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace

void PrintTable(const ResultTable& table, std::FILE* out) {
  if (table.rows.empty()) return Put(out, "Empty set\n");
  if (table.headings.size() == 1 && HasLines(table)) {  // EXPLAIN, SHOW CREATE TABLE
    for (const auto& row : table.rows) Put(out, row[0].value_or(std::string(kNull)) + "\n");
    return;
  }
  std::vector<size_t> widths;
  for (const std::string& heading : table.headings) widths.push_back(DisplayWidth(heading));
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i] ? DisplayWidth(*row[i]) : kNullWidth);
    }
  }
  std::string text = Border(widths) + Line(table.headings, widths) + Border(widths);
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const auto& cell : row) cells.push_back(cell.value_or(std::string(kNull)));
    text += Line(cells, widths);
  }
  text += Border(widths);
  text += fmt::format("{} row{} in set\n", table.rows.size(), table.rows.size() == 1 ? "" : "s");
  Put(out, text);
}

ResultSink::ResultSink(const Plan& plan, bool streaming, std::FILE* out)
    : plan_(plan),
      streaming_(streaming),
      out_(out),
      zone_(TimeZone::Parse(plan.time_zone).value_or(TimeZone())) {
  for (const Column& column : plan.sinks[0].table.schema.columns) kept_.headings.push_back(column.name);
}

void ResultSink::PrintBorder() { Put(out_, Border(widths_)); }
void ResultSink::PrintLine(const std::vector<std::string>& cells) {
  Put(out_, Line(cells, widths_));
}

Status ResultSink::Open() {
  if (!streaming_) return Status::Ok();
  widths_ = {2};
  std::vector<std::string> headings = {"op"};
  for (const Column& column : plan_.sinks[0].table.schema.columns) {
    widths_.push_back(std::max({DisplayWidth(column.name), kNullWidth, TypeWidth(column.type)}));
    headings.push_back(column.name);
  }
  PrintBorder();
  PrintLine(headings);
  PrintBorder();
  std::fflush(out_);
  return Status::Ok();
}

Status ResultSink::Write(const Batch& batch, std::span<const uint32_t> rows) {
  for (const uint32_t index : rows) {
    const Cell* row = batch.row(index);
    std::vector<std::string> cells;
    if (streaming_) cells.emplace_back(ToString(batch.kind(index)));
    for (const uint32_t slot : plan_.sinks[0].slots)
      cells.push_back(CellText(row[slot], zone_));
    ++rows_;
    if (streaming_) {
      PrintLine(cells);
    } else if (kept_.rows.size() < kKeptRowsMax) {
      kept_.rows.emplace_back(cells.begin(), cells.end());
    } else {
      return Status::Permanent(
          fmt::format("the result has more than {} rows; add a LIMIT", kKeptRowsMax));
    }
  }
  if (streaming_ && std::fflush(out_) != 0) return Status::Permanent("the output was closed");
  return Status::Ok();
}

void ResultSink::Finish() {
  if (!streaming_) {
    PrintTable(kept_, out_);
  } else {
    PrintBorder();
    Put(out_, fmt::format("Received a total of {} row{}\n", rows_, rows_ > 1 ? "s" : ""));
  }
  std::fflush(out_);
}

}  // namespace millrace
