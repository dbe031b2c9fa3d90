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
constexpr int kTriesForOthers = 10;  // to know the tables beside the captured ones, too
constexpr int kVisibleTriesMax = 200;
constexpr int64_t kVisibleAgainMs = 10;
// Beyond so many tables beside the captured ones in their databases, none of those is known.
constexpr size_t kOthersMax = 10'000;
// Stands for every table: the statement drops a database, or is not understood.
const TableKey kEveryTable;

}  // namespace

Result<TableFinder::LastChanges> TableFinder::ChangesBetween(const LogPosition& start,
                                                             const LogPosition& end,
                                                             const WantsTable& wants) const {
  LastChanges changes;
  const auto note = [&](const QueryText& statement, const LogPosition& here) {
    MR_ASSIGN_OR_RETURN(const LoggedStatement logged, InContext(statement, *config_.server));
    const auto parsed = ddl::Parse(logged.text, logged.dialect);
    if (!parsed.ok() || std::holds_alternative<ddl::DropDatabase>(*parsed)) {
      changes.perhaps_any_other = true;
      if (parsed.ok() || MayName(logged, wants)) changes.wanted[kEveryTable] = here;
      return Status::Ok();
    }
    for (const TableKey& table : TablesChangedBy(*parsed, logged)) {
      if (wants(table)) {
        changes.wanted[table] = here;
      } else {
        changes.others.insert(table);
      }
    }
    return Status::Ok();
  };
  MR_RETURN_IF_ERROR(SurveyLog(config_.log, start, end, config_.stopped, note));
  return changes;
}

// Until now. A position with GTIDs may have the offset of an end of the log that its set does not
// reach.
Result<TableFinder::LastChanges> TableFinder::ChangesSince(Connection* control,
                                                           const LogPosition& position,
                                                           const WantsTable& wants) const {
  MR_ASSIGN_OR_RETURN(const LogPosition end, CurrentLogEnd(control));
  LogPosition start = position;
  if (start.gtids) {
    MR_ASSIGN_OR_RETURN(const auto executed, control->QueryValue("SELECT @@GLOBAL.gtid_executed"));
    const std::optional<GtidSet> now = GtidSet::Parse(executed.value_or(""));
    const bool nothing_came = now && now->ToString() == start.gtids->ToString();
    start.offset = LogPosition().offset;
    if (nothing_came) start = end;
  }
  return ChangesBetween(start, end, wants);
}

// Tables that may be renamed to a captured name, or copied to one. False if some table changed
// meanwhile: then those that did are left out.
Result<bool> TableFinder::AddOthers(Connection* control, const Capture& capture,
                                    const LogPosition& position, TableCatalog* catalog) const {
  const auto is_captured = [&](const TableKey& table) { return capture.IsCaptured(table); };
  MR_ASSIGN_OR_RETURN(const std::vector<ServerTable> tables,
                      DescribeOthers(control, capture.databases, capture.tables, kOthersMax));
  if (tables.empty()) return true;
  MR_ASSIGN_OR_RETURN(const LastChanges changes, ChangesSince(control, position, is_captured));
  if (changes.perhaps_any_other) return false;
  MR_ASSIGN_OR_RETURN(std::vector<TableKey> again,
                      ListTables(control, capture.databases, NamePattern(".*")));
  std::erase_if(again, is_captured);
  std::vector<TableKey> described;
  for (const ServerTable& table : tables) {
    const TableKey& key = described.emplace_back(table.database, table.name);
    if (!changes.others.contains(key)) {
      catalog->Put({table.database, table.name}, *table.layout);
    }
  }
  return changes.wanted.empty() && changes.others.empty() && described == again;
}

// A table that is being replaced may be missing for a moment, before the log has a word of it.
Result<std::vector<FoundTables>> TableFinder::Find(Connection* control, const CaptureList& captures,
                                                   const LogPosition& position,
                                                   LastChanges* changes, bool* settled) const {
  std::vector<FoundTables> all;
  Status failure;
  *settled = true;
  for (const Capture* const capture : captures) {
    auto tables = Discover(control, capture->databases, capture->tables);
    if (!tables.ok() && tables.status().transient()) return tables.status();
    MR_ASSIGN_OR_RETURN(const std::vector<TableKey> names,
                        ListTables(control, capture->databases, capture->tables));
    std::vector<TableKey> described;
    for (size_t i = 0; tables.ok() && i < tables->size(); ++i) {
      described.emplace_back((*tables)[i].database, (*tables)[i].name);
    }
    *settled = *settled && names == described;
    if (!tables.ok()) {
      if (failure.ok()) failure = tables.status();
      continue;
    }
    FoundTables& found = all.emplace_back();
    found.position = position;
    found.tables = std::move(*tables);
  }
  MR_ASSIGN_OR_RETURN(*changes, ChangesSince(control, position, [&](const TableKey& table) {
    return std::any_of(captures.begin(), captures.end(),
                       [&](const Capture* capture) { return capture->IsCaptured(table); });
  }));
  MR_RETURN_IF_ERROR(failure);
  return all;
}

