#include "connectors/doris/query_port.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/quote.h"

namespace millrace::doris {
namespace {

constexpr int64_t kSyncTimeoutMs = 60'000;

// For details that are good to know but not needed: a closed port must not hold up the start.
constexpr int64_t kDescribeTimeoutMs = 3'000;
constexpr unsigned kHandshakeTimeoutS = 3;  // of TLS, for each message
constexpr int kPollMs = 100;
// The library needs more than its default for a TLS handshake or a look-up of a name.
constexpr size_t kLibraryStackBytes = 512 * 1024;

constexpr unsigned kUnknownDatabase = 1049;
constexpr unsigned kUnknownTable = 1146;
constexpr unsigned kUnknownTableOld = 1105;  // Doris uses it for most failures
constexpr unsigned kUnknownColumn = 1054;
constexpr unsigned kAccessDenied = 1045;
constexpr unsigned kAccessDeniedDatabase = 1044;
constexpr unsigned kTlsFailed = 2026;

// Of DESC: Field, Type, Null, Key, Default, Extra.
constexpr unsigned kDescFields = 6;

constexpr const char* kCheckCertificate =
    " (check 'doris.tls.ca-certificate-path', and that the certificate is for this host)";
constexpr const char* kServerWithoutTls =
    " ('doris.enable.tls' = 'true' includes the query port; exclude it with "
    "'doris.tls.excluded-protocols' = 'mysql')";

int64_t NowMs() { return SystemClock().NowMs(); }

}  // namespace

Result<std::unique_ptr<QueryConnection>> QueryConnection::Connect(
    const SinkConfig& config, int64_t timeout_ms, std::function<bool()> interrupted) {
  std::unique_ptr<QueryConnection> connection(new QueryConnection(config, std::move(interrupted)));
  MR_RETURN_IF_ERROR(connection->SetUp());
  connection->Await(timeout_ms);
  MR_RETURN_IF_ERROR(connection->Open());
  return connection;
}

QueryConnection::~QueryConnection() {
  if (result_ == nullptr || at_end_) return;
  // Freeing the result would read all rows that are left; nobody wants them.
  shutdown(static_cast<int>(mysql_get_socket(connection_.get())), SHUT_RDWR);
}

Status QueryConnection::SetUp() {
  connection_.reset(mysql_init(nullptr));
  if (connection_ == nullptr) {
    return Status::Transient("MySQL client library could not be initialised");
  }
  MYSQL* const handle = connection_.get();
  mysql_options(handle, MYSQL_OPT_NONBLOCK, &kLibraryStackBytes);
  mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const auto protocol = static_cast<unsigned>(MYSQL_PROTOCOL_TCP);  // also for "localhost"
  mysql_options(handle, MYSQL_OPT_PROTOCOL, &protocol);
  const my_bool yes = 1;
  const my_bool no = 0;
  if (!config_.query_tls) {
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
    return Status::Ok();
  }
  mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &kHandshakeTimeoutS);
  mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &yes);
  const std::string& ca_file = config_.http.ca_file;
  if (!ca_file.empty()) mysql_options(handle, MYSQL_OPT_SSL_CA, ca_file.c_str());
  if (config_.http.verify_hostname) {
    mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
    return Status::Ok();
  }
  // The library verifies a certificate without the host name only against a file of ours.
  mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &no);
  if (!ca_file.empty()) return Status::Ok();
  return Status::Permanent(
      "'doris.tls.skip-hostname-verification' = 'true' needs 'doris.tls.ca-certificate-path' for "
      "the "
      "query port");
}

Status QueryConnection::Open() {
  MYSQL* opened = nullptr;
  int events = mysql_real_connect_start(&opened, connection_.get(), config_.query_host.c_str(),
                                        config_.user.c_str(), config_.password.c_str(), nullptr,
                                        static_cast<unsigned>(config_.query_port), nullptr, 0);
  while (events != 0) {
    events = mysql_real_connect_cont(&opened, connection_.get(), Wait(events));
  }
  return opened == nullptr ? Failure() : Status::Ok();
}

Status QueryConnection::Execute(const std::string& statement, int64_t timeout_ms) {
  Await(timeout_ms);
  int failed = 0;
  int events =
      mysql_real_query_start(&failed, connection_.get(), statement.data(), statement.size());
  while (events != 0) events = mysql_real_query_cont(&failed, connection_.get(), Wait(events));
  return failed != 0 ? Failure() : Status::Ok();
}

Status QueryConnection::Query(const std::string& query, int64_t timeout_ms) {
  MR_RETURN_IF_ERROR(Execute(query, timeout_ms));
  result_.reset(mysql_use_result(connection_.get()));
  if (result_ == nullptr) return Failure();
  at_end_ = false;
  return Status::Ok();
}

unsigned QueryConnection::columns() const {
  return result_ == nullptr ? 0 : mysql_num_fields(result_.get());
}

Result<MYSQL_ROW> QueryConnection::NextRow() {
  MYSQL_ROW row = nullptr;
  int events = mysql_fetch_row_start(&row, result_.get());
  if (events != 0) Await(timeout_ms_);
  while (events != 0) events = mysql_fetch_row_cont(&row, result_.get(), Wait(events));
  if (row != nullptr) return row;
  at_end_ = true;
  if (mysql_errno(connection_.get()) != 0) return Failure();
  return row;
}

void QueryConnection::Await(int64_t timeout_ms) {
  timeout_ms_ = timeout_ms;
  waiting_since_ms_ = NowMs();
}

