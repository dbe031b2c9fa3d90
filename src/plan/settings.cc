#include "plan/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/suggest.h"
#include "base/time_zone.h"
#include "base/units.h"

namespace millrace {
namespace {

constexpr SettingSpec kSpecs[] = {
    // Checkpoints.
    {.key = "execution.checkpointing.interval",
     .kind = OptionKind::kDuration,
     .default_value = "10 s",
     .help = "How often rows become visible in the target.",
     .least = 10},
    {.key = "execution.checkpointing.min-pause",
     .kind = OptionKind::kDuration,
     .default_value = "0 ms",
     .help = "Least time between the end of a checkpoint and the next one."},
    {.key = "execution.checkpointing.dir", .help = "Folder of the checkpoint files."},
    {.key = "state.checkpoints.dir", .alias_of = "execution.checkpointing.dir"},
    {.key = "execution.checkpointing.num-retained",
     .kind = OptionKind::kInteger,
     .default_value = "3",
     .help = "Checkpoint files of a job that are kept; only the newest one counts.",
     .least = 1},
    {.key = "state.checkpoints.num-retained", .alias_of = "execution.checkpointing.num-retained"},
    {.key = "execution.checkpointing.mode",
     .choices = "EXACTLY_ONCE|AT_LEAST_ONCE",
     .satisfied_by = "EXACTLY_ONCE"},
    {.key = "execution.checkpointing.consistency.mode", .alias_of = "execution.checkpointing.mode"},
    {.key = "execution.checkpointing.externalized-checkpoint-retention",
     .choices = "DELETE_ON_CANCELLATION|RETAIN_ON_CANCELLATION|NO_EXTERNALIZED_CHECKPOINTS",
     .satisfied_by = "RETAIN_ON_CANCELLATION"},
    {.key = "execution.checkpointing.timeout", .kind = OptionKind::kDuration, .ignored = true},
    {.key = "execution.checkpointing.max-concurrent-checkpoints",
     .kind = OptionKind::kInteger,
     .satisfied_by = "1"},
    {.key = "execution.checkpointing.tolerable-failed-checkpoints",
     .kind = OptionKind::kInteger,
     .ignored = true},
    {.key = "execution.checkpointing.unaligned.enabled",
     .kind = OptionKind::kBoolean,
     .ignored = true},
    {.key = "execution.checkpointing.unaligned",
     .alias_of = "execution.checkpointing.unaligned.enabled"},
    {.key = "execution.checkpointing.aligned-checkpoint-timeout",
     .kind = OptionKind::kDuration,
     .ignored = true},
    {.key = "execution.checkpointing.savepoint-dir", .ignored = true},
    {.key = "state.savepoints.dir", .alias_of = "execution.checkpointing.savepoint-dir"},
    {.key = "execution.checkpointing.storage", .satisfied_by = "filesystem"},
    {.key = "state.checkpoint-storage", .alias_of = "execution.checkpointing.storage"},
    {.key = "execution.checkpointing.incremental", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "state.backend.incremental", .alias_of = "execution.checkpointing.incremental"},
    {.key = "state.backend.type", .ignored = true},
    {.key = "state.backend", .alias_of = "state.backend.type"},
    {.key = "execution.state-recovery.path", .ignored = true},
    {.key = "execution.savepoint.path", .alias_of = "execution.state-recovery.path"},
    {.key = "execution.state-recovery.claim-mode", .ignored = true},
    {.key = "execution.savepoint-restore-mode", .alias_of = "execution.state-recovery.claim-mode"},
    {.key = "execution.state-recovery.ignore-unclaimed-state", .ignored = true},
    {.key = "execution.savepoint.ignore-unclaimed-state",
     .alias_of = "execution.state-recovery.ignore-unclaimed-state"},

    // Jobs.
    {.key = "parallelism.default",
     .kind = OptionKind::kInteger,
     .default_value = "1",
     .help = "Connections a snapshot reads with and lanes a sink loads with.",
     .least = 1,
     .most = 64},
    {.key = "table.exec.resource.default-parallelism", .alias_of = "parallelism.default"},
    {.key = "pipeline.name", .help = "Name of the next jobs; their checkpoints are kept under it."},
    {.key = "execution.runtime-mode",
     .choices = "STREAMING|BATCH|AUTOMATIC",
     .satisfied_by = "STREAMING"},
    {.key = "execution.target", .ignored = true},
    {.key = "rest.address", .ignored = true},
    {.key = "rest.port", .ignored = true},
    {.key = "restart-strategy.type",
     .kind = OptionKind::kChoice,
     .default_value = "exponential-delay",
     .help = "What happens after a passing failure.",
     .choices = "none|off|disable|fixed-delay|fixeddelay|failure-rate|failurerate|"
                "exponential-delay|exponentialdelay"},
    {.key = "restart-strategy", .alias_of = "restart-strategy.type"},
    {.key = "restart-strategy.fixed-delay.attempts",
     .kind = OptionKind::kInteger,
     .default_value = "1",
     .help = "Restarts in a row before a job is given up (fixed-delay)."},
    {.key = "restart-strategy.fixed-delay.delay",
     .kind = OptionKind::kDuration,
     .default_value = "1 s",
     .help = "Pause before a restart (fixed-delay)."},
    {.key = "restart-strategy.failure-rate.max-failures-per-interval",
     .kind = OptionKind::kInteger,
     .default_value = "1",
     .help = "Failures within the interval before a job is given up (failure-rate)."},
    {.key = "restart-strategy.failure-rate.failure-rate-interval",
     .kind = OptionKind::kDuration,
     .default_value = "1 min",
     .help = "The interval in which failures are counted (failure-rate)."},
    {.key = "restart-strategy.failure-rate.delay",
     .kind = OptionKind::kDuration,
     .default_value = "1 s",
     .help = "Pause before a restart (failure-rate)."},
    {.key = "restart-strategy.exponential-delay.initial-backoff",
     .kind = OptionKind::kDuration,
     .default_value = "1 s",
     .help = "First pause before a restart (exponential-delay)."},
    {.key = "restart-strategy.exponential-delay.max-backoff",
     .kind = OptionKind::kDuration,
     .default_value = "1 min",
     .help = "Longest pause before a restart (exponential-delay)."},
    {.key = "restart-strategy.exponential-delay.backoff-multiplier",
     .kind = OptionKind::kDouble,
     .default_value = "2.0",
     .help = "What a pause grows by from restart to restart (exponential-delay)."},
    {.key = "restart-strategy.exponential-delay.reset-backoff-threshold", .ignored = true},
    {.key = "restart-strategy.exponential-delay.jitter-factor", .ignored = true},
    {.key = "restart-strategy.exponential-delay.attempts-before-reset-backoff", .ignored = true},

    // The meaning of statements.
    {.key = "table.local-time-zone",
     .default_value = "default",
     .help =
         "Zone in which TIMESTAMP_LTZ is shown: default (the machine's), UTC, an offset such as "
         "+08:00, or a name such as Asia/Shanghai."},
    {.key = "table.dynamic-table-options.enabled",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help = "Whether OPTIONS hints behind a table's name are taken."},
    {.key = "table.column-expansion-strategy",
     .help =
         "Which virtual metadata columns * leaves out: EXCLUDE_ALIASED_VIRTUAL_METADATA_COLUMNS, "
         "EXCLUDE_DEFAULT_VIRTUAL_METADATA_COLUMNS, both with ; between, or none."},
    {.key = "table.exec.sink.not-null-enforcer",
     .kind = OptionKind::kChoice,
     .default_value = "ERROR",
     .help = "What a NULL for a NOT NULL column does: the job fails, or the row is left out.",
     .choices = "ERROR|DROP"},
    {.key = "table.exec.sink.type-length-enforcer",
     .kind = OptionKind::kChoice,
     .default_value = "IGNORE",
     .help =
         "What a text or binary value that is too long or too short does: nothing, it is cut or "
         "padded, or the job fails.",
     .choices = "IGNORE|TRIM_PAD|ERROR"},
    {.key = "table.exec.legacy-cast-behaviour",
     .kind = OptionKind::kChoice,
     .default_value = "DISABLED",
     .help = "ENABLED: CAST gives NULL where it would fail, as TRY_CAST does.",
     .choices = "ENABLED|DISABLED"},
    {.key = "table.sql-dialect",
     .kind = OptionKind::kChoice,
     .default_value = "default",
     .help = "The dialect of the statements; there is one.",
     .choices = "default"},
    {.key = "table.dml-sync",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Whether an INSERT is waited for before the next statement."},
    {.key = "millrace.strict-flink",
     .kind = OptionKind::kBoolean,
     .default_value = "false",
     .help = "Refuse what Flink SQL would not accept."},
    {.key = "table.exec.sink.nested-constraint-enforcer", .ignored = true},
    {.key = "table.exec.sink.upsert-materialize",
     .choices = "AUTO|NONE|FORCE",
     .satisfied_by = "NONE"},
    {.key = "table.exec.sink.keyed-shuffle", .choices = "AUTO|NONE|FORCE", .satisfied_by = "AUTO"},
    {.key = "table.exec.sink.require-on-conflict",
     .kind = OptionKind::kBoolean,
     .satisfied_by = "false"},
    {.key = "table.exec.source.cdc-events-duplicate",
     .kind = OptionKind::kBoolean,
     .satisfied_by = "false"},
    {.key = "table.exec.source.idle-timeout", .kind = OptionKind::kDuration, .ignored = true},
    {.key = "table.exec.state.ttl", .kind = OptionKind::kDuration, .ignored = true},
    {.key = "table.exec.mini-batch.enabled", .kind = OptionKind::kBoolean, .satisfied_by = "false"},
    {.key = "table.exec.mini-batch.allow-latency", .kind = OptionKind::kDuration, .ignored = true},
    {.key = "table.exec.mini-batch.size", .kind = OptionKind::kInteger, .ignored = true},
    {.key = "table.exec.async-lookup.*", .ignored = true},
    {.key = "table.optimizer.*", .ignored = true},
    {.key = "table.rtas-ctas.atomicity-enabled", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "pipeline.*", .ignored = true},
    {.key = "taskmanager.*", .ignored = true},
    {.key = "jobmanager.*", .ignored = true},
    {.key = "python.*", .ignored = true},
    {.key = "metrics.*", .ignored = true},

    // What the shell shows, and what scripts may hold.
    {.key = "sql-client.execution.result-mode",
     .kind = OptionKind::kChoice,
     .default_value = "tableau",
     .help =
         "How streams are shown: as they come (tableau, changelog) or as a table kept up to date.",
     .choices = "table|changelog|tableau"},
    {.key = "sql-client.execution.max-table-result.rows",
     .kind = OptionKind::kInteger,
     .default_value = "1000000",
     .help = "Rows of a stream that are kept to be shown as a table.",
     .least = 1},
    {.key = "sql-client.display.print-time-cost",
     .kind = OptionKind::kBoolean,
     .default_value = "true",
     .help = "Whether the foot of a result tells how long it took."},
    {.key = "table.display.max-column-width",
     .kind = OptionKind::kInteger,
     .default_value = "30",
     .help = "Width at which text in a result is cut.",
     .least = 6,
     .most = 1'000'000},
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
    {.key = "sql-client.verbose", .kind = OptionKind::kBoolean, .ignored = true},
    {.key = "sql-client.display.color-schema", .ignored = true},
    {.key = "sql-client.display.show-line-numbers", .kind = OptionKind::kBoolean, .ignored = true},
};

const SettingSpec* Find(std::string_view key) {
  const auto found =
      std::find_if(std::begin(kSpecs), std::end(kSpecs), [&](const SettingSpec& spec) {
        const bool family = spec.key.ends_with('*');
        return family ? key.starts_with(spec.key.substr(0, spec.key.size() - 1)) : spec.key == key;
      });
  if (found == std::end(kSpecs)) return nullptr;
  return found->alias_of.empty() ? &*found : Find(found->alias_of);
}

// The key under which a value is kept: one for all spellings of a setting.
std::string StoredKey(std::string_view key) {
  const SettingSpec* spec = Find(key);
  const bool family = spec != nullptr && spec->key.ends_with('*');
  return std::string(spec == nullptr || family ? key : spec->key);
}

// The scheme of a checkpoint folder that is not a local path, such as "hdfs"; empty for a path and
// file:///path.
std::string_view ForeignScheme(std::string_view folder) {
  const size_t colon = folder.find(":/");
  if (colon == std::string_view::npos || colon < 2) return {};
  const std::string_view scheme = folder.substr(0, colon);
  const bool is_scheme = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.';
  });
  return is_scheme && !EqualsIgnoreCase(scheme, "file") ? scheme : std::string_view();
}

// A path without the scheme of local files: file:/a and file:///a are /a.
std::string LocalFolder(std::string folder) {
  constexpr std::string_view kScheme = "file:";
  constexpr std::string_view kNoHost = "//";
  if (!EqualsIgnoreCase(std::string_view(folder).substr(0, kScheme.size()), kScheme)) return folder;
  folder.erase(0, kScheme.size());
  if (folder.starts_with(kNoHost)) folder.erase(0, kNoHost.size());
  return folder;
}

// What is wrong with a value; empty if nothing is.
std::string Complaint(const SettingSpec& spec, std::string_view value) {
  if (spec.key == "table.local-time-zone" && !TimeZone::Parse(value)) {
    return "is not a time zone: write UTC, an offset such as +08:00, or a name such as "
           "Asia/Shanghai";
  }
  if (spec.key == "execution.checkpointing.dir" && !ForeignScheme(value).empty()) {
    return fmt::format("is on {}, which is not supported: write a local path or file:///path",
                       ForeignScheme(value));
  }
  switch (spec.kind) {
    case OptionKind::kDuration: {
      const std::optional<int64_t> duration = ParseDurationMs(value);
      if (!duration) return "is not a duration: write a number and a unit, such as 10 s";
      if (*duration < spec.least)
        return fmt::format("is too short: the least is {} ms", spec.least);
      return {};
    }
    case OptionKind::kInteger: {
      const std::optional<int64_t> number = ParseInteger(Trim(value));
      if (!number) return "is not an integer";
      if (*number < spec.least || *number > spec.most) {
        return spec.most == INT64_MAX
                   ? fmt::format("is out of range: at least {}", spec.least)
                   : fmt::format("is out of range: {} to {}", spec.least, spec.most);
      }
      return {};
    }
    case OptionKind::kBoolean:
      return ParseBoolean(Trim(value)) ? "" : "is neither true nor false";
    case OptionKind::kDouble: {
      double number = 0;
      const std::string_view text = Trim(value);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      const bool whole = error == std::errc() && end == text.data() + text.size();
      return whole && number >= 1 ? "" : "is not a number of at least 1";
    }
    case OptionKind::kText:
      if (spec.choices.empty()) return {};
      [[fallthrough]];
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
  if (spec == nullptr) {
    std::vector<std::string> keys;
    for (const SettingSpec& known : kSpecs) keys.emplace_back(known.key);
    diagnostics->push_back({key_span,
                            fmt::format("setting {} is not known and has no effect", Quoted(key)),
                            DidYouMean(key, keys), Severity::kWarning});
    if (!KeepFixed(std::string(key), value, key_span, diagnostics)) {
      values_[std::string(key)] = value;
    }
    return true;
  }
  const std::string complaint = Complaint(*spec, value);
  if (!complaint.empty()) {
    diagnostics->push_back(
        {value_span,
         fmt::format("the value {} of setting {} {}", Quoted(value), Quoted(key), complaint), ""});
    return false;
  }
  const bool without_effect = spec->ignored || !spec->satisfied_by.empty();
  if (without_effect && !EqualsIgnoreCase(value, spec->satisfied_by) &&
      warned_.insert(std::string(key)).second) {
    diagnostics->push_back({key_span, fmt::format("setting {} has no effect here", Quoted(key)), "",
                            Severity::kWarning});
  }
  const std::string stored = StoredKey(key);
  if (!KeepFixed(stored, value, key_span, diagnostics)) values_[stored] = value;
  return true;
}

// True if the value of -D stays.
bool Settings::KeepFixed(const std::string& key, std::string_view value, Span span,
                         Diagnostics* diagnostics) {
  if (!fixed_.contains(key)) return false;
  if (values_[key] != value && warned_.insert(key).second) {
    diagnostics->push_back(
        {span, fmt::format("setting {} keeps the value given with -D", Quoted(key)),
         fmt::format("Leave out -D {} to use the value of the script.", key), Severity::kWarning});
  }
  return true;
}

bool Settings::Fix(std::string_view key, std::string_view value, Diagnostics* diagnostics) {
  const std::string stored = StoredKey(key);
  const bool was_fixed = fixed_.erase(stored) > 0;  // of -D twice the last one counts
  const bool accepted = Set(key, value, {}, {}, diagnostics);
  if (accepted || was_fixed) fixed_.insert(stored);
  return accepted;
}

void Settings::Reset(std::string_view key) {
  const std::string stored = StoredKey(key);
  if (!fixed_.contains(stored)) values_.erase(stored);
}

void Settings::ResetAll() {
  std::erase_if(values_, [&](const auto& entry) { return !fixed_.contains(entry.first); });
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
  const auto duration_ms = [&](std::string_view key) {
    return ParseDurationMs(Text(key)).value_or(0);
  };
  plan->checkpoint_interval_ms = std::max(duration_ms("execution.checkpointing.interval"),
                                          duration_ms("execution.checkpointing.min-pause"));
  plan->checkpoints_retained = static_cast<int>(
      ParseInteger(Trim(Text("execution.checkpointing.num-retained"))).value_or(1));
  plan->checkpoint_dir = LocalFolder(Text("execution.checkpointing.dir"));
  plan->parallelism = static_cast<int>(ParseInteger(Trim(Text("parallelism.default"))).value_or(1));
  plan->time_zone = Text("table.local-time-zone");
  const std::string strategy = ToLower(Text("restart-strategy.type"));
  const auto integer = [&](std::string_view key) {
    return ParseInteger(Trim(Text(key))).value_or(1);
  };
  RestartStrategy& restart = plan->restart;
  restart = {};
  if (strategy.starts_with("exponential")) {
    restart.delay_ms = duration_ms("restart-strategy.exponential-delay.initial-backoff");
    restart.delay_max_ms = duration_ms("restart-strategy.exponential-delay.max-backoff");
    restart.multiplier =
        std::strtod(Text("restart-strategy.exponential-delay.backoff-multiplier").c_str(), nullptr);
  } else if (strategy.starts_with("fixed")) {
    restart.attempts = integer("restart-strategy.fixed-delay.attempts");
    restart.delay_ms = restart.delay_max_ms = duration_ms("restart-strategy.fixed-delay.delay");
    restart.multiplier = 1;
  } else if (strategy.starts_with("failure")) {
    restart.attempts = integer("restart-strategy.failure-rate.max-failures-per-interval");
    restart.window_ms = duration_ms("restart-strategy.failure-rate.failure-rate-interval");
    restart.delay_ms = restart.delay_max_ms = duration_ms("restart-strategy.failure-rate.delay");
    restart.multiplier = 1;
  } else {
    restart.attempts = 0;
  }
}

}  // namespace millrace
