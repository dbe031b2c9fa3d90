#include "connectors/mysql/position.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "connectors/mysql/schema/name_run.h"

namespace millrace::mysql {
namespace {

constexpr std::string_view kDone = "done";
constexpr std::string_view kNew = "new";
constexpr std::string_view kSnapshot = "snapshot";
constexpr std::string_view kStreaming = "streaming";

Json ToJson(const TablePosition& table) {
  if (table.done) return Json(kDone);
  if (!table.next && table.after.empty()) return Json(kNew);
  Json json = Json::Object();
  if (table.next) {
    json.Set("next", KeyNumberJson(*table.next));
  } else {
    json.Set("after", Json::ArrayOf(table.after));
  }
  if (!table.by.empty()) json.Set("by", Json(table.by));
  return json;
}

// False if it is none.
bool ParseTable(const Json& json, TablePosition* table) {
  if (json.is_string()) {
    table->done = json.AsString() == kDone;
    return table->done || json.AsString() == kNew;
  }
  table->by = json["by"].AsString().value_or("");
  if (json.Has("next")) {
    table->next = KeyNumberFrom(json["next"]);
    return table->next.has_value();
  }
  for (const Json& literal : json["after"].items()) {
    std::optional<std::string> text = literal.AsString();
    if (!text) return false;
    table->after.push_back(std::move(*text));
  }
  return !table->after.empty();
}

std::optional<LogPosition> ParseLog(const Json& json) {
  const std::optional<std::string> file = json["file"].AsString();
  const std::optional<uint64_t> offset = json["offset"].AsUint();
  if (!file || !offset) return std::nullopt;
  LogPosition log;
  log.file = *file;
  log.offset = *offset;
  if (!json.Has("gtids")) return log;
  const std::optional<std::string> gtids = json["gtids"].AsString();
  if (gtids) log.gtids = GtidSet::Parse(*gtids);
  return log.gtids ? std::optional(log) : std::nullopt;
}

Status Malformed(std::string_view what) {
  return Status::Permanent(
      fmt::format("the checkpoint holds a position that is not one of a mysql-cdc table: {}; run "
                  "the script with --fresh to start with a new snapshot",
                  what));
}

}  // namespace

Position SourcePosition::ToPosition(std::shared_ptr<const Json> shared) const {
  Json json = Json::Object({{"file", Json(log.file)}, {"offset", Json(log.offset)}});
  if (log.gtids) json.Set("gtids", Json(log.gtids->ToString()));
  if (!server.empty()) json.Set("server", Json(server));
  json.Set("phase", Json(streaming ? kStreaming : kSnapshot));
  if (!emptied.empty()) {
    Json tables_of_no_rows = Json::Array();
    for (const TableKey& table : emptied) {
      tables_of_no_rows.Append(
          Json::Object({{"database", Json(table.first)}, {"table", Json(table.second)}}));
    }
    json.Set("emptied", std::move(tables_of_no_rows));
  }
  if (streaming) return Position(std::move(json), std::move(shared));
  std::map<std::string_view, std::vector<std::string>> alike;
  std::vector<Json::Member> entries;
  for (const auto& [name, table] : tables) {
    if (table.done || table == TablePosition()) {
      alike[table.done ? kDone : kNew].push_back(name);
    } else {
      entries.push_back({name, ToJson(table)});
    }
  }
  std::vector<Json::Member> runs;
  for (auto& [state, names] : alike) {
    for (const NameRun& run : TakeRuns(&names)) runs.push_back({run.ToText(), Json(state)});
    for (std::string& name : names) entries.push_back({std::move(name), Json(state)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  json.Set("tables", Json::Object(std::move(entries)));
  if (!runs.empty()) json.Set("runs", Json::Object(std::move(runs)));
  json.Set("rows_read", Json(rows_read));
  return Position(std::move(json), std::move(shared));
}

Result<SourcePosition> SourcePosition::Parse(const Position& position) {
  const Json json = position.json();
  SourcePosition parsed;
  parsed.history = json["history"];
  std::optional<LogPosition> log = ParseLog(json);
  if (!log) return Malformed("it names no file and offset of a binlog");
  parsed.log = std::move(*log);
  parsed.server = json["server"].AsString().value_or("");
  for (const Json& item : json["emptied"].items()) {
    const auto database = item["database"].AsString();
    const auto table = item["table"].AsString();
    if (!database || !table) return Malformed("one of the emptied tables has no name");
    parsed.emptied.emplace(*database, *table);
  }
  const std::optional<std::string> phase = json["phase"].AsString();
  parsed.streaming = phase == kStreaming;
  if (parsed.streaming) return parsed;
  if (phase != kSnapshot || !json["tables"].is_object()) {
    return Malformed("it names neither the tables of a snapshot nor the phase streaming");
  }
  for (const auto& [name, entry] : json["tables"].members()) {
    if (ParseTable(entry, &parsed.tables[name])) continue;
    return Malformed(fmt::format("table {} has the state {}", name, entry.ToText()));
  }
  for (const auto& [text, entry] : json["runs"].members()) {
    const std::optional<NameRun> run = NameRun::Parse(text);
    TablePosition table;
    if (!run || !ParseTable(entry, &table)) {
      return Malformed(fmt::format("tables {} are no run", text));
    }
    for (const std::string& name : run->Names()) parsed.tables[name] = table;
  }
  if (!json.Has("rows_read")) return parsed;  // written by an earlier release
  const std::optional<int64_t> rows_read = json["rows_read"].AsInt();
  if (!rows_read || *rows_read < 0) return Malformed("rows_read is not a number of rows");
  parsed.rows_read = *rows_read;
  return parsed;
}

}  // namespace millrace::mysql
