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

TableDecoders::TableDecoders(Config config) : config_(std::move(config)) {
  for (const Capture& capture : config_.captures) {
    readings_.push_back({capture, {}});
    captures_wait_ = captures_wait_ || capture.from;
  }
}

// Of those whose begin is reached, tables that are known by their ids may now be wanted.
void TableDecoders::BeginCaptures(const LogPosition& here) {
  captures_wait_ = false;
  for (Reading& reading : readings_) {
    std::optional<LogPosition>& from = reading.capture.from;
    if (from && IsBefore(*from, here)) {
      from.reset();
      by_id_.clear();
    }
    captures_wait_ = captures_wait_ || from;
  }
}

Result<TableHistory::Layout> TableDecoders::LayoutFor(const Capture& capture, const TableMap& map,
                                                      const LogPosition& here) const {
  const TableKey table(map.database, map.table);
  if (TableHistory::Layout known = capture.history->Find(table)) {
    // One that was learned from a map has no character set for columns without one: the next map
    // has.
    const bool is_from_map = known->charset.empty() && !known->is_sequence;
    std::optional<TableLayout> now = is_from_map ? LayoutOf(map, *config_.server) : std::nullopt;
    if (!now || now->columns == known->columns) return known;
    capture.history->Learn(table, std::move(*now));
    return capture.history->Find(table);
  }
  MR_ASSIGN_OR_RETURN(std::optional<TableLayout> layout, config_.describe(table, here));
  if (!layout) layout = LayoutOf(map, *config_.server);
  if (!layout) {
    const std::string why = capture.history->WhyUnknown(table);
    return Status::Permanent(fmt::format(
        "how the columns of table {}.{} stood here is not known{}, and the binlog does not have "
        "their names; SET "
        "GLOBAL binlog_row_metadata = 'FULL' helps from there on: run the script again with "
        "--fresh, or start "
        "later in the binlog",
        table.first, table.second,
        why.empty() ? ": it was altered or dropped since" : ": it was changed by " + why));
  }
  capture.history->Learn(table, std::move(*layout));
  return capture.history->Find(table);
}

Result<std::shared_ptr<RowImageDecoder>> TableDecoders::Make(
    const Capture& capture, const TableMap& map, const TableHistory::Layout& layout) const {
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
  MR_ASSIGN_OR_RETURN(RowLayout rows,
                      MakeLayout(described, *capture.request,
                                 {.checks_values = true,
                                  .null_columns = capture.history->NullColumns(table),
                                  .zero_dates = capture.zero_dates}));
  config_.log->Debug("reading changes of {}", described.FullName());
  MR_ASSIGN_OR_RETURN(std::unique_ptr<RowImageDecoder> decoder,
                      RowImageDecoder::Make(map, std::move(rows)));
  return std::shared_ptr<RowImageDecoder>(std::move(decoder));
}

Result<std::shared_ptr<RowImageDecoder>> TableDecoders::DecoderFor(const TableMap& map,
                                                                   const LogPosition& here,
                                                                   Reading* reading) const {
  const TableKey table(map.database, map.table);
  const Capture& capture = reading->capture;
  const bool is_new = capture.history->Find(table) == nullptr;
  if (is_new && IsSequence(map)) return std::shared_ptr<RowImageDecoder>();
  MR_ASSIGN_OR_RETURN(const TableHistory::Layout layout, LayoutFor(capture, map, here));
  KnownTable& known = reading->tables[table];
  if (known.layout != layout || !known.map.HasColumnsOf(map)) {
    known = {};
    if (!layout->is_sequence) {
      MR_ASSIGN_OR_RETURN(known.decoder, Make(capture, map, layout));
    }
    known.layout = layout;
    known.map = map;
  }
  return known.decoder;
}

Status TableDecoders::Add(const Event& table_map, const LogPosition& here) {
  if (captures_wait_) BeginCaptures(here);
  const std::optional<TableMapName> name = ParseTableMapName(table_map.body);
  if (!name) return Malformed();
  if (by_id_.contains(name->id)) return Status::Ok();
  const TableKey table(name->database, name->table);
  std::optional<TableMap> map;
  RowDecoders decoders;
  for (Reading& reading : readings_) {
    if (reading.capture.from || !reading.capture.history->IsCaptured(table)) continue;
    if (!map) map = ParseTableMap(table_map.body, config_.server->is_mariadb);
    if (!map) return Malformed();
    MR_ASSIGN_OR_RETURN(std::shared_ptr<RowImageDecoder> decoder, DecoderFor(*map, here, &reading));
    if (decoder != nullptr) decoders.push_back(std::move(decoder));
  }
  by_id_[name->id] = std::move(decoders);
  return Status::Ok();
}

const RowDecoders* TableDecoders::Find(uint64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

// All captures follow the statement, or none does: the position before it then fits all of them.
Status TableDecoders::Apply(const QueryText& statement, const LogPosition& here) {
  if (captures_wait_) BeginCaptures(here);
  MR_ASSIGN_OR_RETURN(const LoggedStatement logged, InContext(statement, *config_.server));
  applied_ = true;
  std::vector<std::pair<TableHistory*, TableHistory>> before;
  for (Reading& reading : readings_) {
    if (reading.capture.from) continue;
    TableHistory* const history = reading.capture.history;
    if (readings_.size() > 1) before.emplace_back(history, *history);
    const auto changed = history->Apply(logged, here);
    if (!changed.ok()) {
      for (auto& [applied, copy] : before) applied->GoBackTo(std::move(copy));
      return changed.status();
    }
    // A table may keep its id; what is read as NULL may have changed without its layout.
    for (const TableKey& table : *changed) reading.tables.erase(table);
    if (!changed->empty()) by_id_.clear();
  }
  return Status::Ok();
}

void TableDecoders::Trim() {
  if (by_id_.size() <= kTablesMax) return;
  for (Reading& reading : readings_) reading.tables.clear();
  by_id_.clear();
}

}  // namespace millrace::mysql
