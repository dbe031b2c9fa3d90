// A table with a column of every type, as tests/unit/connectors_mysql/captured describes it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "connectors/mysql/row_layout.h"

namespace millrace::mysql {

struct CapturedTable {
  ServerTable server;
  SourceRequest request;
};

inline CapturedTable ReadCapturedTable() {
  CapturedTable table;
  table.request.table = "source";
  std::ifstream file(MILLRACE_CAPTURED "/mariadb.txt");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kColumn = "column ";
    if (!line.starts_with(kColumn)) continue;
    const std::vector<std::string> fields = Split(line.substr(kColumn.size()), '|');
    if (fields.size() != 5) std::abort();
    table.server.columns.push_back({fields[0], fields[1], fields[2], fields[3], true});
    if (fields[4].empty()) continue;
    auto& columns = table.request.schema.columns;
    table.request.columns.push_back(static_cast<uint32_t>(columns.size()));
    columns.push_back({fields[0], *ParseType(fields[4]), ""});
  }
  if (table.server.columns.empty()) std::abort();
  table.request.stride = static_cast<uint32_t>(table.request.columns.size());
  return table;
}

}  // namespace millrace::mysql
