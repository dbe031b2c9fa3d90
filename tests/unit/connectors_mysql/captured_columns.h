// The lines "column NAME|DATA_TYPE|COLUMN_TYPE|CHARSET|DECLARED" of a captured file; a column with
// an empty last field is not declared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "connectors/mysql/schema/column_text.h"
#include "connectors/mysql/schema/row_layout.h"

namespace millrace::mysql {

// Adds the column of a line, without its first word. False if it is malformed.
inline bool AddColumn(std::string_view line, TableLayout* layout, SourceRequest* request) {
  // A label may hold a bar; the last three fields never do.
  const std::vector<std::string> fields = Split(line, '|');
  if (fields.size() != 5) return false;
  layout->columns.push_back(ParseServerColumn(fields[0], fields[2], fields[3]));
  if (fields[4].empty()) return true;
  const std::optional<Type> type = ParseType(fields[4]);
  if (!type) return false;
  auto& columns = request->schema.columns;
  request->columns.push_back(static_cast<uint32_t>(columns.size()));
  columns.push_back({fields[0], *type, ""});
  return true;
}

}  // namespace millrace::mysql