bool QueryConnection::Cancelled() const {
  return (config_.http.stop != nullptr && config_.http.stop->requested()) ||
         (interrupted_ && interrupted_());
}

int QueryConnection::Wait(int events) {
  const auto socket = static_cast<int>(mysql_get_socket(connection_.get()));
  pollfd entry{socket, 0, 0};
  if ((events & MYSQL_WAIT_READ) != 0) entry.events |= POLLIN;
  if ((events & MYSQL_WAIT_WRITE) != 0) entry.events |= POLLOUT;
  if ((events & MYSQL_WAIT_EXCEPT) != 0) entry.events |= POLLPRI;
  for (;;) {
    const int64_t waited_ms = NowMs() - waiting_since_ms_;
    timed_out_ = timeout_ms_ >= 0 && waited_ms > timeout_ms_;
    if (timed_out_ || Cancelled()) {
      // Over TLS the library does not look at the timeout, only at the socket.
      shutdown(socket, SHUT_RDWR);
      return events | MYSQL_WAIT_TIMEOUT;
    }
    if (poll(&entry, 1, kPollMs) > 0) {
      int came = 0;
      if ((entry.revents & POLLIN) != 0) came |= MYSQL_WAIT_READ;
      if ((entry.revents & POLLOUT) != 0) came |= MYSQL_WAIT_WRITE;
      if ((entry.revents & POLLPRI) != 0) came |= MYSQL_WAIT_EXCEPT;
      return came != 0 ? came : events & ~MYSQL_WAIT_TIMEOUT;  // an error: the library will see it
    }
    if (config_.http.on_wait) {
      config_.http.on_wait(fmt::format("{}:{}", config_.query_host, config_.query_port), waited_ms);
    }
  }
}

// What the latest call on the connection failed with.
Status QueryConnection::Failure() const {
  if (Cancelled()) return Status::Cancelled();
  const unsigned code = mysql_errno(connection_.get());
  const std::string text = fmt::format(
      "reading Doris table {}.{} at {}:{}: {}", config_.database, config_.table, config_.query_host,
      config_.query_port, timed_out_ ? "no answer in time" : mysql_error(connection_.get()));
  switch (code) {
    case kAccessDenied:
    case kAccessDeniedDatabase:
      return Status::Permanent(text + " (check 'username' and 'password')");
    case kTlsFailed:
      return Status::Permanent(text + ((connection_->server_capabilities & CLIENT_SSL) != 0
                                           ? kCheckCertificate
                                           : kServerWithoutTls));
    case kUnknownDatabase:
    case kUnknownTable:
    case kUnknownTableOld:
    case kUnknownColumn:
      return Status::Permanent(text);
    default:
      return Status::Transient(text);
  }
}

Result<std::vector<ColumnDetail>> DescribeOverQueryPort(const SinkConfig& config) {
  const int64_t timeout_ms = std::min(kDescribeTimeoutMs, config.http.connect_timeout_ms);
  MR_ASSIGN_OR_RETURN(const std::unique_ptr<QueryConnection> connection,
                      QueryConnection::Connect(config, timeout_ms));
  MR_RETURN_IF_ERROR(connection->Query(
      fmt::format("DESC {}.{}", QuoteIdentifier(config.database), QuoteIdentifier(config.table)),
      kDescribeTimeoutMs));
  std::vector<ColumnDetail> details;
  if (connection->columns() < kDescFields) return details;
  for (;;) {
    MR_ASSIGN_OR_RETURN(const MYSQL_ROW row, connection->NextRow());
    if (row == nullptr) return details;
    const auto text = [&](int i) { return std::string(row[i] == nullptr ? "" : row[i]); };
    ColumnDetail detail;
    detail.name = text(0);
    detail.type = ToLower(text(1));
    detail.nullable = !EqualsIgnoreCase(text(2), "no");
    detail.has_default = row[4] != nullptr || ToLower(text(5)).find("auto") != std::string::npos;
    details.push_back(std::move(detail));
  }
}

namespace {

class RowsOverQueryPort final : public QueryRows {
 public:
  explicit RowsOverQueryPort(std::unique_ptr<QueryConnection> connection)
      : connection_(std::move(connection)) {}

  Result<bool> Next(std::vector<std::optional<std::string_view>>* row) override {
    MR_ASSIGN_OR_RETURN(const MYSQL_ROW texts, connection_->NextRow());
    if (texts == nullptr) return false;
    const unsigned long* const lengths = connection_->Lengths();
    row->assign(connection_->columns(), std::nullopt);
    for (unsigned i = 0; i < connection_->columns(); ++i) {
      if (texts[i] != nullptr) (*row)[i] = std::string_view(texts[i], lengths[i]);
    }
    return true;
  }

 private:
  const std::unique_ptr<QueryConnection> connection_;
};

}  // namespace

Result<std::unique_ptr<QueryRows>> SelectOverQueryPort(const SinkConfig& config,
                                                       const std::string& query) {
  MR_ASSIGN_OR_RETURN(std::unique_ptr<QueryConnection> connection,
                      QueryConnection::Connect(config, config.http.connect_timeout_ms));
  // Any frontend may answer; one that is not the master learns of commits a moment later.
  MR_RETURN_IF_ERROR(connection->Execute("SYNC", kSyncTimeoutMs));
  MR_RETURN_IF_ERROR(connection->Query(query, /*timeout_ms=*/-1));
  return std::unique_ptr<QueryRows>(std::make_unique<RowsOverQueryPort>(std::move(connection)));
}

}  // namespace millrace::doris
