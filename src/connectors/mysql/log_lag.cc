#include "connectors/mysql/log_lag.h"

#include <algorithm>

#include "connectors/mysql/preflight/purge_danger.h"

namespace millrace::mysql {
namespace {

constexpr int64_t kEveryMs = 5'000;
constexpr int64_t kPurgeEveryMs = 30'000;
constexpr int64_t kAfterFailureMs = 60'000;
// The reader of the log waits meanwhile.
constexpr int64_t kTimeoutMs = 2'000;

}  // namespace

int64_t BytesUntilEnd(const LogPosition& at, const std::vector<TextRow>& logs) {
  const auto here = std::find_if(logs.begin(), logs.end(),
                                 [&](const TextRow& log) { return LogFileName(log) == at.file; });
  if (here == logs.end()) return -1;
  int64_t bytes = -static_cast<int64_t>(at.offset);
  for (auto log = here; log != logs.end(); ++log) bytes += static_cast<int64_t>(LogFileBytes(*log));
  return std::max<int64_t>(0, bytes);
}

LogLag::LogLag(const Endpoint& endpoint, const Environment& environment, Connections* connections)
    : endpoint_(endpoint),
      clock_(*environment.clock),
      log_(*environment.log),
      connections_(*connections) {
  endpoint_.connect_timeout_ms = std::min(endpoint_.connect_timeout_ms, kTimeoutMs);
  endpoint_.read_timeout_ms = kTimeoutMs;
}

Result<int64_t> LogLag::Measure(const LogPosition& at) {
  if (connection_ == nullptr) {
    MR_ASSIGN_OR_RETURN(connection_, connections_.Open(endpoint_));
  }
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> logs, connection_->Query("SHOW BINARY LOGS"));
  return BytesUntilEnd(at, logs);
}

void LogLag::WarnOfPurge(const LogPosition& at) {
  if (at.file == warned_of_ || clock_.NowMs() < purge_due_ms_) return;
  purge_due_ms_ = clock_.NowMs() + kPurgeEveryMs;
  const Result<std::string> danger = PurgeDanger(connections_.At(endpoint_), connection_, at.file);
  if (!danger.ok() || danger->empty()) return;
  warned_of_ = at.file;
  log_.Warning("MySQL {}: {}: {}", connection_->server(), *danger, kKeepLogs);
}

std::optional<int64_t> LogLag::MeasureIfDue(const LogPosition& at) {
  if (clock_.NowMs() < due_ms_) return std::nullopt;
  const Result<int64_t> bytes = Measure(at);
  due_ms_ = clock_.NowMs() + (bytes.ok() ? kEveryMs : kAfterFailureMs);
  if (bytes.ok()) {
    WarnOfPurge(at);
    return *bytes;
  }
  if (connection_ != nullptr) connections_.Close(connection_);
  connection_ = nullptr;
  return -1;
}

}  // namespace millrace::mysql
