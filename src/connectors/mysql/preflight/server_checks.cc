#include "connectors/mysql/preflight/server_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "connectors/mysql/schema/table_key.h"

namespace millrace::mysql {
namespace {

// Older ones lack what the source needs, or have never been looked at.
constexpr uint32_t kMysqlOldest = 50'600;
constexpr uint32_t kMariaOldest = 100'200;
constexpr uint32_t kMysqlKnown = 50'700;
constexpr uint32_t kMariaKnown = 100'500;

constexpr int64_t kRetentionShortS = 86'400;
constexpr int64_t kSecondsPerHour = 3'600;

struct WantedVariable {
  std::string_view name;
  std::string_view wanted;
  std::string_view remedy;
};
constexpr WantedVariable kWanted[] = {
    {"log_bin", "ON", "set log_bin in the server's configuration and restart it"},
    {"binlog_format", "ROW",
     "SET GLOBAL binlog_format = 'ROW', and end the connections that were open before"},
    {"binlog_row_image", "FULL",
     "SET GLOBAL binlog_row_image = 'FULL', and end the connections that were open before"},
    {"binlog_row_value_options", "",
     "SET GLOBAL binlog_row_value_options = '', and end the connections that were open before"},
};

void CheckVersion(const ServerView& server, FindingList* findings) {
  const std::string_view name = server.is_mariadb ? "MariaDB" : "MySQL";
  const uint32_t oldest = server.is_mariadb ? kMariaOldest : kMysqlOldest;
  const uint32_t known = server.is_mariadb ? kMariaKnown : kMysqlKnown;
  const std::string_view use =
      server.is_mariadb ? "use MariaDB 10.5 or later" : "use MySQL 5.7 or later";
  if (server.version == 0) {
    findings->Warning(
        fmt::format("the version of the server is not understood: '{}'", server.version_text),
        std::string(use));
  } else if (server.version < oldest) {
    findings->Error(fmt::format("{} {} is too old to be read", name, server.version_text),
                    std::string(use));
  } else if (server.version < known) {
    findings->Warning(
        fmt::format("{} {} is older than what Millrace was made for", name, server.version_text),
        std::string(use));
  }
}

void CheckVariables(const ServerView& server, FindingList* findings) {
  for (const WantedVariable& wanted : kWanted) {
    if (!server.variables.contains(std::string(wanted.name))) continue;
    const std::string value = server.Variable(wanted.name);
    const bool is_on = wanted.wanted == "ON" && server.IsOn(wanted.name);
    if (is_on || EqualsIgnoreCase(value, wanted.wanted)) continue;
    findings->Error(fmt::format("{} is '{}' and must be '{}'", wanted.name, value, wanted.wanted),
                    std::string(wanted.remedy));
  }
}

void CheckRights(const ServerView& server, FindingList* findings) {
  const std::string grant = fmt::format("GRANT {} ON *.* TO {}", server.log_rights(), server.user);
  const bool may_dump = !server.grants || server.grants->OnAll("REPLICATION SLAVE");
  if (!server.log_status.ok()) {
    findings->Error(
        fmt::format("the position of the binlog cannot be read ({})", server.log_status.message()),
        grant);
  }
  if (!may_dump) {
    findings->Error(
        fmt::format("{} may not read the binlog: REPLICATION SLAVE is missing", server.user),
        grant);
  }
}

void CheckGtids(const ServerView& server, const SourceConfig& config, bool snapshot_ahead,
                FindingList* findings) {
  if (server.is_mariadb || server.has_gtids()) return;
  const std::string mode = server.Variable("gtid_mode");
  constexpr std::string_view kTurnOn =
      "SET GLOBAL enforce_gtid_consistency = ON, then gtid_mode = OFF_PERMISSIVE, ON_PERMISSIVE "
      "and ON, one after the other";
  if (config.start_gtids && config.mode == StartMode::kSpecific) {
    findings->Error(fmt::format("a GTID set to start after is given, and gtid_mode is '{}'", mode),
                    std::string(kTurnOn));
  }
  if (snapshot_ahead && !server.quiet_status.ok()) {
    findings->Error(
        fmt::format("a snapshot needs a consistent position, which a server with gtid_mode = '{}' "
                    "gives in performance_schema.log_status only ({})",
                    mode, server.quiet_status.message()),
        fmt::format("{}; or GRANT BACKUP_ADMIN ON *.* TO {} and GRANT SELECT ON "
                    "performance_schema.log_status TO {}",
                    kTurnOn, server.user, server.user));
  } else if (!mode.empty()) {
    findings->Warning(
        fmt::format("gtid_mode is '{}': the job cannot go on at another server if this one is lost",
                    mode),
        std::string(kTurnOn));
  }
}

void CheckServerId(const ServerView& server, const SourceConfig& config, FindingList* findings) {
  const std::string own = server.Variable("server_id");
  if (own == "0") {
    findings->Error("server_id is 0: the server sends its binlog to nobody",
                    "SET GLOBAL server_id = 1, or another number that no other server has");
  }
  if (config.server_id == 0) return;
  const std::string remedy =
      "give 'server-id' a number that no server and no other reader has, or leave it out";
  if (own == std::to_string(config.server_id)) {
    findings->Error(fmt::format("'server-id' = '{}' is the id of the server itself", own), remedy);
  }
  const bool is_taken = std::find(server.replica_ids.begin(), server.replica_ids.end(),
                                  config.server_id) != server.replica_ids.end();
  if (is_taken) {
    findings->Error(
        fmt::format("'server-id' = '{}' is the id of a replica that is connected: the server ends "
                    "the connection of one of two with the same id, again and again",
                    config.server_id),
        remedy);
  }
}

void CheckRetention(const ServerView& server, FindingList* findings) {
  const int64_t seconds = server.retention_s();
  if (seconds == 0 || seconds >= kRetentionShortS) return;
  const std::string kept = seconds < kSecondsPerHour
                               ? fmt::format("{} s", seconds)
                               : fmt::format("{} h", seconds / kSecondsPerHour);
  const bool has_seconds = server.variables.contains("binlog_expire_logs_seconds");
  findings->Warning(
      fmt::format("binlogs are kept for {} only: a job that is stopped for longer loses its place",
                  kept),
      has_seconds ? "SET GLOBAL binlog_expire_logs_seconds = 604800"
                  : "SET GLOBAL expire_logs_days = 7");
}

// A server that copies another one logs what it copies only if log_replica_updates is on.
void CheckReplica(const ServerView& server, FindingList* findings) {
  const bool is_copying = std::any_of(server.sources.begin(), server.sources.end(),
                                      [](const ReplicaState& source) { return source.is_running; });
  if (!is_copying) return;
  for (const std::string_view name : {"log_replica_updates", "log_slave_updates"}) {
    if (server.Variable(name).empty()) continue;
    if (server.IsOn(name)) return;
    findings->Error(fmt::format("the server is a replica and {} is '{}': the changes that it gets "
                                "from its source are not in its binlog",
                                name, server.Variable(name)),
                    fmt::format("set {} in the server's configuration and restart it, or read the "
                                "source of the replica",
                                name));
    return;
  }
}

bool Contains(const std::vector<std::string>& names, const std::string& name, bool any_case) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) {
    return SpelledName(one, any_case) == SpelledName(name, any_case);
  });
}

}  // namespace

