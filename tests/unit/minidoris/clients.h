// The smallest clients that can ask a minidoris in this process: raw HTTP/1.1 over a socket, and
// MySQL's text protocol. They know nothing of the code they test.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "minidoris/minidoris.h"
#include "unit/temporary_folder.h"

namespace millrace::minidoris::testing {

class Socket final {
 public:
  explicit Socket(uint16_t port);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void Send(std::string_view bytes);
  std::string Receive(size_t bytes);               // fewer if the peer closes
  std::string ReceiveUntil(std::string_view end);  // with it; what came if the peer closes
  void Close();

 private:
  int descriptor_ = -1;
  std::string buffer_;
};

struct HttpAnswer {
  int status = 0;          // 0: the connection was closed without an answer
  bool continued = false;  // a 100 came first
  std::string head;
  std::string body;
  std::string Text(const std::string& key) const;  // string member of a JSON body, or ""
  int64_t Number(const std::string& key) const;    // integer member, or -99
};

using Headers = std::vector<std::string>;  // "name: value"

inline const std::string kRoot = "Authorization: Basic cm9vdDo=";

// Sends the headers and, with `Expect` among them, the body only after a 100.
HttpAnswer Http(uint16_t port, const std::string& method, const std::string& target,
                Headers headers, const std::optional<std::string>& body = std::nullopt);
HttpAnswer ReadAnswer(Socket* socket);

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

// A minidoris over a folder of its own with database `db` and, if wanted, a table.
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

// Waits until the condition holds, at most some seconds.
bool Eventually(const std::function<bool()>& condition);

}  // namespace millrace::minidoris::testing
