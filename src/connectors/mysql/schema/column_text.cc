#include "connectors/mysql/schema/column_text.h"

#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/units.h"
#include "connectors/mysql/schema/charset_name.h"

namespace millrace::mysql {
namespace {

constexpr size_t kNone = std::string_view::npos;

// The character that a backslash and `c` stand for in a COLUMN_TYPE.
char Unescaped(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'Z':
      return '\x1a';
    default:
      return c;
  }
}

std::vector<std::string> LabelsIn(std::string_view column_type) {
  std::vector<std::string> labels;
  std::string label;
  bool inside = false;
  for (size_t i = 0; i < column_type.size(); ++i) {
    const char c = column_type[i];
    if (!inside) {
      inside = c == '\'';
    } else if (c == '\\' && i + 1 < column_type.size()) {
      label += Unescaped(column_type[++i]);
    } else if (c != '\'') {
      label += c;
    } else if (i + 1 < column_type.size() && column_type[i + 1] == '\'') {
      label += c;
      ++i;
    } else {
      inside = false;
      labels.push_back(std::move(label));
      label.clear();
    }
  }
  return labels;
}

}  // namespace

ServerColumn ParseServerColumn(std::string_view name, std::string_view column_type,
                               std::string_view charset, bool is_nullable) {
  ServerColumn column;
  column.name = name;
  column.type_name = ToLower(column_type.substr(0, column_type.find_first_of("( ")));
  column.type = ParseColumnType(column.type_name);
  if (column.type_name == "geometrycollection") column.type_name = "geomcollection";
  if (charset != "binary") column.charset = CharsetNamed(charset);
  column.is_nullable = is_nullable;
  if (HasLabels(column.type)) {
    column.labels = LabelsIn(column_type);
    return column;
  }
  column.is_unsigned =
      column_type.find("unsigned") != kNone || column_type.find("zerofill") != kNone;
  const size_t open = column_type.find('(');
  const size_t close = column_type.find(')');
  if (!HasLength(column.type) || open == kNone || close == kNone || close < open) return column;
  const std::vector<std::string> numbers =
      Split(column_type.substr(open + 1, close - open - 1), ',');
  column.length = static_cast<uint32_t>(ParseInteger(Trim(numbers[0])).value_or(0));
  if (column.type == ColumnType::kDecimal && numbers.size() > 1) {
    column.scale = static_cast<uint8_t>(ParseInteger(Trim(numbers[1])).value_or(0));
  }
  return column;
}

}  // namespace millrace::mysql
