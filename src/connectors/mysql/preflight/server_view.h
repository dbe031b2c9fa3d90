// What the checks before the first row look at: the settings of a server, its log, and the rights
// of the user, read once. What the user may not see is empty, unless a job cannot do without.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "connectors/mysql/preflight/grants.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// A server that copies another one: one channel of it.
struct ReplicaState {
  bool is_running = false;
  std::vector<std::string> do_databases;
  std::vector<std::string> ignored_databases;
  bool filters_tables = false;
};

struct ServerView {
  bool is_mariadb = false;
  uint32_t version = 0;  // 80400; 0: it is not understood
  std::string version_text;
  std::string user;                              // "'u'@'%'", as in a GRANT
  std::map<std::string, std::string> variables;  // global ones, by name; missing: unknown there
  Status log_status;                             // why the end of the log cannot be read
  std::string log_file;                          // the end of the log
  std::vector<std::string> do_databases;         // binlog-do-db
  std::vector<std::string> ignored_databases;    // binlog-ignore-db
  std::vector<TextRow> logs;                     // of SHOW BINARY LOGS: name, size
  Status
      quiet_status;  // why performance_schema.log_status cannot be read, on a MySQL without GTIDs
  std::optional<Grants> grants;
  std::vector<uint32_t> replica_ids;
  std::vector<ReplicaState> sources;

  // Empty if the server has no such variable.
  std::string Variable(std::string_view name) const;
  bool IsOn(std::string_view name) const;
  bool has_gtids() const { return !is_mariadb && Variable("gtid_mode") == "ON"; }
  // Seconds for which the server keeps its log; 0: it removes none by age.
  int64_t retention_s() const;
  // The rights to read the log, as this server calls them.
  std::string_view log_rights() const;
};

struct Retention {
  int64_t kept_s = 0;  // ServerView::retention_s
  int64_t now_s = 0;   // the server's clock, seconds since 1970
};
Result<Retention> ReadRetention(Connection* connection);

// The error of a connection that was lost; what the server refuses is part of the view.
Result<ServerView> ReadServerView(Connection* connection);

// "'u'@'%'" from the "u@%" of CURRENT_USER().
std::string QuotedUser(std::string_view current_user);

}  // namespace millrace::mysql
