#include "connectors/mysql/binlog/table_decoders.h"

#include <fmt/format.h>

#include <set>

#include "base/ascii.h"
#include "connectors/mysql/binlog/logged_statement.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kSequenceColumn = "next_not_cached_value";  // the first of MariaDB's
constexpr size_t kTablesMax = 100'000;                                 // ids kept at a time

Status Malformed() { return Status::Permanent("a TABLE_MAP event is malformed"); }

}  // namespace

TableDecoders::TableDecoders(const SourceRequest* request, const NamePattern* databases,
                             const NamePattern* tables, DescribeTable describe, Log* log)
    : request_(request),
      databases_(databases),
      tables_(tables),
      describe_(std::move(describe)),
      log_(log) {}

bool TableDecoders::IsCaptured(std::string_view database, std::string_view table) const {
  return databases_->Matches(std::string(database)) && tables_->Matches(std::string(table));
}

Result<std::unique_ptr<RowImageDecoder>> TableDecoders::Make(const TableMap& map) const {
  MR_ASSIGN_OR_RETURN(const std::optional<ServerTable> table, describe_(map.database, map.table));
  // One that was dropped since is known by its columns, if the log has their names.
  const bool is_sequence = table ? table->layout->is_sequence
                                 : !map.names.empty() && map.names.front() == kSequenceColumn;
  if (is_sequence) return std::unique_ptr<RowImageDecoder>();
  if (!table) {
    return Status::Permanent(fmt::format(
        "table {}.{} was dropped while its changes were still to be read; run the script again "
        "with --fresh",
        map.database, map.table));
  }
  MR_ASSIGN_OR_RETURN(RowLayout layout, MakeLayout(*table, *request_));
  log_->Debug("reading changes of {}", table->FullName());
  return RowImageDecoder::Make(map, std::move(layout));
}

Status TableDecoders::Add(const Event& table_map) {
  const std::optional<TableMapName> name = ParseTableMapName(table_map.body);
  if (!name) return Malformed();
  if (by_id_.contains(name->id)) return Status::Ok();
  if (!IsCaptured(name->database, name->table)) {
    by_id_[name->id] = nullptr;
    return Status::Ok();
  }
  const std::optional<TableMap> map = ParseTableMap(table_map.body);
  if (!map) return Malformed();
  const auto known = by_name_.find(std::pair(map->database, map->table));
  if (known != by_name_.end() && known->second.map.HasColumnsOf(*map)) {
    by_id_[map->id] = known->second.decoder;
    return Status::Ok();
  }
  MR_ASSIGN_OR_RETURN(std::shared_ptr<RowImageDecoder> decoder, Make(*map));
  by_id_[map->id] = decoder;
  by_name_[{map->database, map->table}] = {*map, std::move(decoder)};
  return Status::Ok();
}

std::optional<RowImageDecoder*> TableDecoders::Find(uint64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second.get());
}

void TableDecoders::ForgetTablesIn(std::string_view statement) {
  std::set<std::string> words;
  for (const std::string& word : WordsOf(statement)) words.insert(ToLower(word));
  const auto is_named = [&](const std::string& table) { return words.contains(ToLower(table)); };
  std::erase_if(by_name_, [&](const auto& entry) { return is_named(entry.first.second); });
  std::erase_if(by_id_, [&](const auto& entry) {
    return entry.second != nullptr && is_named(entry.second->layout().table.name);
  });
}

void TableDecoders::Trim() {
  if (by_id_.size() <= kTablesMax) return;
  by_name_.clear();
  by_id_.clear();
}

}  // namespace millrace::mysql
