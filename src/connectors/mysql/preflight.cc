#include "connectors/mysql/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "connectors/mysql/binlog/visibility.h"
#include "connectors/mysql/connections.h"
#include "connectors/mysql/preflight/position_checks.h"
#include "connectors/mysql/preflight/purge_danger.h"
#include "connectors/mysql/preflight/server_checks.h"
#include "connectors/mysql/preflight/table_checks.h"
#include "connectors/mysql/schema/name_pattern.h"

namespace millrace::mysql {
namespace {

// Of a preflight without a job, whose user waits for the answer.
constexpr int64_t kLookTimeoutMs = 15'000;

constexpr int64_t kXaWaitMs = 5'000;
constexpr int64_t kXaPollMs = 50;

using Names = std::set<std::string>;

constexpr int64_t kMsPerSecond = 1'000;
constexpr std::string_view kNextLine = "\n  - ";

std::string OneLine(const Finding& finding) {
  return finding.remedy.empty() ? finding.what : finding.what + ": " + finding.remedy;
}

Result<Names> PreparedXa(Connection* connection) {
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> rows, connection->Query("XA RECOVER"));
  Names names;
  for (const TextRow& row : rows) names.insert(row.back().value_or(""));
  return names;
}

}  // namespace

Preflight::Preflight(Connection* connection, std::vector<PreflightSubject> subjects,
                     const Environment& environment)
    : connection_(*connection),
      subjects_(std::move(subjects)),
      environment_(environment),
      findings_("MySQL " + connection->server()) {}

Status Preflight::LookAtServer() {
  MR_ASSIGN_OR_RETURN(server_, ReadServerView(&connection_));
  for (const PreflightSubject& subject : subjects_) {
    mysql::CheckServer(server_, *subject.config, subject.SnapshotAhead(), &findings_);
    MR_RETURN_IF_ERROR(LookAtPosition(subject));
  }
  return Status::Ok();
}

Status Preflight::LookAtPosition(const PreflightSubject& subject) {
  if (subject.start != nullptr) {
    return CheckPosition(&connection_, server_, subject.start->log, /*from_checkpoint=*/true,
                         &findings_);
  }
  if (subject.config->mode != StartMode::kSpecific) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const LogPosition start, StartPosition(&connection_, *subject.config));
  return CheckPosition(&connection_, server_, start, /*from_checkpoint=*/false, &findings_);
}

Status Preflight::CheckTables(size_t subject, const std::vector<ServerTable>& tables) {
  const PreflightSubject& one = subjects_[subject];
  const TableUse use{one.request, one.config, one.start != nullptr, one.SnapshotAhead()};
  return mysql::CheckTables(&connection_, server_, use, tables,
                            environment_.clock->WallMs() / kMsPerSecond, &findings_);
}

Status Preflight::LookAtTables() {
  for (size_t i = 0; i < subjects_.size(); ++i) {
    const SourceConfig& config = *subjects_[i].config;
    const auto tables = Discover(&connection_, NamePattern(config.database_pattern),
                                 NamePattern(config.table_pattern));
    if (tables.ok()) {
      MR_RETURN_IF_ERROR(CheckTables(i, *tables));
      continue;
    }
    if (tables.status().code() != StatusCode::kPermanent) return tables.status();
    // Of a job that goes on, the tables are those of the checkpoint.
    if (subjects_[i].start == nullptr) findings_.Error(tables.status().message(), "");
  }
  return Status::Ok();
}

Status Preflight::Errors() const {
  std::vector<std::string> errors;
  for (const Finding& finding : findings_.findings()) {
    if (finding.severity == Severity::kError) errors.push_back(OneLine(finding));
  }
  if (errors.empty()) return Status::Ok();
  const std::string_view before = errors.size() == 1 ? " " : kNextLine;
  return Status::Permanent(fmt::format("{} is not ready to be read:{}{}", findings_.place(), before,
                                       Join(errors, kNextLine)));
}

Status Preflight::CheckServer() {
  MR_RETURN_IF_ERROR(LookAtServer());
  if (!findings_.has_errors()) return Status::Ok();
  MR_RETURN_IF_ERROR(LookAtTables());
  return Errors();
}