// Without tables.
Result<TableCatalog> TableFinder::MakeCatalog(Connection* control) const {
  TableCatalog catalog(config_.server->names_in_small_letters);
  MR_ASSIGN_OR_RETURN(const std::vector<TextRow> databases,
                      control->Query("SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME FROM "
                                     "information_schema.SCHEMATA"));
  for (const TextRow& row : databases)
    catalog.PutDatabase(row[0].value_or(""), CharsetNamed(row[1].value_or("")));
  return catalog;
}

void TableFinder::MakeHistory(const Capture& capture, TableCatalog catalog,
                              const LastChanges& changes, FoundTables* found) {
  std::vector<TableHistory::Later> later;
  const auto every = changes.wanted.find(kEveryTable);
  for (const ServerTable& table : found->tables) {
    const auto change = changes.wanted.find({table.database, table.name});
    const LogPosition* last = change == changes.wanted.end() ? nullptr : &change->second;
    if (every != changes.wanted.end() && (last == nullptr || IsBefore(*last, every->second)))
      last = &every->second;
    if (last == nullptr) {
      catalog.Put({table.database, table.name}, *table.layout);
    } else {
      later.push_back(
          {{table.database, table.name}, {last->file, last->offset, std::nullopt}, *table.layout});
    }
  }
  found->history =
      std::make_unique<TableHistory>(capture.HistoryConfig(), std::move(catalog), std::move(later));
}

Status TableFinder::NotSettled() const {
  if (config_.stopped()) return Status::Cancelled();
  return Status::Transient(
      fmt::format("captured tables were created, altered or dropped all the time while the job "
                  "began, in {} tries",
                  kTriesMax));
}

Result<std::vector<FoundTables>> TableFinder::FindNow(
    Connection* control, const CaptureList& captures,
    const std::function<Result<LogPosition>()>& now) const {
  for (int i = 0; i < kTriesMax && !config_.stopped(); ++i) {
    MR_ASSIGN_OR_RETURN(const LogPosition position, now());
    LastChanges changes;
    bool settled = true;
    auto found = Find(control, captures, position, &changes, &settled);
    const bool may_be_wrong = !settled || !changes.wanted.empty();
    const bool has_failed =
        !found.ok() && (found.status().transient() || !may_be_wrong || i >= kTriesAfterError);
    if (has_failed) return found;
    if (may_be_wrong) continue;
    bool all_known = true;
    for (size_t at = 0; at < captures.size(); ++at) {
      MR_ASSIGN_OR_RETURN(TableCatalog catalog, MakeCatalog(control));
      MR_ASSIGN_OR_RETURN(const bool known, AddOthers(control, *captures[at], position, &catalog));
      all_known = all_known && known;
      MakeHistory(*captures[at], std::move(catalog), changes, &(*found)[at]);
    }
    if (!all_known && i < kTriesForOthers) continue;
    return found;
  }
  return NotSettled();
}

Result<std::vector<FoundTables>> TableFinder::FindAt(Connection* control,
                                                     const CaptureList& captures,
                                                     const LogPosition& position) const {
  for (int i = 0; i < kTriesMax && !config_.stopped(); ++i) {
    LastChanges changes;
    bool settled = true;
    MR_ASSIGN_OR_RETURN(std::vector<FoundTables> found,
                        Find(control, captures, position, &changes, &settled));
    if (!settled) continue;
    for (size_t at = 0; at < captures.size(); ++at) {
      MR_ASSIGN_OR_RETURN(TableCatalog catalog, MakeCatalog(control));
      MakeHistory(*captures[at], std::move(catalog), changes, &found[at]);
    }
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
  const bool changed =
      std::any_of(changes.wanted.begin(), changes.wanted.end(),
                  [&](const auto& change) { return IsBefore(here, change.second); });
  return changed ? std::optional<TableLayout>() : std::optional<TableLayout>(*described->layout);
}

}  // namespace millrace::mysql
