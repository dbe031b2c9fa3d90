#include "connectors/mysql/preflight/server_view.h"

#include <fmt/format.h>

#include <utility>

#include "base/ascii.h"
#include "base/units.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/schema/server_facts.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kVariables =
    "'log_bin', 'binlog_format', 'binlog_row_image', 'binlog_row_value_options', "
    "'binlog_row_metadata', 'gtid_mode', 'server_id', 'log_slave_updates', 'log_replica_updates', "
    "'binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge', 'expire_logs_days', "
    "'innodb_native_foreign_keys', 'lower_case_table_names'";

constexpr double kSecondsPerDay = 86'400;
constexpr uint32_t kMariaRenamedRights = 100'502;
constexpr uint32_t kMysqlReplicas = 80'022;  // SHOW REPLICAS, SHOW REPLICA STATUS

// SHOW REPLICA STATUS, by number: the names differ, the order does not.
constexpr size_t kIoRunning = 10;
constexpr size_t kSqlRunning = 11;
constexpr size_t kDoDatabases = 12;
constexpr size_t kIgnoredDatabases = 13;
constexpr size_t kFirstTableFilter = 14;
constexpr size_t kLastTableFilter = 17;
// SHOW ALL SLAVES STATUS of MariaDB has so many columns before those.
constexpr size_t kMariaShift = 2;

std::string Text(const TextRow& row, size_t index) {
  return index < row.size() ? row[index].value_or("") : "";
}

std::vector<std::string> Names(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string& name : Split(list, ',')) {
    if (!Trim(name).empty()) names.emplace_back(Trim(name));
  }
  return names;
}

// What a query gives; nothing if the server refuses it.
Status Ask(Connection* connection, const std::string& sql, std::vector<TextRow>* rows) {
  Result<std::vector<TextRow>> answer = connection->Query(sql);
  if (answer.ok()) {
    *rows = std::move(*answer);
    return Status::Ok();
  }
  rows->clear();
  return answer.status().code() == StatusCode::kPermanent ? Status::Ok() : answer.status();
}

Status ReadVariables(Connection* connection, ServerView* view) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                      connection->Query(fmt::format(
                          "SHOW GLOBAL VARIABLES WHERE Variable_name IN ({})", kVariables)));
  for (const TextRow& row : rows) view->variables[Text(row, 0)] = Text(row, 1);
  return Status::Ok();
}

Status ReadLog(Connection* connection, ServerView* view) {
  const auto rows = ReadLogStatus(connection);
  if (!rows.ok()) {
    view->log_status = rows.status();
    return rows.status().code() == StatusCode::kPermanent ? Status::Ok() : rows.status();
  }
  if (!rows->empty()) {
    const TextRow& row = (*rows)[0];
    view->log_file = Text(row, 0);
    view->do_databases = Names(Text(row, 2));
    view->ignored_databases = Names(Text(row, 3));
  }
  return Ask(connection, "SHOW BINARY LOGS", &view->logs);
}

Status ReadRights(Connection* connection, ServerView* view) {
  MR_ASSIGN_OR_RETURN(const auto user, connection->QueryValue("SELECT CURRENT_USER()"));
  view->user = QuotedUser(user.value_or(""));
  std::vector<TextRow> rows;
  MR_RETURN_IF_ERROR(Ask(connection, "SHOW GRANTS", &rows));
  if (rows.empty()) return Status::Ok();
  std::vector<std::string> lines;
  for (const TextRow& row : rows) lines.push_back(Text(row, 0));
  view->grants = Grants::Parse(lines);
  return Status::Ok();
}

Status ReadReplication(Connection* connection, ServerView* view) {
  const bool new_words = !view->is_mariadb && view->version >= kMysqlReplicas;
  std::vector<TextRow> rows;
  MR_RETURN_IF_ERROR(Ask(connection, new_words ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS", &rows));
  for (const TextRow& row : rows) {
    view->replica_ids.push_back(static_cast<uint32_t>(ParseInteger(Text(row, 0)).value_or(0)));
  }
  const std::string_view sources = view->is_mariadb ? "SHOW ALL SLAVES STATUS"
                                   : new_words      ? "SHOW REPLICA STATUS"
                                                    : "SHOW SLAVE STATUS";
  MR_RETURN_IF_ERROR(Ask(connection, std::string(sources), &rows));
  const size_t shift = view->is_mariadb ? kMariaShift : 0;
  for (const TextRow& row : rows) {
    ReplicaState& source = view->sources.emplace_back();
    source.is_running =
        Text(row, kIoRunning + shift) != "No" || Text(row, kSqlRunning + shift) != "No";
    source.do_databases = Names(Text(row, kDoDatabases + shift));
    source.ignored_databases = Names(Text(row, kIgnoredDatabases + shift));
    for (size_t i = kFirstTableFilter; i <= kLastTableFilter; ++i) {
      source.filters_tables = source.filters_tables || !Text(row, i + shift).empty();
    }
  }
  return Status::Ok();
}

}  // namespace

std::string ServerView::Variable(std::string_view name) const {
  const auto found = variables.find(std::string(name));
  return found == variables.end() ? "" : found->second;
}

bool ServerView::IsOn(std::string_view name) const {
  const std::string value = Variable(name);
  return EqualsIgnoreCase(value, "ON") || value == "1";
}

int64_t ServerView::retention_s() const {
  const bool never =
      variables.contains("binlog_expire_logs_auto_purge") && !IsOn("binlog_expire_logs_auto_purge");
  if (never) return 0;
  const int64_t seconds = ParseInteger(Variable("binlog_expire_logs_seconds")).value_or(0);
  if (seconds > 0) return seconds;
  // MariaDB has days with a fraction.
  const std::string days = Variable("expire_logs_days");
  return static_cast<int64_t>(std::strtod(days.c_str(), nullptr) * kSecondsPerDay);
}

std::string_view ServerView::log_rights() const {
  const bool renamed = is_mariadb && version >= kMariaRenamedRights;
  return renamed ? "REPLICATION SLAVE, BINLOG MONITOR" : "REPLICATION SLAVE, REPLICATION CLIENT";
}

std::string QuotedUser(std::string_view current_user) {
  const size_t at = current_user.rfind('@');
  if (at == std::string_view::npos) return QuoteString(current_user);
  return fmt::format("{}@{}", QuoteString(current_user.substr(0, at)),
                     QuoteString(current_user.substr(at + 1)));
}

Result<Retention> ReadRetention(Connection* connection) {
  ServerView view;
  MR_RETURN_IF_ERROR(ReadVariables(connection, &view));
  MR_ASSIGN_OR_RETURN(const auto now, connection->QueryValue("SELECT UNIX_TIMESTAMP()"));
  return Retention{view.retention_s(), ParseInteger(now.value_or("")).value_or(0)};
}

Result<ServerView> ReadServerView(Connection* connection) {
  ServerView view;
  view.is_mariadb = connection->is_mariadb();
  view.version_text = connection->version();
  view.version = ParseServerVersion(view.version_text);
  MR_RETURN_IF_ERROR(ReadVariables(connection, &view));
  MR_RETURN_IF_ERROR(ReadLog(connection, &view));
  MR_RETURN_IF_ERROR(ReadRights(connection, &view));
  MR_RETURN_IF_ERROR(ReadReplication(connection, &view));
  if (view.is_mariadb || view.has_gtids()) return view;
  const auto quiet = connection->QueryValue("SELECT LOCAL FROM performance_schema.log_status");
  view.quiet_status = quiet.status();
  if (quiet.status().transient() || quiet.status().cancelled()) return quiet.status();
  return view;
}

}  // namespace millrace::mysql
