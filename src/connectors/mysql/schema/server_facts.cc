#include "connectors/mysql/schema/server_facts.h"

#include <string_view>

#include "base/units.h"
#include "connectors/mysql/schema/charset_name.h"

namespace millrace::mysql {
namespace {

void AddCharsets(const std::vector<TextRow>& rows, std::map<uint16_t, std::string>* charsets) {
  for (const TextRow& row : rows) {
    const auto id = ParseInteger(row[0].value_or(""));
    if (id && *id > 0 && *id <= UINT16_MAX && row[1]) {
      charsets->emplace(static_cast<uint16_t>(*id), CharsetNamed(*row[1]));
    }
  }
}

}  // namespace

std::string ServerFacts::CharsetOf(uint16_t collation) const {
  const auto found = charsets.find(collation);
  return found == charsets.end() ? std::string() : found->second;
}

uint32_t ParseServerVersion(std::string_view version) {
  uint32_t number = 0;
  for (int part = 0; part < 3; ++part) {
    const size_t end = std::min(version.find_first_not_of("0123456789"), version.size());
    const auto value = ParseInteger(version.substr(0, end));
    if (!value || *value > 99) return 0;
    number = number * 100 + static_cast<uint32_t>(*value);
    version.remove_prefix(end);
    if (part < 2 && !version.starts_with('.')) return 0;
    if (part < 2) version.remove_prefix(1);
  }
  return number;
}

Result<ServerFacts> ReadServerFacts(Connection* connection) {
  ServerFacts facts;
  facts.is_mariadb = connection->is_mariadb();
  facts.version = ParseServerVersion(connection->version());
  MR_ASSIGN_OR_RETURN(const auto small, connection->QueryValue("SELECT @@lower_case_table_names"));
  facts.names_in_small_letters = small.value_or("0") != "0";
  MR_ASSIGN_OR_RETURN(const auto timestamps,
                      connection->QueryValue("SELECT @@explicit_defaults_for_timestamp"));
  facts.timestamps_may_be_null = timestamps.value_or("1") == "1";
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection->Query("SELECT ID, CHARACTER_SET_NAME FROM "
                                        "information_schema.COLLATIONS"));
  AddCharsets(rows, &facts.charsets);
  // Since 10.10 MariaDB's newer collations have an id for each character set, and only here.
  const auto more = connection->Query(
      "SELECT ID, CHARACTER_SET_NAME FROM "
      "information_schema.COLLATION_CHARACTER_SET_APPLICABILITY");
  if (more.ok()) AddCharsets(*more, &facts.charsets);
  if (!more.ok() && more.status().transient()) return more.status();
  return facts;
}

}  // namespace millrace::mysql
