// The MySQL side of a Doris frontend: for what HTTP does not offer.
#pragma once

#include <mysql.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "connectors/doris/sink_config.h"
#include "connectors/doris/stream_load_api.h"

namespace millrace::doris {

// One connection, used by one thread. With TLS configured the password is not sent before the
// server's certificate is verified. Every wait ends within a fraction of a second once the stop of
// the configuration is requested or `interrupted` returns true (then: Cancelled), but that for a
// server that falls silent in the middle of a TLS handshake, which ends after 3 seconds.
class QueryConnection final {
 public:
  // `timeout_ms`: of connecting altogether. `interrupted` may be empty.
  static Result<std::unique_ptr<QueryConnection>> Connect(const SinkConfig& config,
                                                          int64_t timeout_ms,
                                                          std::function<bool()> interrupted = {});
  ~QueryConnection();  // cuts off an answer that is not read to its end

  // Sends a query and waits for the begin of its rows, which NextRow returns. `timeout_ms` of each
  // wait from now on; negative: as long as it takes.
  Status Query(const std::string& query, int64_t timeout_ms);
  // Sends a statement that returns no rows.
  Status Execute(const std::string& statement, int64_t timeout_ms);
  unsigned columns() const;
  // Null after the last row. Valid until the next call, as are the lengths of its values.
  Result<MYSQL_ROW> NextRow();
  const unsigned long* Lengths() { return mysql_fetch_lengths(result_.get()); }

 private:
  struct CloseConnection {
    void operator()(MYSQL* connection) const { mysql_close(connection); }
  };
  struct FreeResult {
    void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
  };

  QueryConnection(const SinkConfig& config, std::function<bool()> interrupted)
      : config_(config), interrupted_(std::move(interrupted)) {}

  Status SetUp();
  Status Open();
  // Begins a wait, or several that belong together.
  void Await(int64_t timeout_ms);
  // Waits for the events the library asks for; returns those that came. After the timeout or an
  // interruption the connection is cut, which ends the library's call.
  int Wait(int events);
  bool Cancelled() const;
  Status Failure() const;

  const SinkConfig config_;
  const std::function<bool()> interrupted_;
  std::unique_ptr<MYSQL, CloseConnection> connection_;
  std::unique_ptr<MYSQL_RES, FreeResult> result_;  // freed before the connection is closed
  bool at_end_ = true;                             // of the rows of result_
  bool timed_out_ = false;
  int64_t waiting_since_ms_ = 0;
  int64_t timeout_ms_ = -1;
};

// A SELECT, on a connection of its own, that shows what is visible at any frontend.
Result<std::unique_ptr<QueryRows>> SelectOverQueryPort(const SinkConfig& config,
                                                       const std::string& query);

// DESC of the table.
Result<std::vector<ColumnDetail>> DescribeOverQueryPort(const SinkConfig& config);

}  // namespace millrace::doris
