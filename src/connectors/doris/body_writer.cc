#include "connectors/doris/body_writer.h"

#include <algorithm>
#include <cstring>

#include "base/encode.h"
#include "base/utf8.h"
#include "connectors/doris/json_text.h"
#include "net/url.h"
#include "row/print.h"

namespace millrace::doris {
namespace {

constexpr std::string_view kDeleteSign = "__DORIS_DELETE_SIGN__";
constexpr std::string_view kCsvNull = "\\N";
constexpr std::string_view kNotUtf8 =
    "the value is not valid UTF-8; for binary columns set 'sink.bytes-as' to 'hex' or 'base64'";

char* PutBytes(char* out, std::string_view bytes) {
  std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

std::string JsonString(std::string_view text) {
  std::string quoted(text.size() * kJsonGrowthMax + kJsonSlack + 2, '\0');
  char* out = quoted.data();
  *out++ = '"';
  char* end = PutJsonTextSlowly(out, text);
  if (end == nullptr) end = PutBytes(out, text);
  *end++ = '"';
  quoted.resize(static_cast<size_t>(end - quoted.data()));
  return quoted;
}

char* PutHex(char* out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
  return out;
}

// Whether a server that searches `text` and what follows it for `mark` finds one that begins inside
// the text.
bool Contains(std::string_view text, std::string_view follower, std::string_view mark) {
  if (text.find(mark) != std::string_view::npos) return true;
  for (size_t inside = 1; inside < mark.size() && inside <= text.size(); ++inside) {
    if (text.ends_with(mark.substr(0, inside)) && follower.starts_with(mark.substr(inside))) {
      return true;
    }
  }
  return false;
}

}  // namespace

BodyWriter::BodyWriter(const Layout& layout, BodyOptions options)
    : options_(std::move(options)),
      structure_writer_(options_.bytes_as, options_.zone),
      delete_sign_(layout.delete_sign) {
  const bool json = options_.format == BodyFormat::kJson;
  for (const WrittenColumn& column : layout.columns) {
    Step step;
    step.slot = column.slot;
    step.style = column.style;
    step.bytes_as = column.bytes_are_text ? BytesAs::kText : options_.bytes_as;
    step.fraction_digits_max = column.fraction_digits_max;
    std::string prefix;
    if (json) {
      prefix = (steps_.empty() ? "{" : ",") + JsonString(column.name) + ":";
      if (!step.native()) prefix += '"';
      if (prefix.size() <= kFragment) {
        step.inline_bytes = static_cast<uint8_t>(prefix.size());
        prefix.copy(step.fragment.data(), kFragment);
      }
    }
    fixed_bytes_ +=
        prefix.size() + kFragment + kCellTextMax + kJsonSlack + options_.column_separator.size();
    if (column.type.is_structured()) structures_.push_back(steps_.size());
    steps_.push_back(step);
    columns_.push_back({column.name, std::move(prefix), column.type, column.form});
    slots_.push_back(column.slot);
  }
  for (size_t deleted = 0; deleted < 2; ++deleted) {
    const std::string sign = std::to_string(deleted);
    if (json) {
      tails_[deleted] =
          delete_sign_ ? "," + JsonString(kDeleteSign) + ":" + sign + "}\n" : std::string("}\n");
      tails_[deleted].copy(json_tails_[deleted].data(), kFragment);
    } else {
      tails_[deleted] =
          (delete_sign_ ? options_.column_separator + sign : "") + options_.line_delimiter;
    }
  }
  fixed_bytes_ += tails_[0].size() + kFragment;
  // Any text without these bytes is a CSV field as it is.
  for (size_t byte = 0x80; byte < suspicious_.size(); ++byte) suspicious_[byte] = true;
  for (const char c : {kCsvNull.front(), '\r', options_.column_separator.front(),
                       options_.line_delimiter.front()}) {
    suspicious_[static_cast<unsigned char>(c)] = true;
  }
  growth_ = json ? kJsonGrowthMax : 2;  // CSV: hex doubles
}

char* BodyWriter::Refuse(const Step& step, std::string reason) {
  bad_step_ = static_cast<size_t>(&step - steps_.data());
  bad_reason_ = std::move(reason);
  return nullptr;
}

// Digits after the second that the column would round are cut. Apart from its caller, like
// PutJsonBytes, because a local object whose address is taken makes the compiler guard the stack of
// the function it is in, and that is one every value goes through.
[[gnu::noinline]] size_t BodyWriter::PutCutTime(char* out, const Step& step,
                                                const Cell& cell) const {
  Cell shorter = cell;
  shorter.scale = step.fraction_digits_max;
  return PrintCell(out, shorter, options_.zone);
}

// A cell without bytes of its own.
inline size_t BodyWriter::PutPlain(char* out, const Step& step, const Cell& cell) const {
  if ((cell.kind == CellKind::kTimestamp || cell.kind == CellKind::kInstant) &&
      cell.scale > step.fraction_digits_max) {
    return PutCutTime(out, step, cell);
  }
  return PrintCell(out, cell, options_.zone);
}

char* BodyWriter::PutJson(char* out, const Cell* row, bool deleted) {
  for (const Step& step : steps_) {
    if (step.inline_bytes != 0) [[likely]] {
      std::memcpy(out, step.fragment.data(), kFragment);
      out += step.inline_bytes;
    } else {
      out = PutBytes(out, columns_[static_cast<size_t>(&step - steps_.data())].prefix);
    }
    const Cell& cell = row[step.slot];
    if (cell.kind == CellKind::kText) {
      *out = '"';
      out = PutJsonText(out + (step.native() ? 1 : 0), cell.view());
      if (out == nullptr) [[unlikely]]
        return Refuse(step, std::string(kNotUtf8));
      *out++ = '"';
    } else {
      out = PutJsonCell(out, step, cell);
      if (out == nullptr) [[unlikely]]
        return nullptr;
    }
  }
  const size_t sign = deleted ? 1 : 0;
  std::memcpy(out, json_tails_[sign].data(), kFragment);
  return out + tails_[sign].size();
}

// A value that is not text, after the prefix, which has opened the quotes unless the style is
// native.
char* BodyWriter::PutJsonCell(char* out, const Step& step, const Cell& cell) {
  if (step.native()) {
    if (cell.kind == CellKind::kInt) return out + PrintInteger(out, cell.i);
    if (cell.kind == CellKind::kBool) return PutBytes(out, cell.u != 0 ? "true" : "false");
    if (cell.kind == CellKind::kNull) return PutBytes(out, "null");
    *out++ = '"';
  }
  switch (cell.kind) {
    case CellKind::kDate:
      out += PrintDate(out, cell.i);
      break;
    case CellKind::kNull:
      return PutBytes(out - 1, "null");  // in place of the quote
    case CellKind::kDecimal:
      out = PutBytes(out, cell.view());
      break;
    case CellKind::kBytes:
      out = PutJsonBytes(out, step, cell.view());
      if (out == nullptr) return nullptr;
      break;
    case CellKind::kArray:
    case CellKind::kMap:
    case CellKind::kRow:
      return PutJsonStructure(out, step, cell);
    default:
      out += PutPlain(out, step, cell);
  }
  *out = '"';
  return out + 1;
}

[[gnu::noinline]] char* BodyWriter::PutJsonBytes(char* out, const Step& step,
                                                 std::string_view bytes) {
  if (step.bytes_as == BytesAs::kHex) return PutHex(out, bytes);
  if (step.bytes_as == BytesAs::kBase64) return PutBytes(out, ToBase64(bytes));
  char* const end = PutJsonTextSlowly(out, bytes);
  return end != nullptr ? end : Refuse(step, std::string(kNotUtf8));
}

// Leaves the text in structure_; false if it cannot be written.
bool BodyWriter::PrintStructure(const Step& step, const Cell& cell) {
  const Column& column = columns_[static_cast<size_t>(&step - steps_.data())];
  structure_.clear();
  if (structure_writer_.Append(cell, column.type, column.form, &structure_)) return true;
  Refuse(step, structure_writer_.reason());
  return false;
}

// JSON stands in the row as it is, all else in quotes, which were opened.
[[gnu::noinline]] char* BodyWriter::PutJsonStructure(char* out, const Step& step,
                                                     const Cell& cell) {
  if (!PrintStructure(step, cell)) return nullptr;
  const Column& column = columns_[static_cast<size_t>(&step - steps_.data())];
  if (column.form == StructureForm::kJson) return PutBytes(out - 1, structure_);
  out = PutJsonTextSlowly(out, structure_);
  if (out == nullptr) return Refuse(step, std::string(kNotUtf8));
  *out = '"';
  return out + 1;
}

[[gnu::noinline]] char* BodyWriter::PutCsvStructure(char* out, const Step& step, const Cell& cell) {
  return PrintStructure(step, cell) ? PutBytes(out, structure_) : nullptr;
}

[[gnu::noinline]] size_t BodyWriter::StructuresBound(const Cell* row) const {
  size_t bound = 0;
  for (const size_t index : structures_) {
    const Cell& cell = row[steps_[index].slot];
    if (cell.is_structured()) bound += StructureBound(cell, columns_[index].type);
  }
  return bound;
}

char* BodyWriter::PutCsv(char* out, const Cell* row, bool deleted) {
  const char* const begin = out;
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (i > 0) out = PutBytes(out, options_.column_separator);
    const bool last = i + 1 == steps_.size() && !delete_sign_;
    out = PutCsvCell(out, steps_[i], row[steps_[i].slot],
                     last ? options_.line_delimiter : options_.column_separator);
    if (out == nullptr) return nullptr;
  }
  if (out == begin && !delete_sign_) {
    return Refuse(steps_.front(),
                  "Doris skips an empty CSV line; use 'sink.properties.format' = 'json'");
  }
  return PutBytes(out, tails_[deleted ? 1 : 0]);
}

char* BodyWriter::PutCsvCell(char* out, const Step& step, const Cell& cell,
                             const std::string& follower) {
  char* const begin = out;
  if (cell.is_null()) return PutBytes(out, kCsvNull);
  if (cell.kind == CellKind::kBool && step.style == ValueStyle::kNative) {
    *out++ = cell.u != 0 ? '1' : '0';
  } else if (cell.kind == CellKind::kBytes && step.bytes_as == BytesAs::kHex) {
    out = PutHex(out, cell.view());
  } else if (cell.kind == CellKind::kBytes && step.bytes_as == BytesAs::kBase64) {
    out = PutBytes(out, ToBase64(cell.view()));
  } else if (cell.has_bytes()) {
    out = PutBytes(out, cell.view());
  } else if (cell.is_structured()) {
    out = PutCsvStructure(out, step, cell);
    if (out == nullptr) return nullptr;
  } else {
    out += PutPlain(out, step, cell);
  }
  const std::string_view text(begin, static_cast<size_t>(out - begin));
  const bool harmless = std::none_of(text.begin(), text.end(), [this](char c) {
    return suspicious_[static_cast<unsigned char>(c)];
  });
  if (harmless) [[likely]]
    return out;
  std::string reason = CsvRefusal(text, follower, cell.has_bytes() || cell.is_structured());
  return reason.empty() ? out : Refuse(step, std::move(reason));
}

// Why a server would not read `text` as what it is; empty if it would.
std::string BodyWriter::CsvRefusal(std::string_view text, std::string_view follower,
                                   bool may_be_broken) const {
  constexpr std::string_view kUseJson =
      "; choose other separators or 'sink.properties.format' = 'json'";
  std::string_view reason;
  if (may_be_broken && !IsUtf8(text)) return std::string(kNotUtf8);
  if (text == kCsvNull) {
    reason = "the text \\N would arrive as NULL in CSV";
  } else if (Contains(text, follower, options_.column_separator)) {
    reason = "the value contains the CSV column separator";
  } else if (Contains(text, follower, options_.line_delimiter)) {
    reason = "the value contains the CSV line delimiter";
  } else if (options_.line_delimiter == "\n" && follower == "\n" && text.ends_with('\r')) {
    reason = "Doris drops a carriage return at the end of a CSV line";
  }
  if (reason.empty()) return {};
  return std::string(reason).append(kUseJson);
}

std::vector<std::string> BodyWriter::Headers(const std::string& user_columns) const {
  std::string columns = user_columns;
  if (columns.empty()) {
    for (const Column& column : columns_) {
      columns += (columns.empty() ? "`" : ",`") + column.name + "`";
    }
  }
  if (delete_sign_) columns += "," + std::string(kDeleteSign);
  std::vector<std::string> headers = {"columns: " + columns};
  if (options_.format == BodyFormat::kJson) {
    headers.insert(headers.end(), {"format: json", "read_json_by_line: true"});
    return headers;
  }
  // Spelled in hex: a tab or a line feed cannot stand in a header.
  const auto spelled = [](std::string_view bytes) {
    std::string hex(bytes.size() * 2, '\0');
    PutHex(hex.data(), bytes);
    std::string result;
    for (size_t i = 0; i < bytes.size(); ++i) result += "\\x" + hex.substr(2 * i, 2);
    return result;
  };
  headers.insert(headers.end(),
                 {"format: csv", "column_separator: " + spelled(options_.column_separator),
                  "line_delimiter: " + spelled(options_.line_delimiter)});
  return headers;
}

}  // namespace millrace::doris