void CheckServer(const ServerView& server, const SourceConfig& config, bool snapshot_ahead,
                 FindingList* findings) {
  CheckVersion(server, findings);
  CheckVariables(server, findings);
  CheckRights(server, findings);
  CheckGtids(server, config, snapshot_ahead, findings);
  CheckServerId(server, config, findings);
  CheckReplica(server, findings);
  if (!config.bounded) CheckRetention(server, findings);
}

void CheckLogFilters(const ServerView& server, const std::set<std::string>& databases,
                     FindingList* findings) {
  const std::string small = server.Variable("lower_case_table_names");
  const bool any_case = !small.empty() && small != "0";
  for (const std::string& database : databases) {
    if (!server.do_databases.empty() && !Contains(server.do_databases, database, any_case)) {
      findings->Error(
          fmt::format("changes of database {} are not in the binlog: binlog-do-db names {} only",
                      database, Join(server.do_databases, ", ")),
          fmt::format("add binlog-do-db={} to the server's configuration and restart it",
                      database));
    } else if (Contains(server.ignored_databases, database, any_case)) {
      findings->Error(
          fmt::format("changes of database {} are not in the binlog: binlog-ignore-db names it",
                      database),
          "take it out of binlog-ignore-db in the server's configuration and restart it");
    }
    for (const ReplicaState& source : server.sources) {
      const bool is_left_out =
          (!source.do_databases.empty() && !Contains(source.do_databases, database, any_case)) ||
          Contains(source.ignored_databases, database, any_case);
      if (!is_left_out) continue;
      findings->Warning(
          fmt::format("the server is a replica that does not copy database {}: what its source "
                      "changes there is not seen",
                      database),
          "read the source of the replica, or change its replication filters");
    }
  }
  if (!server.do_databases.empty() || !server.ignored_databases.empty()) {
    findings->Warning(
        "binlog filters go by the default database of a statement: an ALTER TABLE or another DDL "
        "statement about a captured table is not in the binlog if another database is the default",
        "take binlog-do-db and binlog-ignore-db out of the server's configuration, or USE the "
        "database before its tables are changed");
  }
}

}  // namespace millrace::mysql
