// A table with a column of every type, as tests/unit/connectors_mysql/captured describes it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "unit/connectors_mysql/captured_columns.h"

namespace millrace::mysql {

struct CapturedTable {
  ServerTable server;
  SourceRequest request;
};

inline CapturedTable ReadCapturedTable() {
  CapturedTable table;
  table.request.table = "source";
  TableLayout layout;
  std::ifstream file(MILLRACE_CAPTURED "/mariadb.txt");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kColumn = "column ";
    if (!line.starts_with(kColumn)) continue;
    const std::string_view column = std::string_view(line).substr(kColumn.size());
    if (!AddColumn(column, &layout, &table.request)) std::abort();
  }
  if (layout.columns.empty()) std::abort();
  table.server = ServerTable("d", "t", std::make_shared<const TableLayout>(std::move(layout)));
  table.request.stride = static_cast<uint32_t>(table.request.columns.size());
  return table;
}

}  // namespace millrace::mysql
