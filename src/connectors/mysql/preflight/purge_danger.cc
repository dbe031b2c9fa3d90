#include "connectors/mysql/preflight/purge_danger.h"

#include <fmt/format.h>

#include <memory>

#include "connectors/mysql/preflight/file_age.h"
#include "connectors/mysql/preflight/server_view.h"

namespace millrace::mysql {
namespace {

// A warning comes when less than this part of the time for which a log is kept is left.
constexpr int64_t kPartLeft = 4;
constexpr int64_t kSecondsPerMinute = 60;

}  // namespace

Result<std::string> PurgeDanger(const Endpoint& endpoint, Connection* connection,
                                const std::string& file) {
  MR_ASSIGN_OR_RETURN(const Retention retention, ReadRetention(connection));
  if (retention.kept_s == 0) return std::string();
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> logs, connection->Query("SHOW BINARY LOGS"));
  const std::string after = FileAfter(file, logs);
  if (after.empty()) return std::string();
  MR_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> own, Connection::Connect(endpoint));
  MR_ASSIGN_OR_RETURN(const int64_t closed_s, FileBegan(own.get(), after));
  return PurgeWarning(file, closed_s, retention.now_s, retention.kept_s);
}

std::string FileAfter(const std::string& file, const std::vector<TextRow>& logs) {
  for (size_t i = 0; i + 1 < logs.size(); ++i) {
    if (!logs[i].empty() && logs[i][0] == file)
      return logs[i + 1].empty() ? "" : logs[i + 1][0].value_or("");
  }
  return {};
}

std::string PurgeWarning(const std::string& file, int64_t closed_s, int64_t now_s,
                         int64_t retention_s) {
  if (retention_s <= 0) return {};
  const int64_t left_s = closed_s + retention_s - now_s;
  if (left_s > retention_s / kPartLeft) return {};
  if (left_s <= 0) {
    return fmt::format("the server may remove binlog {}, where the job is, at any moment", file);
  }
  return fmt::format("the server removes binlog {}, where the job is, in about {} minute(s)", file,
                     left_s / kSecondsPerMinute + 1);
}

}  // namespace millrace::mysql
