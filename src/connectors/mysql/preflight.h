// What is checked on the server before the first row is read: the server and its log, the rights of
// the user, the position from which a job goes on, and the tables as they are declared. All
// findings come in one report, each with the statement or setting that mends it: an error stops the
// job, warnings are logged. Also where a job without a checkpoint starts.
#pragma once

#include <optional>
#include <vector>

#include "base/status.h"
#include "connectors/connector.h"
#include "connectors/mysql/binlog/log_position.h"
#include "connectors/mysql/options.h"
#include "connectors/mysql/position.h"
#include "connectors/mysql/preflight/finding_list.h"
#include "connectors/mysql/preflight/server_view.h"
#include "connectors/mysql/schema/server_table.h"
#include "connectors/mysql/wire/connection.h"

namespace millrace::mysql {

// One of the tables of a script that are read from a server.
struct PreflightSubject {
  const SourceRequest* request = nullptr;
  const SourceConfig* config = nullptr;
  const SourcePosition* start = nullptr;  // of the checkpoint; null: there is none

  bool SnapshotAhead() const {
    return start == nullptr ? config->with_snapshot : !start->streaming;
  }
};

// One look at a server, for all subjects that are read from it together. A job, which describes its
// tables anyway, calls CheckServer, then CheckTables for each subject and Report or, if it could
// not find the tables, Explain.
class Preflight final {
 public:
  // What is passed outlives this. There is at least one subject.
  Preflight(Connection* connection, std::vector<PreflightSubject> subjects,
            const Environment& environment);

  // Permanent error, with all that is wrong with the tables too, if the server cannot be read.
  Status CheckServer();
  // What is found is kept for Report.
  Status CheckTables(size_t subject, const std::vector<ServerTable>& tables);
  // Logs all warnings; permanent error with all errors.
  Status Report() const;
  // Why the tables were not found: all errors there are, else `failure` itself.
  Status Explain(const Status& failure);

  // Everything, without a word in the log.
  Result<std::vector<Finding>> Look();

 private:
  Status LookAtServer();
  Status LookAtPosition(const PreflightSubject& subject);
  Status LookAtTables();
  Status Errors() const;

  Connection& connection_;
  const std::vector<PreflightSubject> subjects_;
  const Environment environment_;
  ServerView server_;
  FindingList findings_;
};

// Connector::check_source.
Result<std::vector<Finding>> CheckSource(const SourceRequest& request, const Position& position,
                                         const Environment& environment);

// Where a job without a checkpoint starts in the binlog.
Result<LogPosition> StartPosition(Connection* connection, const SourceConfig& config);

// Waits for the end of the XA transactions that are prepared now: their rows are before the start
// of the job in the binlog, and no query shows them yet, so the job would miss them. Transient
// error naming them if that takes long.
Status WaitForPreparedXa(Connection* connection, const Environment& environment);

}  // namespace millrace::mysql
