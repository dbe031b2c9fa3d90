#include "connectors/mysql/preflight/table_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "connectors/mysql/preflight/column_rights.h"
#include "connectors/mysql/preflight/foreign_keys.h"
#include "connectors/mysql/preflight/server_checks.h"
#include "connectors/mysql/preflight/zone_check.h"
#include "connectors/mysql/schema/name_pattern.h"
#include "connectors/mysql/schema/row_layout.h"
#include "row/print.h"

namespace millrace::mysql {
namespace {

constexpr size_t kNamesMax = 3;
constexpr size_t kDateSize = 10;  // 2026-12-01
constexpr int64_t kMicroseconds = 1'000'000;
// Their rows are somewhere else, where changes are made that the server does not log.
constexpr std::string_view kForeignEngines[] = {"FEDERATED", "CONNECT", "SPIDER",
                                                "S3",        "SPHINX",  "OQGRAPH"};
constexpr std::string_view kMergeEngine = "MRG_MYISAM";
// Engines with read views.
constexpr std::string_view kVersionedEngines[] = {"INNODB", "ROCKSDB", "NDBCLUSTER", "TOKUDB"};

std::set<std::string> DatabasesOf(const std::vector<ServerTable>& tables) {
  std::set<std::string> databases;
  for (const ServerTable& table : tables) databases.insert(table.database);
  return databases;
}

bool IsOneOfEngines(const std::string& engine, std::span<const std::string_view> engines) {
  return std::find(engines.begin(), engines.end(), ToUpper(engine)) != engines.end();
}

void CheckUnknownColumns(const TableUse& use, const std::vector<ServerTable>& tables,
                         FindingList* findings) {
  for (const Column& column : use.request->schema.columns) {
    const bool found = !column.metadata_key.empty() ||
                       std::any_of(tables.begin(), tables.end(), [&](const ServerTable& table) {
                         return table.Find(column.name).has_value();
                       });
    if (found) continue;
    std::vector<std::string> names;
    for (const ServerColumn& other : tables[0].columns()) names.push_back(other.name);
    const std::string hint = DidYouMean(column.name, names);
    findings->Error(fmt::format("no MySQL table that matches table {} has a column {}",
                                Quoted(use.request->table), Quoted(column.name)),
                    hint.empty() ? "leave it out of CREATE TABLE" : hint);
  }
}

// Adds a finding, and in the end how many there were beyond the first ones.
class Limited final {
 public:
  explicit Limited(FindingList* findings) : findings_(*findings) {}
  void Error(std::string what, std::string remedy) {
    if (++count_ <= kFindingsOfKindMax) findings_.Error(std::move(what), std::move(remedy));
  }
  void Finish(std::string_view what) {
    if (count_ <= kFindingsOfKindMax) return;
    findings_.Error(fmt::format("{} more {}", count_ - kFindingsOfKindMax, what), "");
  }

