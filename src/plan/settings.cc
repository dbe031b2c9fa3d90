#include "plan/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace millrace {
namespace {

constexpr SettingSpec kSpecs[] = {
    {.key = "execution.checkpointing.interval",
     .kind = OptionKind::kDuration,
     .default_value = "10 s",
     .help = "How often rows become visible in the target."},
    {.key = "execution.checkpointing.dir", .help = "Folder of the checkpoint files."},
    {.key = "state.checkpoints.dir", .alias_of = "execution.checkpointing.dir"},
    {.key = "parallelism.default",
     .kind = OptionKind::kInteger,
     .default_value = "1",
     .help = "Connections a snapshot reads with and lanes a sink loads with."},
    {.key = "table.exec.resource.default-parallelism", .alias_of = "parallelism.default"},
    {.key = "pipeline.name", .help = "Name of the next jobs; their checkpoints are kept under it."},
    {.key = "table.local-time-zone",
     .default_value = "UTC",
     .help = "Zone in which TIMESTAMP_LTZ is shown: UTC or an offset such as +08:00."},
    {.key = "restart-strategy.type",
     .kind = OptionKind::kChoice,
     .default_value = "exponential-delay",
     .help = "What happens after a passing failure.",
     .choices = "none|off|disable|fixed-delay|fixeddelay|exponential-delay|exponentialdelay"},
    {.key = "restart-strategy", .alias_of = "restart-strategy.type"},
    {.key = "restart-strategy.fixed-delay.attempts",
     .kind = OptionKind::kInteger,
     .default_value = "1",
     .help = "Restarts in a row before a job is given up (fixed-delay)."},
    {.key = "restart-strategy.fixed-delay.delay",
     .kind = OptionKind::kDuration,
     .default_value = "1 s",
     .help = "Pause before a restart (fixed-delay)."},
    {.key = "restart-strategy.exponential-delay.initial-backoff",
     .kind = OptionKind::kDuration,
     .default_value = "1 s",
     .help = "First pause before a restart; it doubles from there."},
    {.key = "sql-client.execution.result-mode",
     .kind = OptionKind::kChoice,
     .default_value = "tableau",
     .help =
         "How streams are shown: as they come (tableau, changelog) or as a table kept up to date.",
     .choices = "table|changelog|tableau"},
    {.key = "sql-client.execution.max-table-result.rows",
     .kind = OptionKind::kInteger,
     .default_value = "1000000",
     .help = "Rows of a stream that are kept to be shown as a table."},
    {.key = "sql-client.display.print-time-cost",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help = "Whether the foot of a result tells how long it took."},
    {.key = "table.display.max-column-width",
     .kind = OptionKind::kInteger,
     .default_value = "30",
     .help = "Width at which text in a result is cut."},
    {.key = "sql-client.display.max-column-width", .alias_of = "table.display.max-column-width"},
    {.key = "millrace.result-layout",
     .kind = OptionKind::kChoice,
     .default_value = "tableau",
     .help = "How rows of results are laid out.",
     .choices = "tableau|vertical|csv|json"},
    {.key = "millrace.expand-variables",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Whether ${NAME} in statements is replaced from -D and the environment."},
    {.key = "table.dml-sync",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Whether an INSERT waits for the end of its job."},
    {.key = "millrace.strict-flink",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Refuse what Flink SQL would not accept."},
    {.key = "execution.runtime-mode", .ignored = true},
    {.key = "execution.checkpointing.mode", .ignored = true},
    {.key = "execution.checkpointing.timeout", .ignored = true},
    {.key = "execution.checkpointing.min-pause", .ignored = true},
    {.key = "execution.checkpointing.max-concurrent-checkpoints", .ignored = true},
    {.key = "execution.checkpointing.tolerable-failed-checkpoints", .ignored = true},
    {.key = "execution.checkpointing.externalized-checkpoint-retention", .ignored = true},
    {.key = "execution.checkpointing.unaligned", .ignored = true},
    {.key = "execution.checkpointing.unaligned.enabled", .ignored = true},
    {.key = "execution.checkpointing.num-retained", .ignored = true},
    {.key = "execution.checkpointing.storage", .ignored = true},
    {.key = "execution.target", .ignored = true},
    {.key = "state.backend", .ignored = true},
    {.key = "state.backend.type", .ignored = true},
    {.key = "pipeline.max-parallelism", .ignored = true},
    {.key = "pipeline.operator-chaining", .ignored = true},
    {.key = "pipeline.operator-chaining.enabled", .ignored = true},
    {.key = "pipeline.jars", .ignored = true},
    {.key = "table.sql-dialect", .ignored = true},
    {.key = "table.exec.mini-batch.enabled", .ignored = true},
    {.key = "table.exec.mini-batch.allow-latency", .ignored = true},
    {.key = "table.exec.mini-batch.size", .ignored = true},
    {.key = "table.exec.sink.upsert-materialize", .ignored = true},
    {.key = "table.exec.state.ttl", .ignored = true},
    {.key = "sql-client.verbose", .ignored = true},
    {.key = "sql-client.display.color-schema", .ignored = true},
    {.key = "sql-client.display.show-line-numbers", .ignored = true},
    {.key = "rest.address", .ignored = true},
    {.key = "rest.port", .ignored = true},
};

constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kMinuteUs = 60'000'000;
constexpr int64_t kParallelismMax = 64;
constexpr int64_t kIntervalMinMs = 10;
constexpr int64_t kColumnWidthMin = 6;
constexpr int64_t kColumnWidthMax = 1'000'000;

const SettingSpec* Find(std::string_view key) {
  const auto found = std::find_if(std::begin(kSpecs), std::end(kSpecs),
                                  [&](const SettingSpec& spec) { return spec.key == key; });
  if (found == std::end(kSpecs)) return nullptr;
  return found->alias_of.empty() ? &*found : Find(found->alias_of);
}

// What is wrong with a value; empty if nothing is.
std::string Complaint(const SettingSpec& spec, std::string_view value) {
  if (spec.key == "table.local-time-zone" && !ParseZoneOffsetUs(value)) {
    return "is not a time zone this engine knows: write UTC or an offset such as +08:00";
  }
  switch (spec.kind) {
    case OptionKind::kDuration: {
      const std::optional<int64_t> duration = ParseDurationMs(value);
      if (!duration) return "is not a duration: write a number and a unit, such as 10 s";
      if (spec.key == "execution.checkpointing.interval" && *duration < kIntervalMinMs) {
        return fmt::format("is too short: the least is {} ms", kIntervalMinMs);
      }
      return {};
    }
    case OptionKind::kInteger: {
      const std::optional<int64_t> number = ParseInteger(Trim(value));
      if (!number) return "is not an integer";
      if (spec.key == "parallelism.default" && (*number < 1 || *number > kParallelismMax)) {
        return fmt::format("is out of range: 1 to {}", kParallelismMax);
      }
      if (spec.key == "table.display.max-column-width" &&
          (*number < kColumnWidthMin || *number > kColumnWidthMax)) {
        return fmt::format("is out of range: {} to {}", kColumnWidthMin, kColumnWidthMax);
      }
      return {};
    }
    case OptionKind::kBoolean:
      return ParseBoolean(Trim(value)) ? "" : "is neither true nor false";
    case OptionKind::kChoice: {
      const std::vector<std::string> choices = Split(spec.choices, '|');
      for (const std::string& choice : choices) {
        if (EqualsIgnoreCase(choice, value)) return {};
      }
      return "must be one of " + Join(choices, ", ");
    }
    default:
      return {};
  }
}

}  // namespace

std::span<const SettingSpec> SettingSpecs() { return kSpecs; }

bool Settings::Set(std::string_view key, std::string_view value, Span key_span, Span value_span,
                   Diagnostics* diagnostics) {
  const SettingSpec* spec = Find(key);
  if (spec == nullptr || spec->ignored) {
    std::vector<std::string> keys;
    for (const SettingSpec& known : kSpecs) keys.emplace_back(known.key);
    diagnostics->push_back(
        {key_span,
         fmt::format("setting {} {}", Quoted(key),
                     spec == nullptr ? "is not known and has no effect" : "has no effect here"),
         spec == nullptr ? DidYouMean(key, keys) : "", Severity::kWarning});
    values_[std::string(key)] = value;
    return true;
  }
  const std::string complaint = Complaint(*spec, value);
  if (!complaint.empty()) {
    diagnostics->push_back(
        {value_span,
         fmt::format("the value {} of setting {} {}", Quoted(value), Quoted(key), complaint), ""});
    return false;
  }
  values_[std::string(spec->key)] = value;
  return true;
}

void Settings::Reset(std::string_view key) {
  const SettingSpec* spec = Find(key);
  const auto entry = values_.find(spec == nullptr ? key : spec->key);
  if (entry != values_.end()) values_.erase(entry);
}

std::string Settings::Text(std::string_view key) const {
  const auto entry = values_.find(key);
  if (entry != values_.end()) return entry->second;
  const SettingSpec* spec = Find(key);
  return spec == nullptr ? "" : std::string(spec->default_value);
}

bool Settings::Boolean(std::string_view key) const {
  return ParseBoolean(Trim(Text(key))).value_or(false);
}

void Settings::ApplyTo(Plan* plan) const {
  plan->checkpoint_interval_ms =
      ParseDurationMs(Text("execution.checkpointing.interval")).value_or(0);
  plan->checkpoint_dir = Text("execution.checkpointing.dir");
  constexpr std::string_view kFileScheme = "file://";
  if (plan->checkpoint_dir.starts_with(kFileScheme))
    plan->checkpoint_dir.erase(0, kFileScheme.size());
  plan->parallelism = static_cast<int>(ParseInteger(Trim(Text("parallelism.default"))).value_or(1));
  plan->time_zone = Text("table.local-time-zone");
  const std::string strategy = ToLower(Text("restart-strategy.type"));
  plan->restart_attempts = -1;
  plan->restart_delay_ms =
      ParseDurationMs(Text("restart-strategy.exponential-delay.initial-backoff")).value_or(1000);
  if (strategy == "none" || strategy == "off" || strategy == "disable") plan->restart_attempts = 0;
  if (strategy.starts_with("fixed")) {
    plan->restart_attempts =
        ParseInteger(Trim(Text("restart-strategy.fixed-delay.attempts"))).value_or(1);
    plan->restart_delay_ms =
        ParseDurationMs(Text("restart-strategy.fixed-delay.delay")).value_or(1000);
  }
}

std::optional<int64_t> ParseZoneOffsetUs(std::string_view zone) {
  zone = Trim(zone);
  if (EqualsIgnoreCase(zone, "default") || EqualsIgnoreCase(zone, "UTC") ||
      EqualsIgnoreCase(zone, "Z") || EqualsIgnoreCase(zone, "GMT")) {
    return 0;
  }
  for (const std::string_view prefix : {"UTC", "GMT"}) {
    if (zone.size() > prefix.size() && EqualsIgnoreCase(zone.substr(0, prefix.size()), prefix)) {
      zone.remove_prefix(prefix.size());
      break;
    }
  }
  if (zone.size() < 2 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const int64_t sign = zone[0] == '-' ? -1 : 1;
  const std::vector<std::string> parts = Split(zone.substr(1), ':');
  const auto part = [&](size_t i) -> std::optional<int64_t> {
    if (i >= parts.size()) return 0;
    if (parts[i].empty() || parts[i].size() > 2 || parts[i][0] == '-' || parts[i][0] == '+') {
      return std::nullopt;
    }
    return ParseInteger(parts[i]);
  };
  const std::optional<int64_t> hours = part(0);
  const std::optional<int64_t> minutes = part(1);
  if (parts.size() > 2 || !hours || !minutes || *hours > 18 || *minutes > 59) return std::nullopt;
  return sign * (*hours * kHourUs + *minutes * kMinuteUs);
}

}  // namespace millrace
