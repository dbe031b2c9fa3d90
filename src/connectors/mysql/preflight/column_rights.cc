#include "connectors/mysql/preflight/column_rights.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/ascii.h"
#include "base/quote.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kDenials[] = {"(error 1142)", "(error 1143)", "(error 1044)"};

// Whether a SELECT of these columns is refused for want of a right; other failures are not ours.
Result<bool> IsDenied(Connection* connection, const ServerTable& table,
                      const std::string& columns) {
  const auto rows =
      connection->Query(fmt::format("SELECT {} FROM {} LIMIT 0", columns, table.Quoted()));
  if (rows.ok()) return false;
  if (rows.status().code() != StatusCode::kPermanent) return rows.status();
  const std::string& message = rows.status().message();
  return std::any_of(std::begin(kDenials), std::end(kDenials), [&](std::string_view denial) {
    return message.find(denial) != std::string::npos;
  });
}

// Declared columns that the source reads, whether the table shows them or not, and, for a snapshot,
// those of the key.
std::vector<std::string> NeededColumns(const TableUse& use, const ServerTable& table) {
  std::vector<std::string> names;
  for (const uint32_t index : use.request->columns) {
    const Column& column = use.request->schema.columns[index];
    if (column.metadata_key.empty()) names.push_back(column.name);
  }
  for (const uint32_t index : table.key) {
    const std::string& name = table.columns()[index].name;
    const bool is_there = std::any_of(names.begin(), names.end(), [&](const std::string& other) {
      return IsSameName(other, name);
    });
    if (!is_there) names.push_back(name);
  }
  return names;
}

std::string QuotedList(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(QuoteIdentifier(name));
  return Join(quoted, ", ");
}

// The needed ones among them that may not be read. A table that hides columns does not say which
// of them exist.
Result<std::vector<std::string>> DeniedColumns(Connection* connection, const TableUse& use,
                                               const ServerTable& table, bool hides_columns) {
  std::vector<std::string> denied;
  for (const std::string& name : NeededColumns(use, table)) {
    if (!table.Find(name) && !hides_columns) continue;
    MR_ASSIGN_OR_RETURN(const bool is_denied, IsDenied(connection, table, QuoteIdentifier(name)));
    if (is_denied) denied.push_back(name);
  }
  return denied;
}

Status CheckTable(Connection* connection, const ServerView& server, const TableUse& use,
                  const ServerTable& table, FindingList* findings) {
  MR_ASSIGN_OR_RETURN(const bool some_denied, IsDenied(connection, table, "*"));
  if (!some_denied) return Status::Ok();
  const bool hides_columns =
      !server.grants || !server.grants->ShowAllColumns({table.database, table.name});
  if (use.snapshot_ahead) {
    MR_ASSIGN_OR_RETURN(const std::vector<std::string> denied,
                        DeniedColumns(connection, use, table, hides_columns));
    if (!denied.empty()) {
      findings->Error(fmt::format("{} may not read the column(s) {} of table {}, or they do not "
                                  "exist",
                                  server.user, Join(denied, ", "), table.FullName()),
                      fmt::format("GRANT SELECT ({}) ON {} TO {}", QuotedList(denied),
                                  table.Quoted(), server.user));
    }
  }
  if (!hides_columns) return Status::Ok();  // also the rounds of a snapshot read the log
  findings->Error(
      fmt::format("{} does not see all columns of table {}, and the binlog has rows with all of "
                  "them: SELECT is given on single columns",
                  server.user, table.FullName()),
      fmt::format("GRANT SELECT ON {0} TO {1}; or, so that the other columns can be seen and not "
                  "read, GRANT REFERENCES ON {0} TO {1}",
                  table.Quoted(), server.user));
  return Status::Ok();
}

}  // namespace

Status CheckColumnRights(Connection* connection, const ServerView& server, const TableUse& use,
                         const std::vector<ServerTable>& tables, FindingList* findings) {
  size_t checked = 0;
  for (const ServerTable& table : tables) {
    const bool may_read_all =
        server.grants && server.grants->OnTable("SELECT", {table.database, table.name});
    if (may_read_all) continue;
    const size_t before = findings->findings().size();
    MR_RETURN_IF_ERROR(CheckTable(connection, server, use, table, findings));
    if (findings->findings().size() == before || ++checked < kFindingsOfKindMax) continue;
    findings->Error("more tables may have columns that the user may not read or see", "");
    break;
  }
  return Status::Ok();
}

}  // namespace millrace::mysql