 private:
  FindingList& findings_;
  size_t count_ = 0;
};

}  // namespace

std::string SomeNames(const std::vector<std::string>& names) {
  const size_t shown = std::min(names.size(), kNamesMax);
  std::string text = Join(std::span(names).subspan(0, shown), ", ");
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

void CheckDeclaredColumns(const TableUse& use, const std::vector<ServerTable>& tables,
                          FindingList* findings) {
  // Of a job that goes on, the tables may have changed since its position, and the log says how.
  if (use.from_checkpoint || tables.empty()) return;
  CheckUnknownColumns(use, tables, findings);
  Limited errors(findings);
  std::set<const TableLayout*> seen;  // tables that are alike share theirs
  for (const ServerTable& table : tables) {
    if (!seen.insert(table.layout.get()).second) continue;
    SourceRequest one = *use.request;
    for (const uint32_t column : use.request->columns) {
      one.columns = {column};
      const auto layout = MakeLayout(table, one);
      if (!layout.ok()) errors.Error(layout.status().message(), "");
    }
  }
  errors.Finish("columns have types that their declared ones cannot hold");
  for (const ServerTable& table : tables) {
    const Status versioning = CheckVersioning(table);
    if (!versioning.ok()) findings->Error(versioning.message(), "");
  }
}

void CheckKeys(const TableUse& use, const std::vector<ServerTable>& tables, FindingList* findings) {
  if (!use.snapshot_ahead || !use.request->keyed_target) return;
  std::vector<std::string> names;
  const ServerTable* first = nullptr;
  for (const ServerTable& table : tables) {
    if (!table.key.empty()) continue;
    if (first == nullptr) first = &table;
    names.push_back(table.FullName());
  }
  if (names.empty()) return;
  findings->Warning(
      fmt::format("{} {} no key without NULLs: the snapshot reads such a table as a whole on one "
                  "connection, and from its beginning if the job is stopped in it",
                  SomeNames(names), names.size() == 1 ? "has" : "have"),
      fmt::format("ALTER TABLE {} ADD PRIMARY KEY (...)", first->Quoted()));
}

Status CheckEngines(Connection* connection, const TableUse& use,
                    const std::vector<ServerTable>& tables, FindingList* findings) {
  const NamePattern databases(use.config->database_pattern);
  const NamePattern names(use.config->table_pattern);
  std::vector<std::string> quoted;
  for (const std::string& database : DatabasesOf(tables)) quoted.push_back(QuoteString(database));
  MR_ASSIGN_OR_RETURN(
      const std::vector<TextRow> rows,
      connection->Query(fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE FROM "
                                    "information_schema.TABLES WHERE TABLE_SCHEMA IN ({}) AND "
                                    "(ENGINE IS NULL OR ENGINE <> 'InnoDB')",
                                    Join(quoted, ", "))));
  std::vector<std::string> views;
  std::vector<std::string> foreign;
  std::vector<std::string> merged;
  std::vector<std::string> unversioned;
  for (const TextRow& row : rows) {
    const std::string database = row[0].value_or("");
    const std::string name = row[1].value_or("");
    const std::string full_name = FullName({database, name});
    const std::string type = row[2].value_or("");
    if (!databases.Matches(database) || !names.Matches(name)) continue;
    if (type.find("VIEW") != std::string::npos) {
      views.push_back(full_name);
    } else if (!row[3]) {
      if (type != "SEQUENCE") {
        findings->Error(fmt::format("the server cannot open table {}", full_name),
                        fmt::format("CHECK TABLE {} says why; repair it, or leave it out of "
                                    "'table-name'",
                                    full_name));
      }
    } else if (IsOneOfEngines(*row[3], kForeignEngines)) {
      foreign.push_back(fmt::format("{} ({})", full_name, *row[3]));
    } else if (ToUpper(*row[3]) == kMergeEngine) {
      merged.push_back(full_name);
    } else if (type != "SEQUENCE" && !IsOneOfEngines(*row[3], kVersionedEngines)) {
      unversioned.push_back(fmt::format("{} ({})", full_name, *row[3]));
    }
  }
  constexpr std::string_view kLeaveOut = "leave them out of 'table-name'";
  if (!views.empty()) {
    findings->Warning(fmt::format("views are not captured: {}", SomeNames(views)),
                      "capture the tables that they read");
  }
  if (!foreign.empty()) {
    findings->Warning(
        fmt::format("the rows of {} are kept elsewhere: changes that are made there are not in the "
                    "binlog of this server",
                    SomeNames(foreign)),
        std::string(kLeaveOut));
  }
  if (!merged.empty()) {
    findings->Warning(
        fmt::format("{} shows the rows of other tables: changes that are made in those are not in "
                    "the binlog under this name",
                    SomeNames(merged)),
        "capture the tables of its UNION");
  }
  if (!unversioned.empty() && use.snapshot_ahead && !use.request->keyed_target) {
    findings->Warning(
        fmt::format("{} has no read views: changes that are made while the snapshot reads it may "
                    "come twice to a target without a key",
                    SomeNames(unversioned)),
        "ALTER TABLE ... ENGINE = InnoDB");
  }
  return Status::Ok();
}

Status CheckZone(Connection* connection, const TableUse& use,
                 const std::vector<ServerTable>& tables, int64_t now_s, FindingList* findings) {
  std::set<std::string> columns;  // "a (shop.orders)"
  std::set<const TableLayout*> seen;
  for (const ServerTable& table : tables) {
    if (!seen.insert(table.layout.get()).second) continue;
    for (const uint32_t index : use.request->columns) {
      const Column& column = use.request->schema.columns[index];
      const bool in_zone = column.type.kind == TypeKind::kTimestamp || column.type.is_text();
      const auto found = table.Find(column.name);
      if (!column.metadata_key.empty() || !in_zone || !found) continue;
      if (table.columns()[*found].type != ColumnType::kTimestamp) continue;
      columns.insert(fmt::format("{}.{}", table.FullName(), column.name));
    }
  }
  if (columns.empty()) return Status::Ok();
  MR_ASSIGN_OR_RETURN(const auto difference,
                      CompareZones(connection, use.config->server_zone, now_s));
  if (!difference) return Status::Ok();
  const std::string named = SomeNames({columns.begin(), columns.end()});
  const std::string offsets = fmt::format("{} and {}", OffsetText(difference->server_offset_s),
                                          OffsetText(difference->option_offset_s));
  if (difference->is_current) {
    findings->Error(
        fmt::format("the server is in time zone {} and 'server-time-zone' of table {} is another "
                    "one (offsets {}): the TIMESTAMP column(s) {} would be read as other times "
                    "than the server shows",
                    difference->server_zone, Quoted(use.request->table), offsets, named),
        fmt::format("write 'server-time-zone' with the zone of the server, such as its name or "
                    "'{}', or declare such columns as TIMESTAMP_LTZ",
                    OffsetText(difference->server_offset_s)));
    return Status::Ok();
  }
  char text[kCellTextMax];
  const size_t date_size =
      std::min(PrintTimestamp(text, difference->moment_s * kMicroseconds, 0), kDateSize);
  findings->Warning(
      fmt::format(
          "the server's time zone {} and the 'server-time-zone' of table {} agree now but "
          "did not always (last about {}, offsets {}): values of the TIMESTAMP column(s) {} "
          "that are as old would be read as other times than the server shows",
          difference->server_zone, Quoted(use.request->table), std::string_view(text, date_size),
          offsets, named),
      "write 'server-time-zone' with the name of the server's zone, such as 'Europe/Berlin'");
  return Status::Ok();
}

Status CheckTables(Connection* connection, const ServerView& server, const TableUse& use,
                   const std::vector<ServerTable>& tables, int64_t now_s, FindingList* findings) {
  if (tables.empty()) return Status::Ok();
  MR_RETURN_IF_ERROR(CheckColumnRights(connection, server, use, tables, findings));
  CheckDeclaredColumns(use, tables, findings);
  CheckKeys(use, tables, findings);
  MR_RETURN_IF_ERROR(CheckEngines(connection, use, tables, findings));
  MR_RETURN_IF_ERROR(CheckZone(connection, use, tables, now_s, findings));
  CheckLogFilters(server, DatabasesOf(tables), findings);
  if (use.config->bounded) return Status::Ok();
  return CheckForeignKeys(connection, server, use, tables, findings);
}

}  // namespace millrace::mysql
