#include "cli/result_table.h"
#include "base/encode.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/units.h"
#include "base/utf8.h"
#include "cli/result_text.h"
#include "plan/settings.h"

namespace millrace {
namespace {

constexpr size_t kKeptRowsMax = 100'000;
constexpr size_t kOpWidth = 2;
constexpr std::string_view kStars = "***************************";

using Row = std::vector<std::optional<std::string>>;

void Put(std::FILE* out, const std::string& text) { std::fwrite(text.data(), 1, text.size(), out); }

std::string Footer(size_t rows, const ResultStyle& style, int64_t elapsed_ms) {
  if (rows == 0) return "Empty set" + TimeCost(style, elapsed_ms) + "\n";
  return fmt::format("{} row{} in set{}\n", rows, rows == 1 ? "" : "s",
                     TimeCost(style, elapsed_ms));
}

bool HasLines(const ResultTable& table) {
  for (const auto& row : table.rows) {
    for (const auto& cell : row) {
      if (cell && cell->find('\n') != std::string::npos) return true;
    }
  }
  return false;
}

std::vector<std::string> Shown(const Row& row) {
  std::vector<std::string> cells;
  for (const auto& cell : row) cells.push_back(cell.value_or(std::string(kNullText)));
  return cells;
}

// `text_width` cuts columns of text; 0: they are as wide as their content.
std::string Tableau(const ResultTable& table, size_t text_width) {
  std::vector<size_t> widths;
  for (const std::string& heading : table.headings) widths.push_back(DisplayWidth(heading));
  for (const Row& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      size_t width = row[i] ? DisplayWidth(*row[i]) : kNullText.size();
      if (text_width > 0) width = std::min(width, text_width);
      widths[i] = std::max(widths[i], width);
    }
  }
  std::string text = BorderLine(widths) + TableLine(table.headings, widths) + BorderLine(widths);
  for (const Row& row : table.rows) text += TableLine(Shown(row), widths);
  return text + BorderLine(widths);
}

std::string VerticalRow(const std::vector<std::string>& headings, const Row& row, int64_t number) {
  size_t width = 0;
  for (const std::string& heading : headings) width = std::max(width, DisplayWidth(heading));
  std::string text = fmt::format("{} {}. row {}\n", kStars, number, kStars);
  for (size_t i = 0; i < row.size(); ++i) {
    text += Fitted(headings[i], width) + ": " +
            WithoutControls(row[i].value_or(std::string(kNullText))) + "\n";
  }
  return text;
}

std::string CsvLine(const Row& row) {
  std::string text;
  for (size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + CsvField(row[i]);
  return text + "\n";
}

std::string CsvHeadings(const std::vector<std::string>& headings) {
  return CsvLine(Row(headings.begin(), headings.end()));
}

std::string JsonLine(const std::vector<std::string>& headings,
                     const std::vector<std::string>& values) {
  std::string text = "{";
  for (size_t i = 0; i < values.size(); ++i) {
    text += (i > 0 ? "," : "") + ToJsonString(headings[i]) + ":" + values[i];
  }
  return text + "}\n";
}

std::string JsonRow(const std::vector<std::string>& headings, const Row& row) {
  std::vector<std::string> values;
  for (const auto& cell : row) values.push_back(cell ? ToJsonString(*cell) : "null");
  return JsonLine(headings, values);
}

}  // namespace

ResultStyle StyleFrom(const Settings& settings) {
  ResultStyle style;
  const std::string layout = ToLower(Trim(settings.Text("millrace.result-layout")));
  if (layout == "vertical") style.layout = ResultLayout::kVertical;
  if (layout == "csv") style.layout = ResultLayout::kCsv;
  if (layout == "json") style.layout = ResultLayout::kJson;
  const auto width = ParseInteger(Trim(settings.Text("table.display.max-column-width")));
  if (width) style.text_width = static_cast<size_t>(*width);
  style.print_time = settings.Boolean("sql-client.display.print-time-cost");
  return style;
}

std::string TimeCost(const ResultStyle& style, int64_t elapsed_ms) {
  if (!style.print_time) return {};
  return fmt::format(" ({:.2f} seconds)", static_cast<double>(elapsed_ms) / 1000);
}

void PrintTable(const ResultTable& table, const ResultStyle& style, int64_t elapsed_ms,
                std::FILE* out) {
  std::string text;
  if (style.layout == ResultLayout::kCsv) {
    text = CsvHeadings(table.headings);
    for (const Row& row : table.rows) text += CsvLine(row);
    return Put(out, text);
  }
  if (style.layout == ResultLayout::kJson) {
    for (const Row& row : table.rows) text += JsonRow(table.headings, row);
    return Put(out, text);
  }
  if (table.headings.size() == 1 && HasLines(table)) {  // EXPLAIN, SHOW CREATE TABLE
    for (const Row& row : table.rows) text += row[0].value_or(std::string(kNullText)) + "\n";
    return Put(out, text);
  }
  if (style.layout == ResultLayout::kVertical) {
    for (size_t i = 0; i < table.rows.size(); ++i) {
      text += VerticalRow(table.headings, table.rows[i], static_cast<int64_t>(i) + 1);
    }
  } else if (!table.rows.empty()) {
    text = Tableau(table, 0);
  }
  Put(out, text + Footer(table.rows.size(), style, elapsed_ms));
}

std::vector<size_t> ResultColumns::Widths(size_t text_width) const {
  std::vector<size_t> widths;
  for (const Column& column : columns) {
    widths.push_back(std::max(
        {DisplayWidth(column.name), kNullText.size(), TypeWidth(column.type, text_width)}));
  }
  return widths;
}

std::vector<std::string> ResultColumns::Names() const {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

ResultPrinter::ResultPrinter(const ResultColumns& columns, const ResultStyle& style, std::FILE* out)
    : columns_(columns),
      style_(style),
      out_(out),
      headings_(columns.Names()),
      widths_(columns.Widths(style.text_width)) {
  if (style_.op_column) {
    headings_.insert(headings_.begin(), "op");
    widths_.insert(widths_.begin(), kOpWidth);
  }
  kept_.headings = headings_;
}

void ResultPrinter::Begin() {
  if (style_.layout == ResultLayout::kCsv) Put(out_, CsvHeadings(headings_));
  if (style_.layout == ResultLayout::kTableau && style_.op_column) {
    Put(out_, BorderLine(widths_) + TableLine(headings_, widths_) + BorderLine(widths_));
  }
  std::fflush(out_);
}

std::string ResultPrinter::RowText(const Cell* row, RowKind kind) const {
  const size_t columns = columns_.columns.size();
  if (style_.layout == ResultLayout::kJson) {
    std::vector<std::string> values;
    if (style_.op_column) values.push_back(ToJsonString(ToString(kind)));
    for (size_t i = 0; i < columns; ++i) {
      values.push_back(JsonValue(row[i], columns_.columns[i].type, columns_.zone));
    }
    return JsonLine(headings_, values);
  }
  Row cells;
  if (style_.op_column) cells.emplace_back(ToString(kind));
  for (size_t i = 0; i < columns; ++i) cells.push_back(CellText(row[i], columns_.zone));
  if (style_.layout == ResultLayout::kCsv) return CsvLine(cells);
  if (style_.layout == ResultLayout::kVertical) return VerticalRow(headings_, cells, rows_);
  return TableLine(Shown(cells), widths_);
}

Status ResultPrinter::Print(const Page& page) {
  for (uint32_t index = 0; index < page.rows(); ++index) {
    ++rows_;
    if (!keeps_rows()) {
      Put(out_, RowText(page.row(index), page.kind(index)));
      continue;
    }
    if (kept_.rows.size() >= kKeptRowsMax) {
      return Status::Permanent(
          fmt::format("the result has more than {} rows; add a LIMIT, or SET "
                      "'millrace.result-layout' = 'csv', which keeps none",
                      kKeptRowsMax));
    }
    Row& cells = kept_.rows.emplace_back();
    for (size_t i = 0; i < columns_.columns.size(); ++i) {
      cells.push_back(CellText(page.row(index)[i], columns_.zone));
    }
  }
  if (!keeps_rows() && std::fflush(out_) != 0) return Status::Permanent("the output was closed");
  return Status::Ok();
}

void ResultPrinter::Finish(int64_t elapsed_ms) {
  if (keeps_rows()) {
    const std::string table = kept_.rows.empty() ? "" : Tableau(kept_, style_.text_width);
    Put(out_, table + Footer(kept_.rows.size(), style_, elapsed_ms));
  } else if (style_.layout == ResultLayout::kTableau) {
    Put(out_,
        BorderLine(widths_) + fmt::format("Received a total of {} row{}{}\n", rows_,
                                          rows_ > 1 ? "s" : "", TimeCost(style_, elapsed_ms)));
  } else if (style_.layout == ResultLayout::kVertical) {
    Put(out_, Footer(static_cast<size_t>(rows_), style_, elapsed_ms));
  }
  std::fflush(out_);
}

}  // namespace millrace
