#include "runtime/checkpoint.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/quote.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr int kVersion = 2;
constexpr std::string_view kPrefix = "chk-";
constexpr std::string_view kSuffix = ".json";
constexpr size_t kDifferencesShown = 10;

// A job's name as the name of a folder: what a path cannot hold is written as %2F, so that two jobs
// never share one.
std::string FolderName(const std::string& job) {
  std::string name;
  for (const char c : job) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || (c == '.' && !name.empty()) || c == ' ' ||
                       static_cast<unsigned char>(c) >= 0x80;
    if (plain) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return name.empty() ? "%" : name;
}

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

bool IsArrayOfStrings(const Json& json) {
  const std::span<const Json> items = json.items();
  return json.is_array() &&
         std::all_of(items.begin(), items.end(), [](const Json& item) { return item.is_string(); });
}

// What a file must hold besides its version, whatever plan it belongs to.
bool IsComplete(const Json& file) {
  const auto is_source = [](const Json& source) { return source.Has("position"); };
  const auto is_sink = [](const Json& sink) {
    return sink["table"].is_string() && sink.Has("token") && sink["rows"].AsInt();
  };
  const std::span<const Json> sources = file["sources"].items();
  const std::span<const Json> sinks = file["sinks"].items();
  return file["checkpoint"].AsUint() && file["fingerprint"].is_string() &&
         IsArrayOfStrings(file["plan"]) && std::all_of(sources.begin(), sources.end(), is_source) &&
         std::all_of(sinks.begin(), sinks.end(), is_sink);
}

std::string Differences(const std::vector<std::string>& before,
                        const std::vector<std::string>& now) {
  std::string text;
  size_t shown = 0;
  const auto add = [&](const char* sign, const std::vector<std::string>& lines,
                       const std::vector<std::string>& others) {
    for (const std::string& line : lines) {
      if (std::find(others.begin(), others.end(), line) != others.end()) continue;
      if (shown++ < kDifferencesShown) text += fmt::format("\n  {} {}", sign, line);
    }
  };
  add("-", before, now);
  add("+", now, before);
  return text;
}

template <typename Items>
std::vector<std::string> TableNames(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(item.table.name);
  return names;
}

}  // namespace

std::string CheckpointFolder(const Plan& plan) {
  if (!plan.checkpoint_dir.empty()) return plan.checkpoint_dir;
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state != '\0') return std::string(state) + "/millrace";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.local/state/millrace";
}

CheckpointStore::CheckpointStore(Files* files, Clock* clock, const Plan& plan)
    : files_(files),
      clock_(clock),
      job_(plan.job),
      folder_(CheckpointFolder(plan) + "/" + FolderName(plan.job)),
      retained_(static_cast<size_t>(plan.checkpoints_retained)),
      sources_(TableNames(plan.sources)),
      sinks_(TableNames(plan.sinks)),
      fingerprint_(Fingerprint(plan)),
      fingerprint_lines_(FingerprintLines(plan)) {}

std::string CheckpointStore::PathOf(uint64_t number) const {
  return fmt::format("{}/{}{}{}", folder_, kPrefix, number, kSuffix);
}

Status CheckpointStore::Lock() {
  auto lock = files_->Lock(folder_ + "/lock");
  if (!lock.ok()) {
    const std::string_view advice =
        lock.status().transient()
            ? "a job runs in one process at a time, give this one another 'pipeline.name'"
            : "'execution.checkpointing.dir' names the folder of checkpoints";
    return Status::Permanent(fmt::format("job {} cannot be started: {}; {}", Quoted(job_),
                                         lock.status().message(), advice));
  }
  lock_ = std::move(*lock);
  return Status::Ok();
}

