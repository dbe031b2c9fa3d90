// CREATE TABLE as Doris writes it -> Table, with Doris's own rules checked.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "minidoris/table/table.h"

namespace millrace::minidoris {

struct ParsedCreateTable {
  Table table;  // id 0
  bool if_not_exists = false;
};

// The table goes to `database` unless the statement names one. Else the message of the refusal.
std::variant<ParsedCreateTable, std::string> ParseCreateTable(std::string_view sql,
                                                              const std::string& database);

}  // namespace millrace::minidoris
