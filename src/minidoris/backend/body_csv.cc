#include "minidoris/backend/body_csv.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace millrace::minidoris {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kNullField = "\\N";

}  // namespace

CsvParser::CsvParser(const LoadPlan* plan, RowBuilder* rows)
    : plan_(*plan),
      csv_(plan->csv),
      rows_(rows),
      cutter_(plan->csv.line_delimiter),
      lines_to_skip_(plan->csv.skip_lines) {}

void CsvParser::Feed(std::string_view piece) {
  if (!cutter_.Feed(piece, [this](std::string_view line) { TakePhysicalLine(line); })) {
    rows_->Fail(fmt::format("[INTERNAL_ERROR]a line is longer than {} bytes", kRecordBytesMax));
  }
}

void CsvParser::Finish() {
  cutter_.Finish([this](std::string_view line) { TakePhysicalLine(line); });
  if (!open_line_.empty()) Line(open_line_);
  rows_->Finish();
}

void CsvParser::TakePhysicalLine(std::string_view line) {
  if (first_line_) {
    first_line_ = false;
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  }
  if (lines_to_skip_ > 0) {
    --lines_to_skip_;
    return;
  }
  if (!csv_.enclose) return Line(line);
  if (open_line_.empty() && !EndsInsideEnclosure(line)) return Line(line);
  if (!open_line_.empty()) open_line_ += csv_.line_delimiter;
  open_line_ += line;
  if (open_line_.size() > kRecordBytesMax) {
    rows_->Fail(fmt::format("[INTERNAL_ERROR]a line is longer than {} bytes", kRecordBytesMax));
    open_line_.clear();
  } else if (!EndsInsideEnclosure(open_line_)) {
    Line(open_line_);
    open_line_.clear();
  }
}

void CsvParser::Line(std::string_view line) {
  if (csv_.line_delimiter == "\n" && !csv_.keep_carriage_return && line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  if (line.empty()) return;
  if (!IsUtf8(line)) {
    return rows_->Filter("Invalid file encoding: all CSV files must be UTF-8 encoded", "");
  }
  fields_.clear();
  if (csv_.enclose) {
    SplitEnclosed(line);
  } else {
    SplitPlain(line);
  }
  if (fields_.size() != plan_.sources.size()) {
    return rows_->Filter(
        fmt::format("Column count mismatch: expected {}, but found {} (sep:{} delim:{})",
                    plan_.sources.size(), fields_.size(), csv_.column_separator,
                    csv_.line_delimiter),
        line);
  }
  rows_->Add(fields_, line);
}

Field CsvParser::MakeField(std::string_view text) const {
  Field field;
  field.text = text;
  field.null = text == kNullField || (csv_.empty_field_as_null && text.empty());
  if (csv_.trim_double_quotes && text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    field.text = text.substr(1, text.size() - 2);
  }
  return field;
}

void CsvParser::SplitPlain(std::string_view line) {
  const std::string& separator = csv_.column_separator;
  size_t at = 0;
  for (size_t end; (end = line.find(separator, at)) != line.npos; at = end + separator.size()) {
    fields_.push_back(MakeField(line.substr(at, end - at)));
  }
  fields_.push_back(MakeField(line.substr(at)));
}

// A field is enclosed if it starts with the enclose byte; it then ends at the next such byte that
// is followed by a separator or the end of the line and does not follow the escape byte.
void CsvParser::SplitEnclosed(std::string_view line) {
  unescaped_.clear();
  unescaped_.reserve(plan_.sources.size() + 1);
  const std::string& separator = csv_.column_separator;
  size_t at = 0;
  while (true) {
    if (at >= line.size() || line[at] != *csv_.enclose) {
      const size_t end = line.find(separator, at);
      fields_.push_back(MakeField(line.substr(at, end == line.npos ? end : end - at)));
      if (end == line.npos) return;
      at = end + separator.size();
      continue;
    }
    std::string text;
    size_t i = at + 1;
    for (; i < line.size(); ++i) {
      if (csv_.escape && line[i] == *csv_.escape && i + 1 < line.size() &&
          (line[i + 1] == *csv_.enclose || line[i + 1] == *csv_.escape)) {
        text += line[++i];
        continue;
      }
      if (line[i] == *csv_.enclose &&
          (i + 1 == line.size() || line.substr(i + 1).starts_with(separator))) {
        break;
      }
      text += line[i];
    }
    if (unescaped_.size() == unescaped_.capacity()) return;  // far too many fields: filtered
    unescaped_.push_back(std::move(text));
    Field field;
    field.text = unescaped_.back();
    fields_.push_back(field);
    if (i + 1 >= line.size()) return;
    at = i + 1 + separator.size();
  }
}

bool CsvParser::EndsInsideEnclosure(std::string_view line) const {
  const std::string& separator = csv_.column_separator;
  size_t at = 0;
  while (at < line.size()) {
    if (line[at] != *csv_.enclose) {
      const size_t end = line.find(separator, at);
      if (end == line.npos) return false;
      at = end + separator.size();
      continue;
    }
    size_t i = at + 1;
    for (; i < line.size(); ++i) {
      if (csv_.escape && line[i] == *csv_.escape) {
        ++i;
      } else if (line[i] == *csv_.enclose &&
                 (i + 1 == line.size() || line.substr(i + 1).starts_with(separator))) {
        break;
      }
    }
    if (i >= line.size()) return true;
    at = i + 1 + separator.size();
  }
  return false;
}

}  // namespace millrace::minidoris
