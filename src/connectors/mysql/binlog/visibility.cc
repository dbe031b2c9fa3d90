#include "connectors/mysql/binlog/visibility.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/json.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr int kTriesMax = 200;
constexpr int64_t kTryAgainMs = 5;
constexpr int kExactTriesMax = 50;
constexpr int kVisibleTimeoutSeconds = 30;

Status NotVisible(int64_t seconds) {
  return Status::Transient(
      fmt::format("transactions in the binlog did not become visible within {} s", seconds));
}

Result<bool> HasGtids(Connection* connection) {
  MR_ASSIGN_OR_RETURN(const auto mode, connection->QueryValue("SELECT @@GLOBAL.gtid_mode"));
  return mode.value_or("OFF") == "ON";
}

// MySQL's end of the log at an instant at which no commit is under way; with its GTID set, if that
// is asked for and can be read.
Result<LogPosition> QuietLogEnd(Connection* connection, bool with_gtids = false) {
  const auto local = connection->QueryValue("SELECT LOCAL FROM performance_schema.log_status");
  if (!local.ok()) {
    if (local.status().transient()) return local.status();
    return Status::Permanent(fmt::format(
        "a lock-free snapshot needs a consistent position: set gtid_mode=ON on the server, or "
        "GRANT "
        "BACKUP_ADMIN ON *.* and SELECT ON performance_schema.log_status to this user ({})",
        local.status().message()));
  }
  MR_ASSIGN_OR_RETURN(const Json json, Json::Parse(local->value_or("")));
  const auto file = json["binary_log_file"].AsString();
  const auto offset = json["binary_log_position"].AsUint();
  if (!file || !offset) {
    return Status::Permanent("performance_schema.log_status of the server has no binlog position");
  }
  LogPosition position{*file, *offset, std::nullopt};
  const auto gtids = json["gtid_executed"].AsString();
  if (with_gtids && gtids) position.gtids = GtidSet::Parse(*gtids);
  return position;
}

Result<LogPosition> OpenMariaView(Connection* connection, const LogPosition& visible,
                                  const Environment& environment) {
  for (int i = 0; i < kTriesMax; ++i) {
    MR_RETURN_IF_ERROR(connection->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
    MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                        connection->Query("SHOW STATUS LIKE 'binlog_snapshot_%'"));
    LogPosition view;
    for (const TextRow& row : rows) {
      if (EqualsIgnoreCase(row[0].value_or(""), "binlog_snapshot_file"))
        view.file = row[1].value_or("");
      if (EqualsIgnoreCase(row[0].value_or(""), "binlog_snapshot_position")) {
        view.offset = static_cast<uint64_t>(ParseInteger(row[1].value_or("")).value_or(0));
      }
    }
    if (view.file.empty()) {
      return Status::Permanent("MariaDB did not report binlog_snapshot_position");
    }
    if (!IsBefore(view, visible)) return view;
    MR_RETURN_IF_ERROR(connection->Execute("COMMIT"));
    environment.clock->SleepMs(kTryAgainMs);
  }
  return NotVisible(kTriesMax * kTryAgainMs / 1000);
}

Status WaitUntilVisible(Connection* connection, const LogPosition& visible,
                        const Environment& environment) {
  if (visible.gtids) {
    MR_ASSIGN_OR_RETURN(
        const auto timed_out,
        connection->QueryValue(fmt::format("SELECT WAIT_FOR_EXECUTED_GTID_SET('{}', {})",
                                           visible.gtids->ToString(), kVisibleTimeoutSeconds)));
    if (timed_out.value_or("0") == "0") return Status::Ok();
    return NotVisible(kVisibleTimeoutSeconds);
  }
  for (int i = 0; i < kTriesMax; ++i) {
    MR_ASSIGN_OR_RETURN(const LogPosition end, QuietLogEnd(connection));
    if (!IsBefore(end, visible)) return Status::Ok();
    environment.clock->SleepMs(kTryAgainMs);
  }
  return NotVisible(kTriesMax * kTryAgainMs / 1000);
}

// The log's end is the same before and after the view was opened: nothing came between.
Result<LogPosition> OpenExactView(Connection* connection, const LogPosition& visible,
                                  const Environment& environment) {
  for (int i = 0; i < kExactTriesMax; ++i) {
    const Result<LogPosition> before = QuietLogEnd(connection);
    if (!before.ok()) break;
    MR_RETURN_IF_ERROR(connection->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
    MR_ASSIGN_OR_RETURN(const LogPosition after, QuietLogEnd(connection));
    if (!IsBefore(*before, after) && !IsBefore(after, *before)) return after;
    MR_RETURN_IF_ERROR(connection->Execute("COMMIT"));
  }
  environment.log->Warning(
      "the exact binlog position of the snapshot is not known: changes made while it begins may be "
      "printed twice");
  MR_RETURN_IF_ERROR(connection->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
  return visible;
}

}  // namespace

Result<LogPosition> PositionBeforeSnapshot(Connection* connection) {
  if (connection->is_mariadb()) return CurrentLogEnd(connection);
  MR_ASSIGN_OR_RETURN(const bool gtids, HasGtids(connection));
  if (!gtids) return QuietLogEnd(connection);
  // Executed transactions are visible; all others will come, because the dump starts after this
  // set. Only at a quiet instant are they just those after the offset, which the read views are
  // compared with; a user who may not ask for one is warned when they are opened.
  Result<LogPosition> quiet = QuietLogEnd(connection, /*with_gtids=*/true);
  if (quiet.ok() && quiet->gtids && !quiet->gtids->has_tags()) return quiet;
  MR_ASSIGN_OR_RETURN(const auto executed, connection->QueryValue("SELECT @@GLOBAL.gtid_executed"));
  std::optional<GtidSet> set = GtidSet::Parse(executed.value_or(""));
  if (!set || set->has_tags()) return QuietLogEnd(connection);
  MR_ASSIGN_OR_RETURN(LogPosition position, CurrentLogEnd(connection));
  position.gtids = std::move(set);
  return position;
}

Result<LogPosition> OpenReadView(Connection* connection, const LogPosition& visible, bool exact,
                                 const Environment& environment) {
  if (connection->is_mariadb()) return OpenMariaView(connection, visible, environment);
  MR_RETURN_IF_ERROR(WaitUntilVisible(connection, visible, environment));
  if (exact) return OpenExactView(connection, visible, environment);
  MR_RETURN_IF_ERROR(connection->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
  return visible;
}

}  // namespace millrace::mysql
