#include "connectors/mysql/preflight.h"

#include <fmt/format.h>

#include "base/text.h"
#include "connectors/mysql/visibility.h"

namespace millrace::mysql {
namespace {

struct Variable {
  std::string_view name;
  std::string_view wanted;
  std::string_view remedy;
};

constexpr Variable kVariables[] = {
    {"log_bin", "ON", "set log_bin in the server's configuration and restart it"},
    {"binlog_format", "ROW", "SET GLOBAL binlog_format = 'ROW'"},
    {"binlog_row_image", "FULL", "SET GLOBAL binlog_row_image = 'FULL'"},
    {"binlog_row_value_options", "", "SET GLOBAL binlog_row_value_options = ''"},
};

}  // namespace

Status Preflight(Session* session, const Settings& settings) {
  std::vector<std::string> findings;
  for (const Variable& variable : kVariables) {
    MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                        session->Query(fmt::format("SHOW VARIABLES LIKE '{}'", variable.name)));
    if (rows.empty()) continue;  // this server does not have it
    const std::string value = rows[0][1].value_or("");
    const bool on = variable.wanted == "ON" && value == "1";
    if (EqualsIgnoreCase(value, variable.wanted) || on) continue;
    findings.push_back(fmt::format("{} is '{}' and must be '{}': {}", variable.name, value,
                                   variable.wanted, variable.remedy));
  }
  if (findings.empty() && !settings.bounded) {
    const Result<LogPosition> end = CurrentLogEnd(session);
    if (!end.ok() && !end.status().transient()) {
      findings.push_back(
          fmt::format("the position of the binlog cannot be read ({}): GRANT REPLICATION "
                      "SLAVE, REPLICATION CLIENT ON *.* TO '{}'",
                      end.status().message(), settings.endpoint.user));
    }
  }
  if (findings.empty()) return Status::Ok();
  return Status::Permanent(fmt::format("MySQL {}:{} is not ready to be read: {}",
                                       settings.endpoint.host, settings.endpoint.port,
                                       Join(findings, "; ")));
}

Result<LogPosition> StartPosition(Session* session, const Settings& settings) {
  switch (settings.mode) {
    case StartMode::kEarliest: {
      MR_ASSIGN_OR_RETURN(const std::vector<TextRow> logs, session->Query("SHOW BINARY LOGS"));
      LogPosition position;
      if (!logs.empty()) position.file = logs[0][0].value_or("");
      return position;
    }
    case StartMode::kSpecific: {
      LogPosition position;
      position.file = settings.start_file;
      position.offset = settings.start_offset;
      position.gtids = settings.start_gtids;
      return position;
    }
    case StartMode::kLatest:
      return CurrentLogEnd(session);
    default:
      return PositionBeforeSnapshot(session);
  }
}

}  // namespace millrace::mysql
