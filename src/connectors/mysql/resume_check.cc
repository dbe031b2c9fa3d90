#include "connectors/mysql/resume_check.h"

#include <fmt/format.h>

namespace millrace::mysql {
namespace {

bool HasGtids(const LogPosition& log) { return log.gtids && !log.gtids->has_tags(); }

Status WithoutGtids(const std::string& server, const std::string& identity,
                    const SourcePosition& start, bool of_several) {
  const bool fits = start.server == identity || (start.server.empty() && !of_several);
  if (fits) return Status::Ok();
  return Status::Permanent(fmt::format(
      "the checkpoint is at {} in the binlog of {}, and MySQL {} is {}: files and offsets are not "
      "the same on two servers, and the checkpoint has no GTID set of MySQL; put the 'hostname' of "
      "that server back, or run the script with --fresh",
      start.log.ToString(), start.server.empty() ? "an unknown server" : start.server, server,
      identity));
}

Result<std::string> Difference(Connection* connection, const std::string& set,
                               const std::string& without) {
  MR_ASSIGN_OR_RETURN(const auto rest, connection->QueryValue(fmt::format(
                                           "SELECT GTID_SUBTRACT({}, {})", set, without)));
  return rest.value_or("");
}

}  // namespace

Status CanResume(Connection* connection, const std::string& identity, const SourcePosition& start,
                 bool of_several) {
  const std::string server = connection->server();
  if (!HasGtids(start.log) || connection->is_mariadb()) {
    return WithoutGtids(server, identity, start, of_several);
  }
  if (!of_several) return Status::Ok();  // the preflight says what is wrong with the only one
  const std::string set = QuoteString(start.log.gtids->ToString());
  MR_ASSIGN_OR_RETURN(const std::string missing,
                      Difference(connection, set, "@@GLOBAL.gtid_executed"));
  if (!missing.empty()) {
    MR_ASSIGN_OR_RETURN(const auto uuid, connection->QueryValue("SELECT @@GLOBAL.server_uuid"));
    // What it has written itself and does not know any more will not come back.
    if (missing.find(uuid.value_or("?")) != std::string::npos) {
      return Status::Permanent(
          fmt::format("MySQL {} does not know transactions that the job has read from it ({}): it "
                      "was reset or restored; run the script with --fresh",
                      server, missing));
    }
    return Status::Transient(fmt::format(
        "MySQL {} has not executed all that the job has read ({} is missing)", server, missing));
  }
  MR_ASSIGN_OR_RETURN(const std::string purged,
                      Difference(connection, "@@GLOBAL.gtid_purged", set));
  if (purged.empty()) return Status::Ok();
  return Status::Permanent(
      fmt::format("MySQL {} no longer has the binlog with what the job needs ({}); run the script "
                  "with --fresh, "
                  "and keep binlogs longer",
                  server, purged));
}

void MoveTo(const std::string& identity, SourcePosition* position) {
  if (!HasGtids(position->log)) return;
  const bool is_other = !position->server.empty() && position->server != identity;
  if (is_other) position->log = LogPosition{"", LogPosition().offset, position->log.gtids};
}

}  // namespace millrace::mysql
