// The smallest clients that can ask a minidoris of this process: HTTP (unit/http_client.h) and
// MySQL's text protocol. They share no code with what they test.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "minidoris/minidoris.h"
#include "unit/http_client.h"
#include "unit/temporary_folder.h"

namespace millrace::minidoris::testing {

using millrace::testing::Eventually;
using millrace::testing::Headers;
using millrace::testing::Http;
using millrace::testing::HttpAnswer;
using millrace::testing::ReadAnswer;
using millrace::testing::Socket;

inline const std::string kRoot = "Authorization: Basic cm9vdDo=";

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<std::string> rows;  // values with '|' between, NULL as "NULL"
  std::string error;
  int64_t affected = 0;
};

class MysqlClient final {
 public:
  explicit MysqlClient(uint16_t port, const std::string& user = "root",
                       const std::string& answer = "");
  QueryResult Query(const std::string& sql);
  const std::string& greeting() const { return greeting_; }
  const std::string& login_error() const { return login_error_; }

 private:
  void Send(std::string_view payload);
  std::string Read();

  Socket socket_;
  std::string greeting_;
  std::string login_error_;
};

// Real time, and a wall that can be moved.
class MovableClock final : public Clock {
 public:
  int64_t NowMs() override { return SystemClock().NowMs(); }
  int64_t WallMs() override { return SystemClock().WallMs() + offset_ms; }
  void SleepMs(int64_t duration_ms) override { SystemClock().SleepMs(duration_ms); }
  std::atomic<int64_t> offset_ms = 0;
};

// A minidoris over a folder of its own with database `db` and, unless `ddl` is empty, a table.
class Server final {
 public:
  explicit Server(const std::string& ddl = kTable, MinidorisOptions options = {});
  ~Server();

  static inline const std::string kTable =
      "CREATE TABLE t (k INT NOT NULL, a VARCHAR(10), b STRING) UNIQUE KEY(k) "
      "DISTRIBUTED BY HASH(k) BUCKETS 1";

  void Restart();
  uint16_t fe() const { return running_->http_port(); }
  uint16_t be() const { return running_->be_http_port(); }
  uint16_t query_port() const { return running_->query_port(); }

  // A load sent to the backend, by Content-Length.
  HttpAnswer Load(const std::string& body, Headers headers = {}, const std::string& table = "t",
                  const std::string& database = "db");
  HttpAnswer TwoPhase(Headers headers, const std::string& database = "db");
  HttpAnswer Commit(int64_t id) { return Operate("commit", id); }
  HttpAnswer Abort(int64_t id) { return Operate("abort", id); }
  std::string State(const std::string& label);  // by get_load_state
  std::vector<std::string> Rows(const std::string& sql);
  void Faults(const std::string& json);

  MovableClock clock;

 private:
  HttpAnswer Operate(const std::string& operation, int64_t id);

  millrace::testing::TemporaryFolder folder_;
  MinidorisOptions options_;
  std::unique_ptr<Minidoris> running_;
};

}  // namespace millrace::minidoris::testing
