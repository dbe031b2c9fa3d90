#include "runtime/checkpoint.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "base/units.h"

namespace millrace {
namespace {

using Json = nlohmann::ordered_json;

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
Json Embedded(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json(text);
}

std::string Extracted(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
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
  Json json = Json::parse(text, nullptr, false);
  const auto damaged = [&](std::string_view what) {
    return Status::Permanent(
        fmt::format("checkpoint file {} is damaged ({}); remove it to go on from the checkpoint "
                    "before it (rows since then are loaded again), or start from nothing with "
                    "--fresh",
                    path, what));
  };
  if (!json.is_object()) return damaged("it is not JSON");
  for (const char* key : {"version", "checkpoint", "fingerprint", "plan", "sources", "sinks"}) {
    if (json.contains(key)) continue;
    if (json.contains("version") && json["version"] != kVersion) break;
    return damaged(fmt::format("\"{}\" is missing", key));
  }
  try {
    if (json["version"].get<int>() != kVersion) {
      return Status::Permanent(
          fmt::format("checkpoint file {} has version {}, this program reads {}", path,
                      json["version"].get<int>(), kVersion));
    }
    if (json["checkpoint"].get<uint64_t>() != number) {
      return damaged("its name does not fit the checkpoint in it");
    }
    if (check_plan && json["fingerprint"].get<std::string>() != fingerprint_) {
      return Status::Permanent(fmt::format(
          "the plan of job {} no longer fits its checkpoint {}:{}\nStart from nothing with "
          "--fresh, or give the new plan another 'pipeline.name'",
          Quoted(job_), path,
          Differences(json["plan"].get<std::vector<std::string>>(), fingerprint_lines_)));
    }
    // Every value is read once, so that a wrong kind of one is found here.
    for (const Json& source : json["sources"]) Extracted(source.at("position"));
    for (const Json& sink : json["sinks"]) {
      sink.at("table").get<std::string>();
      Extracted(sink.at("token"));
      sink.at("rows").get<int64_t>();
    }
    if (check_plan &&
        (json["sources"].size() != sources_.size() || json["sinks"].size() != sinks_.size())) {
      return damaged("it has another number of sources or sinks than its plan");
    }
  } catch (const Json::exception&) {
    return damaged("a value is missing or of the wrong kind");
  }
  return json;
}

Result<std::optional<Checkpoint>> CheckpointStore::Latest() const {
  MR_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, Numbers());
  if (numbers.empty()) return std::optional<Checkpoint>();
  MR_ASSIGN_OR_RETURN(const Json json, Read(numbers.back(), true));
  Checkpoint checkpoint;
  checkpoint.number = numbers.back();
  for (const Json& source : json["sources"]) {
    checkpoint.positions.push_back(Extracted(source["position"]));
  }
  for (const Json& sink : json["sinks"]) {
    checkpoint.tokens.push_back(Extracted(sink["token"]));
    checkpoint.rows.push_back(sink["rows"].get<int64_t>());
  }
  return std::optional<Checkpoint>(std::move(checkpoint));
}

Status CheckpointStore::Write(const Checkpoint& checkpoint) {
  const std::time_t now = clock_->WallMs() / 1000;
  Json sources = Json::array();
  for (size_t i = 0; i < sources_.size(); ++i) {
    sources.push_back({{"table", sources_[i]}, {"position", Embedded(checkpoint.positions[i])}});
  }
  Json sinks = Json::array();
  for (size_t i = 0; i < sinks_.size(); ++i) {
    sinks.push_back({{"table", sinks_[i]},
                     {"token", Embedded(checkpoint.tokens[i])},
                     {"rows", checkpoint.rows[i]}});
  }
  const Json json = {{"version", kVersion},
                     {"job", job_},
                     {"checkpoint", checkpoint.number},
                     {"time", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))},
                     {"sources", std::move(sources)},
                     {"sinks", std::move(sinks)},
                     {"fingerprint", fingerprint_},
                     {"plan", fingerprint_lines_}};
  MR_RETURN_IF_ERROR(files_->WriteAtomically(
      PathOf(checkpoint.number), json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"));
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
    for (const Json& sink : (*newest)["sinks"]) {
      const auto at = std::find(sinks_.begin(), sinks_.end(), sink["table"].get<std::string>());
      if (at != sinks_.end()) {
        checkpoint.tokens[static_cast<size_t>(at - sinks_.begin())] = Extracted(sink["token"]);
      }
    }
  }
  checkpoint.number = numbers.back() + 1;
  MR_RETURN_IF_ERROR(Write(checkpoint));
  return checkpoint;
}

}  // namespace millrace
