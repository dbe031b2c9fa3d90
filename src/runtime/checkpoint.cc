#include "runtime/checkpoint.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/json.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr std::string_view kPrefix = "chk-";
constexpr std::string_view kSuffix = ".json";

// JSON inside of JSON stays readable; anything else is kept as text.
Json ToJson(const std::string& token) {
  Result<Json> json = Json::Parse(token);
  return json.ok() && json->is_object() ? std::move(*json) : Json(token);
}

std::string TokenFrom(const Json& json) {
  const std::optional<std::string> text = json.AsString();
  return text ? *text : json.ToText();
}

Json ToJson(const Position& position) { return position.empty() ? Json("") : position.json(); }

Position PositionFrom(const Json& json) { return json == Json("") ? Position() : Position(json); }

Status Damaged(std::string_view what) { return Status::Permanent(std::string(what)); }

Status WrongValue() { return Damaged("a value is missing or of the wrong kind"); }

Status ReadSources(const Json& sources, CheckpointFile* file) {
  for (const Json& source : sources.items()) {
    if (!source.Has("position")) return WrongValue();
    file->source_tables.push_back(source["table"].AsString().value_or(""));
    file->checkpoint.positions.push_back(PositionFrom(source["position"]));
  }
  return Status::Ok();
}

Status ReadSinks(const Json& sinks, CheckpointFile* file) {
  for (const Json& sink : sinks.items()) {
    const std::optional<std::string> table = sink["table"].AsString();
    const std::optional<int64_t> rows = sink["rows"].AsInt();
    if (!table || !rows || !sink.Has("token")) return WrongValue();
    file->sink_tables.push_back(*table);
    file->checkpoint.tokens.push_back(TokenFrom(sink["token"]));
    file->checkpoint.rows.push_back(*rows);
  }
  return Status::Ok();
}

}  // namespace

bool Checkpoint::from_the_start() const {
  return std::all_of(positions.begin(), positions.end(),
                     [](const Position& position) { return position.empty(); });
}

int64_t Checkpoint::rows_in_all() const {
  return std::accumulate(rows.begin(), rows.end(), int64_t{0});
}

std::string CheckpointText(const CheckpointFile& file) {
  const Checkpoint& checkpoint = file.checkpoint;
  const std::time_t time = file.wall_ms / 1000;
  Json sources = Json::Array();
  for (size_t i = 0; i < file.source_tables.size(); ++i) {
    sources.Append(Json::Object(
        {{"table", file.source_tables[i]}, {"position", ToJson(checkpoint.positions[i])}}));
  }
  Json sinks = Json::Array();
  for (size_t i = 0; i < file.sink_tables.size(); ++i) {
    sinks.Append(Json::Object({{"table", file.sink_tables[i]},
                               {"token", ToJson(checkpoint.tokens[i])},
                               {"rows", checkpoint.rows[i]}}));
  }
  const Json json = Json::Object({{"version", file.version},
                                  {"job", file.job},
                                  {"checkpoint", checkpoint.number},
                                  {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time))},
                                  {"sources", std::move(sources)},
                                  {"sinks", std::move(sinks)},
                                  {"fingerprint", file.fingerprint},
                                  {"plan", Json::ArrayOf(file.plan)}});
  return json.ToIndentedText() + "\n";
}

Result<CheckpointFile> ParseCheckpoint(std::string_view text) {
  const Result<Json> parsed = Json::Parse(text);
  if (!parsed.ok() || !parsed->is_object()) return Damaged("it is not JSON");
  const Json& json = *parsed;
  // First, since a file of another version may have other members.
  CheckpointFile file;
  file.version = json["version"].AsInt().value_or(kCheckpointVersion);
  if (file.version != kCheckpointVersion) return file;
  for (const char* key : {"version", "checkpoint", "fingerprint", "plan", "sources", "sinks"}) {
    if (!json.Has(key)) return Damaged(fmt::format("\"{}\" is missing", key));
  }
  const std::optional<uint64_t> number = json["checkpoint"].AsUint();
  const std::optional<std::string> fingerprint = json["fingerprint"].AsString();
  if (!json["version"].AsInt() || !number || !fingerprint) return WrongValue();
  file.job = json["job"].AsString().value_or("");
  file.checkpoint.number = *number;
  file.fingerprint = *fingerprint;
  for (const Json& line : json["plan"].items()) {
    if (!line.is_string()) return WrongValue();
    file.plan.push_back(*line.AsString());
  }
  MR_RETURN_IF_ERROR(ReadSources(json["sources"], &file));
  MR_RETURN_IF_ERROR(ReadSinks(json["sinks"], &file));
  return file;
}

std::string CheckpointFileName(uint64_t number) {
  return fmt::format("{}{}{}", kPrefix, number, kSuffix);
}

std::optional<uint64_t> CheckpointNumber(std::string_view file_name) {
  if (!file_name.starts_with(kPrefix) || !file_name.ends_with(kSuffix)) return std::nullopt;
  file_name.remove_prefix(kPrefix.size());
  file_name.remove_suffix(std::min(kSuffix.size(), file_name.size()));
  const std::optional<int64_t> number = ParseInteger(file_name);
  if (!number || *number <= 0) return std::nullopt;
  return static_cast<uint64_t>(*number);
}

}  // namespace millrace