Status Preflight::Report() const {
  for (const Finding& finding : findings_.findings()) {
    if (finding.severity != Severity::kWarning) continue;
    environment_.log->Warning("{}: {}", finding.place, OneLine(finding));
  }
  return Errors();
}

Status Preflight::Explain(const Status& failure) {
  if (failure.code() != StatusCode::kPermanent) return failure;
  const bool looked = LookAtTables().ok();
  return looked && findings_.has_errors() ? Errors() : failure;
}

Result<std::vector<Finding>> Preflight::Look() {
  MR_RETURN_IF_ERROR(LookAtServer());
  MR_RETURN_IF_ERROR(LookAtTables());
  return findings_.findings();
}

Result<std::vector<Finding>> CheckSource(const SourceRequest& request, const Position& position,
                                         const Environment& environment) {
  SourceConfig config = ReadConfig(*request.options);
  Endpoint& endpoint = config.endpoint;
  endpoint.connect_timeout_ms = std::min(endpoint.connect_timeout_ms, kLookTimeoutMs);
  endpoint.read_timeout_ms = std::min(endpoint.read_timeout_ms, kLookTimeoutMs);
  std::optional<SourcePosition> start;
  if (!position.empty()) {
    MR_ASSIGN_OR_RETURN(start, SourcePosition::Parse(position));
  }
  Connections connections;
  const auto fits = [](Connection*) { return Status::Ok(); };
  MR_ASSIGN_OR_RETURN(Connection* const connection,
                      connections.OpenFirst(endpoint, config.servers, fits, environment.log));
  Preflight preflight(connection, {{&request, &config, start ? &*start : nullptr}}, environment);
  MR_ASSIGN_OR_RETURN(std::vector<Finding> findings, preflight.Look());
  if (!start || start->log.file.empty()) return findings;
  const auto danger = PurgeDanger(connections.At(endpoint), connection, start->log.file);
  if (danger.ok() && !danger->empty()) {
    findings.push_back(
        {Severity::kWarning, "MySQL " + connection->server(), *danger, std::string(kKeepLogs)});
  }
  return findings;
}

Result<LogPosition> StartPosition(Connection* connection, const SourceConfig& config) {
  switch (config.mode) {
    case StartMode::kEarliest: {
      MR_ASSIGN_OR_RETURN(const std::vector<TextRow> logs, connection->Query("SHOW BINARY LOGS"));
      LogPosition position;
      if (!logs.empty()) position.file = logs[0][0].value_or("");
      return position;
    }
    case StartMode::kSpecific: {
      LogPosition position;
      position.file = config.start_file;
      position.offset = config.start_offset;
      position.gtids = config.start_gtids;
      return position;
    }
    case StartMode::kLatest:
      return CurrentLogEnd(connection);
    default:
      return PositionBeforeSnapshot(connection);
  }
}

Status WaitForPreparedXa(Connection* connection, const Environment& environment) {
  const Result<Names> first = PreparedXa(connection);
  if (!first.ok()) {
    if (first.status().transient()) return first.status();
    environment.log->Info(
        "prepared XA transactions cannot be listed ({}); if there is one that commits later, its "
        "rows "
        "are missed",
        first.status().message());
    return Status::Ok();
  }
  Names waiting = *first;
  const int64_t end_ms = environment.clock->NowMs() + kXaWaitMs;
  while (!waiting.empty() && environment.clock->NowMs() < end_ms) {
    environment.clock->SleepMs(kXaPollMs);
    MR_ASSIGN_OR_RETURN(const Names now, PreparedXa(connection));
    Names still;
    std::set_intersection(waiting.begin(), waiting.end(), now.begin(), now.end(),
                          std::inserter(still, still.end()));
    waiting = std::move(still);
  }
  if (waiting.empty()) return Status::Ok();
  return Status::Transient(fmt::format(
      "{} XA transaction(s) are prepared, and their rows would be missed; end them, the first with "
      "XA COMMIT '{}' or XA ROLLBACK",
      waiting.size(), *waiting.begin()));
}

}  // namespace millrace::mysql
