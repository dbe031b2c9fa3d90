// The MySQL side of a Doris frontend, for what HTTP does not tell or give.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

struct MysqlDeleter {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using QueryConnection = std::unique_ptr<MYSQL, MysqlDeleter>;
using QueryResult = std::unique_ptr<MYSQL_RES, MysqlDeleter>;

Result<QueryConnection> ConnectQueryPort(const SinkConfig& config, int64_t timeout_ms);
// What the last call on `connection` complained about.
Status QueryFailure(MYSQL* connection, const SinkConfig& config);

// DESC of the table.
Result<std::vector<ColumnDetail>> DescribeOverQueryPort(const SinkConfig& config);

}  // namespace millrace::doris
