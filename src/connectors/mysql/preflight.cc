#include "connectors/mysql/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/ascii.h"
#include "connectors/mysql/binlog/visibility.h"

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

constexpr int64_t kXaWaitMs = 5'000;
constexpr int64_t kXaPollMs = 50;

using Names = std::set<std::string>;

Result<Names> PreparedXa(Connection* connection) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows, connection->Query("XA RECOVER"));
  Names names;
  for (const TextRow& row : rows) names.insert(row.back().value_or(""));
  return names;
}

}  // namespace

Status Preflight(Connection* connection, const SourceConfig& config) {
  std::vector<std::string> findings;
  for (const Variable& variable : kVariables) {
    MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                        connection->Query(fmt::format("SHOW VARIABLES LIKE '{}'", variable.name)));
    if (rows.empty()) continue;  // this server does not have it
    const std::string value = rows[0][1].value_or("");
    const bool on = variable.wanted == "ON" && value == "1";
    if (EqualsIgnoreCase(value, variable.wanted) || on) continue;
    findings.push_back(fmt::format("{} is '{}' and must be '{}': {}", variable.name, value,
                                   variable.wanted, variable.remedy));
  }
  if (findings.empty() && !config.bounded) {
    const Result<LogPosition> end = CurrentLogEnd(connection);
    if (!end.ok() && !end.status().transient()) {
      findings.push_back(
          fmt::format("the position of the binlog cannot be read ({}): GRANT REPLICATION "
                      "SLAVE, REPLICATION CLIENT ON *.* TO '{}'",
                      end.status().message(), config.endpoint.user));
    }
  }
  if (findings.empty()) return Status::Ok();
  return Status::Permanent(fmt::format("MySQL {} is not ready to be read: {}", connection->server(),
                                       Join(findings, "; ")));
}

Result<LogPosition> StartPosition(Connection* connection, const SourceConfig& config) {
  switch (config.mode) {
    case StartMode::kEarliest: {
      MR_ASSIGN_OR_RETURN(const std::vector<TextRow> logs, connection->Query("SHOW BINARY LOGS"));
      LogPosition position;
      if (!logs.empty()) position.file = logs[0][0].value_or("");
      return position;
    }
    case StartMode::kSpecific: {
      LogPosition position;
      position.file = config.start_file;
      position.offset = config.start_offset;
      position.gtids = config.start_gtids;
      return position;
    }
    case StartMode::kLatest:
      return CurrentLogEnd(connection);
    default:
      return PositionBeforeSnapshot(connection);
  }
}

Status WaitForPreparedXa(Connection* connection, const Environment& environment) {
  const Result<Names> first = PreparedXa(connection);
  if (!first.ok()) {
    if (first.status().transient()) return first.status();
    environment.log->Info(
        "prepared XA transactions cannot be listed ({}); if there is one that commits later, its "
        "rows "
        "are missed",
        first.status().message());
    return Status::Ok();
  }
  Names waiting = *first;
  const int64_t end_ms = environment.clock->NowMs() + kXaWaitMs;
  while (!waiting.empty() && environment.clock->NowMs() < end_ms) {
    environment.clock->SleepMs(kXaPollMs);
    MR_ASSIGN_OR_RETURN(const Names now, PreparedXa(connection));
    Names still;
    std::set_intersection(waiting.begin(), waiting.end(), now.begin(), now.end(),
                          std::inserter(still, still.end()));
    waiting = std::move(still);
  }
  if (waiting.empty()) return Status::Ok();
  return Status::Transient(fmt::format(
      "{} XA transaction(s) are prepared, and their rows would be missed; end them, the first with "
      "XA COMMIT '{}' or XA ROLLBACK",
      waiting.size(), *waiting.begin()));
}

}  // namespace millrace::mysql
