#include "minidoris/query/system_variables.h"

#include <array>

#include "base/ascii.h"
#include "minidoris/query/handshake.h"

namespace millrace::minidoris {
namespace {

constexpr std::array<SystemVariable, 15> kVariables = {{
    {"auto_increment_increment", "1"},
    {"autocommit", "1"},
    {"character_set_client", "utf8mb4"},
    {"character_set_connection", "utf8mb4"},
    {"character_set_results", "utf8mb4"},
    {"character_set_server", "utf8mb4"},
    {"collation_connection", "utf8mb4_0900_bin"},
    {"lower_case_table_names", "0"},
    {"max_allowed_packet", "268435456"},
    {"sql_mode", ""},
    {"system_time_zone", "UTC"},
    {"time_zone", "UTC"},
    {"tx_isolation", "READ-COMMITTED"},
    {"version", kServerVersion},
    {"version_comment", "Doris version minidoris, a stand-in"},
}};

}  // namespace

std::span<const SystemVariable> SystemVariables() { return kVariables; }

std::string VariableValue(std::string_view name) {
  for (const SystemVariable& variable : kVariables) {
    if (EqualsIgnoreCase(variable.name, name)) return std::string(variable.value);
  }
  return "";
}

}  // namespace millrace::minidoris
