#include "connectors/mysql/binlog/table_decoders.h"

#include <fmt/format.h>

#include "connectors/mysql/binlog/statement_context.h"
#include "connectors/mysql/binlog/table_map_layout.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kSequenceColumn = "next_not_cached_value";  // the first of MariaDB's
constexpr size_t kTablesMax = 100'000;                                 // ids kept at a time

Status Malformed() { return Status::Permanent("a TABLE_MAP event is malformed"); }

bool IsSequence(const TableMap& map) {
  return !map.extras.names.empty() && map.extras.names.front() == kSequenceColumn;
}

}  // namespace

Result<TableHistory::Layout> TableDecoders::LayoutFor(const TableMap& map,
                                                      const LogPosition& here) {
  const TableKey table(map.database, map.table);
  if (TableHistory::Layout known = config_.history->Find(table)) {
    // One that was learned from a map has no character set for columns without one: the next map
    // has.
    const bool is_from_map = known->charset.empty() && !known->is_sequence;
    std::optional<TableLayout> now = is_from_map ? LayoutOf(map, *config_.server) : std::nullopt;
    if (!now || now->columns == known->columns) return known;
    config_.history->Learn(table, std::move(*now));
    return config_.history->Find(table);
  }
  MR_ASSIGN_OR_RETURN(std::optional<TableLayout> layout, config_.describe(table, here));
  if (!layout) layout = LayoutOf(map, *config_.server);
  if (!layout) {
    const std::string why = config_.history->WhyUnknown(table);
    return Status::Permanent(fmt::format(
        "how the columns of table {}.{} stood here is not known{}, and the binlog does not have "
        "their names; SET "
        "GLOBAL binlog_row_metadata = 'FULL' helps from there on: run the script again with "
        "--fresh, or start "
        "later in the binlog",
        table.first, table.second,
        why.empty() ? ": it was altered or dropped since" : ": it was changed by " + why));
  }
  config_.history->Learn(table, std::move(*layout));
  return config_.history->Find(table);
}

Result<std::shared_ptr<RowImageDecoder>> TableDecoders::Make(
    const TableMap& map, const TableHistory::Layout& layout) const {
  const TableKey table(map.database, map.table);
  const Status fits = CheckTableMap(map, *layout, *config_.server);
  if (!fits.ok()) {
    return Status::Permanent(
        fmt::format("the rows of table {}.{} are not those of the table that is known from the "
                    "statements before: {}; run "
                    "the script again with --fresh",
                    table.first, table.second, fits.message()));
  }
  const ServerTable described(map.database, map.table, layout);
  MR_ASSIGN_OR_RETURN(
      RowLayout rows,
      MakeLayout(described, *config_.request,
                 {.checks_values = true, .null_columns = config_.history->NullColumns(table)}));
  config_.log->Debug("reading changes of {}", described.FullName());
  MR_ASSIGN_OR_RETURN(std::unique_ptr<RowImageDecoder> decoder,
                      RowImageDecoder::Make(map, std::move(rows)));
  return std::shared_ptr<RowImageDecoder>(std::move(decoder));
}

Status TableDecoders::Add(const Event& table_map, const LogPosition& here) {
  const std::optional<TableMapName> name = ParseTableMapName(table_map.body);
  if (!name) return Malformed();
  if (by_id_.contains(name->id)) return Status::Ok();
  if (!config_.history->IsCaptured({std::string(name->database), std::string(name->table)})) {
    by_id_[name->id] = nullptr;
    return Status::Ok();
  }
  std::optional<TableMap> map = ParseTableMap(table_map.body, config_.server->is_mariadb);
  if (!map) return Malformed();
  const bool is_new = config_.history->Find({map->database, map->table}) == nullptr;
  if (is_new && IsSequence(*map)) {
    by_id_[map->id] = nullptr;
    return Status::Ok();
  }
  MR_ASSIGN_OR_RETURN(const TableHistory::Layout layout, LayoutFor(*map, here));
  KnownTable& known = by_name_[{map->database, map->table}];
  if (known.layout != layout || !known.map.HasColumnsOf(*map)) {
    known = {};
    if (!layout->is_sequence) {
      MR_ASSIGN_OR_RETURN(known.decoder, Make(*map, layout));
    }
    known.layout = layout;
    known.map = *map;
  }
  by_id_[map->id] = known.decoder;
  return Status::Ok();
}

std::optional<RowImageDecoder*> TableDecoders::Find(uint64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second.get());
}

// A table may keep its id; what is read as NULL may have changed without its layout.
Status TableDecoders::Apply(const QueryText& statement, const LogPosition& here) {
  MR_ASSIGN_OR_RETURN(const LoggedStatement logged, InContext(statement, *config_.server));
  MR_ASSIGN_OR_RETURN(const std::vector<TableKey> changed, config_.history->Apply(logged, here));
  for (const TableKey& table : changed) by_name_.erase(table);
  if (!changed.empty()) by_id_.clear();
  return Status::Ok();
}

void TableDecoders::Trim() {
  if (by_id_.size() <= kTablesMax) return;
  by_name_.clear();
  by_id_.clear();
}

}  // namespace millrace::mysql