Result<std::vector<uint64_t>> CheckpointStore::Numbers() const {
  MR_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->List(folder_));
  std::vector<uint64_t> numbers;
  for (const std::string& name : names) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const auto number = ParseInteger(std::string_view(name).substr(
        kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size()));
    if (number && *number > 0) numbers.push_back(static_cast<uint64_t>(*number));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<Json> CheckpointStore::Read(uint64_t number, bool check_plan) const {
  const std::string path = PathOf(number);
  MR_ASSIGN_OR_RETURN(const std::string text, files_->Read(path));
  const Result<Json> json = Json::Parse(text);
  const auto damaged = [&](std::string_view what) {
    return Status::Permanent(
        fmt::format("checkpoint file {} is damaged ({}); remove it to go on from the checkpoint "
                    "before it (rows since then are loaded again), or start from nothing with "
                    "--fresh",
                    path, what));
  };
  if (!json.ok() || !json->is_object()) return damaged("it is not JSON");
  const Json& file = *json;
  if (const auto version = file["version"].AsInt(); version && *version != kVersion) {
    return Status::Permanent(fmt::format("checkpoint file {} has version {}, this program reads {}",
                                         path, *version, kVersion));
  }
  for (const char* key : {"version", "checkpoint", "fingerprint", "plan", "sources", "sinks"}) {
    if (!file.Has(key)) return damaged(fmt::format("\"{}\" is missing", key));
  }
  if (!IsComplete(file)) return damaged("a value is missing or of the wrong kind");
  if (file["checkpoint"].AsUint() != number) {
    return damaged("its name does not fit the checkpoint in it");
  }
  if (!check_plan) return file;
  if (file["fingerprint"].AsString() != fingerprint_) {
    std::vector<std::string> lines;
    for (const Json& line : file["plan"].items()) lines.push_back(line.AsString().value_or(""));
    return Status::Permanent(fmt::format(
        "the plan of job {} no longer fits its checkpoint {}:{}\nStart from nothing with "
        "--fresh, or give the new plan another 'pipeline.name'",
        Quoted(job_), path, Differences(lines, fingerprint_lines_)));
  }
  if (file["sources"].items().size() != sources_.size() ||
      file["sinks"].items().size() != sinks_.size()) {
    return damaged("it has another number of sources or sinks than its plan");
  }
  return file;
}

Result<std::optional<Checkpoint>> CheckpointStore::Latest() const {
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  if (numbers.empty()) return std::optional<Checkpoint>();
  MR_ASSIGN_OR_RETURN(const Json json, Read(numbers.back(), true));
  Checkpoint checkpoint;
  checkpoint.number = numbers.back();
  for (const Json& source : json["sources"].items()) {
    checkpoint.positions.push_back(PositionFrom(source["position"]));
  }
  for (const Json& sink : json["sinks"].items()) {
    checkpoint.tokens.push_back(TokenFrom(sink["token"]));
    checkpoint.rows.push_back(sink["rows"].AsInt().value_or(0));
  }
  return std::optional<Checkpoint>(std::move(checkpoint));
}

Status CheckpointStore::Write(const Checkpoint& checkpoint) {
  const std::time_t now = clock_->WallMs() / 1000;
  Json sources = Json::Array();
  for (size_t i = 0; i < sources_.size(); ++i) {
    sources.Append(
        Json::Object({{"table", sources_[i]}, {"position", ToJson(checkpoint.positions[i])}}));
  }
  Json sinks = Json::Array();
  for (size_t i = 0; i < sinks_.size(); ++i) {
    sinks.Append(Json::Object({{"table", sinks_[i]},
                               {"token", ToJson(checkpoint.tokens[i])},
                               {"rows", checkpoint.rows[i]}}));
  }
  const Json json = Json::Object({{"version", kVersion},
                                  {"job", job_},
                                  {"checkpoint", checkpoint.number},
                                  {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
                                  {"sources", std::move(sources)},
                                  {"sinks", std::move(sinks)},
                                  {"fingerprint", fingerprint_},
                                  {"plan", Json::ArrayOf(fingerprint_lines_)}});
  MR_RETURN_IF_ERROR(
      files_->WriteAtomically(PathOf(checkpoint.number), json.ToIndentedText() + "\n"));
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  for (size_t i = 0; i + retained_ < numbers.size(); ++i) {
    MR_RETURN_IF_ERROR(files_->Remove(PathOf(numbers[i])));
  }
  return Status::Ok();
}

Result<Checkpoint> CheckpointStore::StartOver() {
  Checkpoint checkpoint;
  checkpoint.positions.resize(sources_.size());
  checkpoint.tokens.resize(sinks_.size());
  checkpoint.rows.resize(sinks_.size());
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  if (numbers.empty()) return checkpoint;
  const Result<Json> newest = Read(numbers.back(), false);
  if (newest.ok()) {  // else it is damaged or of another version: nothing can be known
    for (const Json& sink : (*newest)["sinks"].items()) {
      const auto at = std::find(sinks_.begin(), sinks_.end(), sink["table"].AsString());
      if (at != sinks_.end()) {
        checkpoint.tokens[static_cast<size_t>(at - sinks_.begin())] = TokenFrom(sink["token"]);
      }
    }
  }
  checkpoint.number = numbers.back() + 1;
  MR_RETURN_IF_ERROR(Write(checkpoint));
  return checkpoint;
}

}  // namespace millrace
