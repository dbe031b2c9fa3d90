#include "connectors/mysql/binlog/visibility.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "base/units.h"

namespace millrace::mysql {
namespace {

constexpr int kTriesMax = 200;
constexpr int64_t kTryAgainMs = 5;
constexpr int kExactTriesMax = 50;
constexpr int kVisibleTimeoutSeconds = 30;

Result<bool> HasGtids(Session* session) {
  MR_ASSIGN_OR_RETURN(const auto mode, session->QueryValue("SELECT @@GLOBAL.gtid_mode"));
  return mode.value_or("OFF") == "ON";
}

// MySQL's end of the log at an instant at which no commit is under way.
Result<LogPosition> QuietLogEnd(Session* session) {
  const auto local = session->QueryValue("SELECT LOCAL FROM performance_schema.log_status");
  if (!local.ok()) {
    if (local.status().transient()) return local.status();
    return Status::Permanent(fmt::format(
        "a snapshot without locks needs to know what is visible: set gtid_mode=ON on the server, "
        "or GRANT "
        "BACKUP_ADMIN ON *.* and SELECT ON performance_schema.log_status to this user ({})",
        local.status().message()));
  }
  const auto json = nlohmann::json::parse(local->value_or(""), nullptr, false);
  if (!json.is_object() || !json.contains("binary_log_file") ||
      !json.contains("binary_log_position")) {
    return Status::Permanent("performance_schema.log_status of the server has no binlog position");
  }
  LogPosition position;
  position.file = json["binary_log_file"].get<std::string>();
  position.offset = json["binary_log_position"].get<uint64_t>();
  return position;
}

Result<LogPosition> OpenMariaView(Session* session, const LogPosition& visible,
                                  const Environment& environment) {
  for (int i = 0; i < kTriesMax; ++i) {
    MR_RETURN_IF_ERROR(session->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
    MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows,
                        session->Query("SHOW STATUS LIKE 'binlog_snapshot_%'"));
    LogPosition view;
    for (const TextRow& row : rows) {
      if (EqualsIgnoreCase(row[0].value_or(""), "binlog_snapshot_file"))
        view.file = row[1].value_or("");
      if (EqualsIgnoreCase(row[0].value_or(""), "binlog_snapshot_position")) {
        view.offset = static_cast<uint64_t>(ParseInteger(row[1].value_or("")).value_or(0));
      }
    }
    if (view.file.empty()) {
      return Status::Permanent("the MariaDB server does not tell binlog_snapshot_position");
    }
    if (!IsBefore(view, visible)) return view;
    MR_RETURN_IF_ERROR(session->Execute("COMMIT"));
    environment.clock->SleepMs(kTryAgainMs);
  }
  return Status::Transient("the server does not show what its binlog holds");
}

Status WaitUntilVisible(Session* session, const LogPosition& visible,
                        const Environment& environment) {
  if (visible.gtids) {
    MR_ASSIGN_OR_RETURN(
        const auto timed_out,
        session->QueryValue(fmt::format("SELECT WAIT_FOR_EXECUTED_GTID_SET('{}', {})",
                                        visible.gtids->ToString(), kVisibleTimeoutSeconds)));
    if (timed_out.value_or("0") == "0") return Status::Ok();
    return Status::Transient("the server does not show what its binlog holds");
  }
  for (int i = 0; i < kTriesMax; ++i) {
    MR_ASSIGN_OR_RETURN(const LogPosition end, QuietLogEnd(session));
    if (!IsBefore(end, visible)) return Status::Ok();
    environment.clock->SleepMs(kTryAgainMs);
  }
  return Status::Transient("the server does not show what its binlog holds");
}

// The log's end is the same before and after the view was opened: nothing came between.
Result<LogPosition> OpenExactView(Session* session, const LogPosition& visible,
                                  const Environment& environment) {
  for (int i = 0; i < kExactTriesMax; ++i) {
    const Result<LogPosition> before = QuietLogEnd(session);
    if (!before.ok()) break;
    MR_RETURN_IF_ERROR(session->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
    MR_ASSIGN_OR_RETURN(const LogPosition after, QuietLogEnd(session));
    if (!IsBefore(*before, after) && !IsBefore(after, *before)) return after;
    MR_RETURN_IF_ERROR(session->Execute("COMMIT"));
  }
  environment.log->Warning(
      "the exact place of the snapshot in the binlog is not known: changes made while it begins "
      "may be "
      "printed twice");
  MR_RETURN_IF_ERROR(session->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
  return visible;
}

}  // namespace

Result<LogPosition> PositionBeforeSnapshot(Session* session) {
  if (session->is_mariadb()) return CurrentLogEnd(session);
  MR_ASSIGN_OR_RETURN(const bool gtids, HasGtids(session));
  if (!gtids) return QuietLogEnd(session);
  // Executed transactions are visible; all others will come, because the dump starts after this
  // set.
  MR_ASSIGN_OR_RETURN(const auto executed, session->QueryValue("SELECT @@GLOBAL.gtid_executed"));
  std::optional<GtidSet> set = GtidSet::Parse(executed.value_or(""));
  if (!set || set->has_tags()) return QuietLogEnd(session);
  MR_ASSIGN_OR_RETURN(LogPosition position, CurrentLogEnd(session));
  position.gtids = std::move(set);
  return position;
}

Result<LogPosition> OpenReadView(Session* session, const LogPosition& visible, bool exact,
                                 const Environment& environment) {
  if (session->is_mariadb()) return OpenMariaView(session, visible, environment);
  MR_RETURN_IF_ERROR(WaitUntilVisible(session, visible, environment));
  if (exact) return OpenExactView(session, visible, environment);
  MR_RETURN_IF_ERROR(session->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT"));
  return visible;
}

}  // namespace millrace::mysql
