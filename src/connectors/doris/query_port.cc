#include "connectors/doris/query_port.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace::doris {
namespace {

// For details that are good to know but not needed: a closed port must not hold the start up.
constexpr int64_t kDescribeTimeoutMs = 3'000;

constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownTable = 1146;
constexpr unsigned kUnknownTableOld = 1105;  // Doris says most things with this one
constexpr unsigned kUnknownColumn = 1054;
constexpr unsigned kAccessDenied = 1045;
constexpr unsigned kAccessDeniedDatabase = 1044;

// Of DESC: Field, Type, Null, Key, Default, Extra.
constexpr unsigned kDescFields = 6;

}  // namespace

Status QueryFailure(MYSQL* connection, const SinkConfig& config) {
  const std::string text =
      fmt::format("reading Doris table {}.{} at {}:{}: {}", config.database, config.table,
                  config.query_host, config.query_port, mysql_error(connection));
  switch (mysql_errno(connection)) {
    case kAccessDenied:
    case kAccessDeniedDatabase:
      return Status::Permanent(text + " (check 'username' and 'password')");
    case kUnknownDatabase:
    case kUnknownTable:
    case kUnknownTableOld:
    case kUnknownColumn:
      return Status::Permanent(text);
    default:
      return Status::Transient(text);
  }
}

Result<QueryConnection> ConnectQueryPort(const SinkConfig& config, int64_t timeout_ms) {
  QueryConnection connection(mysql_init(nullptr));
  if (!connection) return Status::Permanent("libmysqlclient does not work here");
  const auto seconds = static_cast<unsigned>(std::max<int64_t>(1, timeout_ms / 1000));
  mysql_options(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const auto protocol = static_cast<unsigned>(MYSQL_PROTOCOL_TCP);  // "localhost" is no socket file
  mysql_options(connection.get(), MYSQL_OPT_PROTOCOL, &protocol);
  if (mysql_real_connect(connection.get(), config.query_host.c_str(), config.user.c_str(),
                         config.password.c_str(), nullptr, static_cast<unsigned>(config.query_port),
                         nullptr, 0) == nullptr) {
    return QueryFailure(connection.get(), config);
  }
  return connection;
}

Result<std::vector<ColumnDetail>> DescribeOverQueryPort(const SinkConfig& config) {
  MR_ASSIGN_OR_RETURN(
      const QueryConnection connection,
      ConnectQueryPort(config, std::min(kDescribeTimeoutMs, config.http.connect_timeout_ms)));
  const std::string query =
      fmt::format("DESC {}.{}", QuoteIdentifier(config.database), QuoteIdentifier(config.table));
  if (mysql_real_query(connection.get(), query.data(), query.size()) != 0) {
    return QueryFailure(connection.get(), config);
  }
  const QueryResult result(mysql_store_result(connection.get()));
  if (!result) return QueryFailure(connection.get(), config);
  std::vector<ColumnDetail> details;
  if (mysql_num_fields(result.get()) < kDescFields) return details;
  while (const MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const auto text = [&](int i) { return std::string(row[i] == nullptr ? "" : row[i]); };
    ColumnDetail detail;
    detail.name = text(0);
    detail.type = ToLower(text(1));
    detail.nullable = !EqualsIgnoreCase(text(2), "no");
    detail.has_default = row[4] != nullptr || ToLower(text(5)).find("auto") != std::string::npos;
    details.push_back(std::move(detail));
  }
  return details;
}

}  // namespace millrace::doris
