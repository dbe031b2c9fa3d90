#include "connectors/mysql/preflight/position_checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace millrace::mysql {
namespace {

constexpr std::string_view kStartOver =
    "connect to the server that the checkpoint is from, or run the script again with --fresh";
constexpr std::string_view kKeepLonger =
    "run the script again with --fresh, and keep binlogs longer";
constexpr std::string_view kOtherPosition = "start from a position that the server has";

std::string_view Whose(bool from_checkpoint) {
  return from_checkpoint ? "the checkpoint" : "the start position";
}

Status CheckSets(Connection* connection, const ServerView& server, const GtidSet& set,
                 bool from_checkpoint, FindingList* findings) {
  const std::string text = set.ToString();
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT GTID_SUBTRACT('{0}', @@GLOBAL.gtid_executed), "
                                    "GTID_SUBTRACT(@@GLOBAL.gtid_purged, '{0}')",
                                    text)));
  if (rows.empty() || rows[0].size() < 2) return Status::Ok();
  const std::string unknown = rows[0][0].value_or("");
  const std::string purged = rows[0][1].value_or("");
  const bool may_come = std::any_of(server.sources.begin(), server.sources.end(),
                                    [](const ReplicaState& source) { return source.is_running; });
  if (!unknown.empty() && may_come) {
    return Status::Transient(
        fmt::format("{} is a replica and has not yet got transactions {}, which {} has",
                    findings->place(), unknown, Whose(from_checkpoint)));
  }
  if (!unknown.empty()) {
    findings->Error(
        fmt::format("{} has transactions that the server does not know: {}; its log was reset, or "
                    "it was restored from a backup, or it is another server",
                    Whose(from_checkpoint), unknown),
        std::string(from_checkpoint ? kStartOver : kOtherPosition));
  }
  if (!purged.empty()) {
    findings->Error(
        fmt::format("the server has removed transactions from its binlog that come after {}: {}",
                    Whose(from_checkpoint), purged),
        std::string(from_checkpoint ? kKeepLonger : kOtherPosition));
  }
  return Status::Ok();
}

}  // namespace

Status CheckPosition(Connection* connection, const ServerView& server, const LogPosition& position,
                     bool from_checkpoint, FindingList* findings) {
  if (!position.gtids || server.is_mariadb) {
    CheckFile(server, position, from_checkpoint, findings);
    return Status::Ok();
  }
  if (server.has_gtids()) {
    return CheckSets(connection, server, *position.gtids, from_checkpoint, findings);
  }
  findings->Error(fmt::format("{} is a GTID set, and gtid_mode of the server is '{}'",
                              Whose(from_checkpoint), server.Variable("gtid_mode")),
                  "SET GLOBAL gtid_mode = ON again, or run the script with --fresh");
  return Status::Ok();
}

void CheckFile(const ServerView& server, const LogPosition& position, bool from_checkpoint,
               FindingList* findings) {
  if (position.file.empty() || server.logs.empty()) return;
  const auto log = std::find_if(server.logs.begin(), server.logs.end(), [&](const TextRow& one) {
    return LogFileName(one) == position.file;
  });
  const std::string first = LogFileName(server.logs.front());
  const std::string last = LogFileName(server.logs.back());
  if (log != server.logs.end()) {
    if (position.offset <= LogFileBytes(*log)) return;
    findings->Error(
        fmt::format("{} is at {}, and that file of the server has {} bytes only: its log was "
                    "reset, or it was restored from a backup, or it is another server",
                    Whose(from_checkpoint), position.ToString(), LogFileBytes(*log)),
        std::string(from_checkpoint ? kStartOver : kOtherPosition));
    return;
  }
  if (IsBefore(position, {first, 0, std::nullopt})) {
    findings->Error(fmt::format("{} is at {}, and the oldest binlog of the server is {}: the log "
                                "in between was removed",
                                Whose(from_checkpoint), position.ToString(), first),
                    std::string(from_checkpoint ? kKeepLonger : kOtherPosition));
    return;
  }
  findings->Error(
      fmt::format("{} is at {}, and the server has {} to {} only: its log was reset, or it was "
                  "restored from a backup, or it is another server",
                  Whose(from_checkpoint), position.ToString(), first, last),
      std::string(from_checkpoint ? kStartOver : kOtherPosition));
}

}  // namespace millrace::mysql
