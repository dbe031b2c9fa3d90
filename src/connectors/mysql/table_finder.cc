#include "connectors/mysql/table_finder.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/mysql/binlog/log_survey.h"
#include "connectors/mysql/binlog/statement_context.h"
#include "connectors/mysql/ddl/parser.h"
#include "connectors/mysql/schema/charset_name.h"

namespace millrace::mysql {
namespace {

constexpr int kTriesMax = 50;
constexpr int kTriesAfterError = 3;
constexpr int kVisibleTriesMax = 200;
constexpr int64_t kVisibleAgainMs = 10;
// Stands for every table: the statement drops a database, or is not understood.
const TableKey kEveryTable;

// The tables that a statement may have changed.
Result<std::vector<TableKey>> Changed(const QueryText& query, const ServerFacts& server,
                                      const WantsTable& wants) {
  MR_ASSIGN_OR_RETURN(const LoggedStatement logged, InContext(query, server));
  const auto parsed = ddl::Parse(logged.text, logged.dialect);
  if (!parsed.ok()) {
    if (!MayName(logged, wants)) return std::vector<TableKey>();
    return std::vector<TableKey>{kEveryTable};
  }
  if (std::holds_alternative<ddl::DropDatabase>(*parsed)) return std::vector<TableKey>{kEveryTable};
  return TablesChangedBy(*parsed, logged);
}

}  // namespace

Result<TableFinder::LastChanges> TableFinder::ChangesBetween(const LogPosition& start,
                                                             const LogPosition& end,
                                                             const WantsTable& wants) const {
  LastChanges changes;
  MR_RETURN_IF_ERROR(SurveyLog(config_.log, start, end, config_.stopped,
                               [&](const QueryText& statement, const LogPosition& here) {
                                 MR_ASSIGN_OR_RETURN(const std::vector<TableKey> tables,
                                                     Changed(statement, *config_.server, wants));
                                 for (const TableKey& table : tables) {
                                   if (table == kEveryTable || wants(table)) changes[table] = here;
                                 }
                                 return Status::Ok();
                               }));
  return changes;
}

// A table that is being replaced may be missing for a moment, before the log has a word of it.
Result<FoundTables> TableFinder::Find(Connection* control, const LogPosition& position,
                                      LastChanges* changes, bool* settled) const {
  auto tables = Discover(control, *config_.history.databases, *config_.history.tables);
  if (!tables.ok() && tables.status().transient()) return tables.status();
  MR_ASSIGN_OR_RETURN(const std::vector<TableKey> names,
                      ListTables(control, *config_.history.databases, *config_.history.tables));
  MR_ASSIGN_OR_RETURN(const LogPosition end, CurrentLogEnd(control));
  // A position with GTIDs may have the offset of an end of the log that its set does not reach.
  LogPosition start = position;
  if (start.gtids) {
    MR_ASSIGN_OR_RETURN(const auto executed, control->QueryValue("SELECT @@GLOBAL.gtid_executed"));
    const std::optional<GtidSet> now = GtidSet::Parse(executed.value_or(""));
    const bool nothing_came = now && now->ToString() == start.gtids->ToString();
    start.offset = LogPosition().offset;
    if (nothing_came) start = end;
  }
  MR_ASSIGN_OR_RETURN(*changes, ChangesBetween(start, end, [this](const TableKey& table) {
    return config_.history.IsCaptured(table);
  }));
  std::vector<TableKey> described;
  for (size_t i = 0; tables.ok() && i < tables->size(); ++i) {
    described.emplace_back((*tables)[i].database, (*tables)[i].name);
  }
  *settled = names == described;
  if (!tables.ok()) return tables.status();
  FoundTables found;
  found.position = position;
  found.tables = std::move(*tables);
  return found;
}

Status TableFinder::MakeHistory(Connection* control, const LastChanges& changes,
                                FoundTables* found) const {
  TableCatalog catalog(config_.server->names_in_small_letters);
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> databases,
                      control->Query("SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME FROM "
                                     "information_schema.SCHEMATA"));
  for (const TextRow& row : databases)
    catalog.PutDatabase(row[0].value_or(""), CharsetNamed(row[1].value_or("")));
  std::vector<TableHistory::Later> later;
  const auto every = changes.find(kEveryTable);
  for (const ServerTable& table : found->tables) {
    const auto change = changes.find({table.database, table.name});
    const LogPosition* last = change == changes.end() ? nullptr : &change->second;
    if (every != changes.end() && (last == nullptr || IsBefore(*last, every->second)))
      last = &every->second;
    if (last == nullptr) {
      catalog.Put({table.database, table.name}, *table.layout);
    } else {
      later.push_back(
          {{table.database, table.name}, {last->file, last->offset, std::nullopt}, *table.layout});
    }
  }
  found->history =
      std::make_unique<TableHistory>(config_.history, std::move(catalog), std::move(later));
  return Status::Ok();
}

Status TableFinder::NotSettled() const {
  if (config_.stopped()) return Status::Cancelled();
  return Status::Transient(
      fmt::format("captured tables were created, altered or dropped all the time while the job "
                  "began, in {} tries",
                  kTriesMax));
}

Result<FoundTables> TableFinder::FindNow(Connection* control,
                                         const std::function<Result<LogPosition>()>& now) const {
  for (int i = 0; i < kTriesMax && !config_.stopped(); ++i) {
    MR_ASSIGN_OR_RETURN(const LogPosition position, now());
    LastChanges changes;
    bool settled = true;
    auto found = Find(control, position, &changes, &settled);
    const bool may_be_wrong = !settled || !changes.empty();
    const bool has_failed =
        !found.ok() && (found.status().transient() || !may_be_wrong || i >= kTriesAfterError);
    if (has_failed) return found;
    if (may_be_wrong) continue;
    MR_RETURN_IF_ERROR(MakeHistory(control, changes, &*found));
    return found;
  }
  return NotSettled();
}

Result<FoundTables> TableFinder::FindAt(Connection* control, const LogPosition& position) const {
  for (int i = 0; i < kTriesMax && !config_.stopped(); ++i) {
    LastChanges changes;
    bool settled = true;
    MR_ASSIGN_OR_RETURN(FoundTables found, Find(control, position, &changes, &settled));
    if (!settled) continue;
    MR_RETURN_IF_ERROR(MakeHistory(control, changes, &found));
    return found;
  }
  return NotSettled();
}

// MySQL sends the rows of CREATE TABLE ... SELECT a moment before others can see the table.
Result<std::optional<TableLayout>> TableFinder::DescribeAt(Connection* control,
                                                           const TableKey& table,
                                                           const LogPosition& position,
                                                           const LogPosition& here) const {
  std::optional<ServerTable> described;
  for (int i = 0; i < kVisibleTriesMax && !described; ++i) {
    if (config_.stopped()) return Status::Cancelled();
    if (i > 0) config_.log.environment.clock->SleepMs(kVisibleAgainMs);
    MR_ASSIGN_OR_RETURN(described, Describe(control, table.first, table.second));
  }
  if (!described) return std::optional<TableLayout>();
  MR_ASSIGN_OR_RETURN(const LogPosition end, CurrentLogEnd(control));
  MR_ASSIGN_OR_RETURN(
      const LastChanges changes,
      ChangesBetween(position, end, [&](const TableKey& one) { return one == table; }));
  const bool changed = std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
    return IsBefore(here, change.second);
  });
  return changed ? std::optional<TableLayout>() : std::optional<TableLayout>(*described->layout);
}

}  // namespace millrace::mysql
