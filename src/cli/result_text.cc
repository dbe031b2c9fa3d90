#include "cli/result_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/encode.h"
#include "base/utf8.h"
#include "row/print.h"

namespace millrace {
namespace {

constexpr std::string_view kEllipsis = "...";

}  // namespace

size_t TypeWidth(const Type& type, size_t text_width) {
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
      return text_width;
  }
}

std::optional<std::string> CellText(const Cell& cell, const TimeZone& zone) {
  if (cell.is_null()) return std::nullopt;
  std::string text;
  if (cell.kind == CellKind::kBytes) {
    text = "x'";
    for (const char c : cell.view()) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text + "'";
  }
  if (cell.is_structured()) {
    PrintStructure(
        cell, {}, [&](std::string_view sign) { text += sign; },
        [&](const Cell& item) { text += *CellText(item, zone); });
    return text;
  }
  AppendCell(&text, cell, zone);
  return text;
}

std::string BorderLine(const std::vector<size_t>& widths) {
  std::string text = "+";
  for (const size_t width : widths) text += std::string(width + 2, '-') + "+";
  return text + "\n";
}

std::string TableLine(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string text = "|";
  for (size_t i = 0; i < cells.size(); ++i) text += " " + Fitted(cells[i], widths[i]) + " |";
  return text + "\n";
}

std::string Fitted(std::string_view text, size_t width) {
  std::string shown = WithoutControls(text);
  const size_t wanted = DisplayWidth(shown);
  if (wanted <= width) return std::string(width - wanted, ' ') + shown;
  const size_t left = width - std::min(width, kEllipsis.size());
  size_t end = 0;
  for (size_t used = 0; end < shown.size();) {
    const size_t length = Utf8Length(shown, end);
    used += DisplayWidth(std::string_view(shown).substr(end, length));
    if (used > left) break;
    end += length;
  }
  shown.resize(end);
  return shown + std::string(kEllipsis) + std::string(left - DisplayWidth(shown), ' ');
}

std::string WithoutControls(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return shown;
}

std::string CsvField(const std::optional<std::string>& text) {
  if (!text) return {};
  if (!text->empty() && text->find_first_of(",\"\r\n") == std::string::npos) return *text;
  std::string field = "\"";
  for (const char c : *text) field.append(c == '"' ? 2 : 1, c);
  return field + "\"";
}

namespace {

std::string JsonStructure(const Cell& cell, const Type& type, const TimeZone& zone) {
  const bool array = cell.kind == CellKind::kArray;
  const bool map = cell.kind == CellKind::kMap;
  const std::span<const Type> types = type.children();
  std::string text = array ? "[" : "{";
  for (uint32_t i = 0; i < cell.size; i += map ? 2 : 1) {
    if (i > 0) text += ",";
    if (map) text += ToJsonString(CellText(cell.cells[i], zone).value_or("null")) + ":";
    if (!array && !map) text += ToJsonString(type.field_names()[i]) + ":";
    text += JsonValue(cell.cells[map ? i + 1 : i], types[array ? 0 : map ? 1 : i], zone);
  }
  return text + (array ? "]" : "}");
}

}  // namespace

std::string JsonValue(const Cell& cell, const Type& type, const TimeZone& zone) {
  if (cell.is_structured()) return JsonStructure(cell, type, zone);
  const std::optional<std::string> text = CellText(cell, zone);
  if (!text) return "null";
  switch (cell.kind) {
    case CellKind::kBool:
      return cell.u != 0 ? "true" : "false";
    case CellKind::kInt:
    case CellKind::kUint:
    case CellKind::kDecimal:
      return *text;
    case CellKind::kFloat:
    case CellKind::kDouble:
      return std::isfinite(cell.f) ? *text : ToJsonString(*text);
    default:
      return ToJsonString(*text);
  }
}

}  // namespace millrace
