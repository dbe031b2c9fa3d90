#include "connectors/mysql/binlog/log_position.h"

#include <fmt/format.h>

#include "base/units.h"

namespace millrace::mysql {
namespace {

uint64_t FileNumber(const std::string& file) {
  const size_t point = file.rfind('.');
  if (point == std::string::npos) return 0;
  return static_cast<uint64_t>(ParseInteger(std::string_view(file).substr(point + 1)).value_or(0));
}

}  // namespace

bool IsBefore(const LogPosition& a, const LogPosition& b) {
  const uint64_t left = FileNumber(a.file);
  const uint64_t right = FileNumber(b.file);
  return left != right ? left < right : a.offset < b.offset;
}

Result<std::vector<TextRow>> ReadLogStatus(Connection* connection) {
  // MySQL 8.4 has the new words only, MariaDB and older MySQL the old ones.
  auto rows = connection->Query("SHOW MASTER STATUS");
  if (rows.ok() || rows.status().transient() || connection->is_mariadb()) return rows;
  auto newer = connection->Query("SHOW BINARY LOG STATUS");
  // Of two refusals the first is the one of an older server, unless it only knows the newer words.
  const bool knows_newer = rows.status().message().find("syntax") != std::string::npos;
  return newer.ok() || knows_newer ? newer : rows;
}

std::string LogFileName(const TextRow& log) { return log.empty() ? "" : log[0].value_or(""); }

uint64_t LogFileBytes(const TextRow& log) {
  return log.size() < 2 ? 0 : static_cast<uint64_t>(ParseInteger(log[1].value_or("")).value_or(0));
}

Result<LogPosition> CurrentLogEnd(Connection* connection) {
  const auto rows = ReadLogStatus(connection);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || rows.value()[0].size() < 2 || !rows.value()[0][0]) {
    return Status::Permanent("the MySQL server writes no binlog; set log_bin in its configuration");
  }
  LogPosition position;
  position.file = *rows.value()[0][0];
  position.offset =
      static_cast<uint64_t>(ParseInteger(rows.value()[0][1].value_or("")).value_or(4));
  return position;
}

}  // namespace millrace::mysql
